"""A small set of commands that uses everything a page can show, for the tests of the page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol

from pydantic import SecretStr

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Audience, Reply
from bot.core.chat.cards import (
    PICKED,
    Bold,
    Button,
    ButtonStyle,
    Card,
    Choice,
    Code,
    Field,
    Fields,
    File,
    Gallery,
    Link,
    Media,
    Picker,
    Progress,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Action, Catalogue, Command, Effect, Group, NoArgs, Option
from bot.core.errors import OutOfCredits, UsageError
from bot.core.messages.message import msg
from bot.core.ports import Access, ButtonStates
from bot.core.x.references import TweetRef, Username
from bot.features.help.commands import help_group
from bot.features.help.offers import OFFERS

POST = "test.post"
NOW = 1_700_000_000.0


class Languages(Protocol):
    """Keeps in which language people are spoken to."""

    async def put(self, tenant: TenantId, subject: str, language: str) -> None: ...


@dataclass
class Services:
    """What the commands run with. gate: `slow run` waits for it after its first progress."""

    states: ButtonStates
    grants: Access
    languages: Languages
    pictures: str = "https://pictures.invalid"
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    posted: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Options of `draw run`."""

    tweet: Annotated[str, Option("The tweet whose replies take part", main=True)]
    winners: Annotated[int, Option("How many winners", ge=1, le=100)] = 1
    unique: Annotated[bool, Option("One entry a person")] = True
    channel: Annotated[ChannelRef | None, Option("Where to announce it")] = None
    must_follow: Annotated[Username | None, Option("Only people who follow this account")] = None
    least_followers: Annotated[int, Option("Only people with so many followers", ge=0)] = 0
    language: Annotated[str | None, Option("Only replies in this language")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Options of `trends show`."""

    region: Annotated[Literal["Worldwide", "US", "Japan"], Option("The region", main=True)] = "Worldwide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Options of `tweet post`."""

    text: Annotated[str, Option("What to post", main=True, paragraph=True, max_length=280)]
    account: Annotated[Username | None, Option("Which account posts it", suggest="accounts")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """Options of `media get`."""

    tweets: Annotated[tuple[TweetRef, ...], Option("Whose media", main=True)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Options of `tweet show`."""

    tweet: Annotated[TweetRef, Option("The tweet", main=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Options of `setup key`."""

    key: Annotated[SecretStr, Option("The API key")]


async def draw(call: Call[Services], args: Draw) -> Answer:
    """Winners, in a table."""
    rows = tuple(
        (f"{n}", Link(f"@winner_{n}", f"https://x.com/winner_{n}"), "“Count me in!”") for n in (1, 2, 3)
    )
    return Reply(
        Card(
            f"{args.winners} winners drawn",
            (
                Text(
                    line(
                        "Winners of the giveaway by ",
                        Bold("@xquik"),
                        ", drawn ",
                        Timestamp(NOW, relative=True),
                        ".",
                    )
                ),
                Table(
                    ("#", "Winner", "Entry"), tuple(tuple((cell,) for cell in row) for row in rows), total=8
                ),
                Fields(
                    (
                        Field("Replies inspected", ("412 of 418",)),
                        Field("Valid entries", ("397",)),
                        Field("Filters", ("unique authors",)),
                    )
                ),
                Text(line("Anyone can check it with ", Code("draw show dr_71f3"), "."), subtle=True),
            ),
            Tone.SUCCESS,
            (
                Button("Export as CSV", ActionRef("test.export", "dr"), style=ButtonStyle.PRIMARY),
                Button("Open on X", url="https://x.com/xquik/status/1"),
            ),
        )
    )


async def trends(call: Call[Services], args: Trends) -> Answer:
    """One public line."""
    again = Button("Ask X again", ActionRef("test.again", args.region))
    return Reply(Card(f"Trending in {args.region}", (Text(line("1. #Artemis")),), Tone.INFO, (again,)))


async def post(call: Call[Services], args: Post) -> Answer:
    """A private preview with buttons whose state is stored."""
    key = await call.services.states.keep(call.tenant, POST, {"text": args.text}, lifetime=900)
    return Reply(
        Card(
            "Post this to X?",
            (
                Quote(args.text, author="Xquik · @xquik"),
                Fields((Field("Account", ("@xquik",)), Field("Estimated cost", ("30 credits",)))),
            ),
            Tone.INFO,
            (
                Button("Confirm", ActionRef(POST, key), style=ButtonStyle.PRIMARY),
                Button("Discard", ActionRef("test.discard", key)),
            ),
        )
    )


async def media(call: Call[Services], args: Medium) -> Answer:
    """Six pictures."""
    items = tuple(Media(f"{call.services.pictures}/{n}.svg", f"Nebula number {n}") for n in range(1, 7))
    return Reply(Card("6 pictures in 2 tweets", (Gallery(items, "https://xquik.com/g/abc"),)))


async def slow(call: Call[Services], args: NoArgs) -> Answer:
    """Says how far it is, then waits to be let go."""
    await call.progress(Card("Downloading media", (Progress(1, 4, "Tweets"),)))
    await call.services.gate.wait()
    return Reply(Card("All of it is here", (), Tone.SUCCESS))


async def show(call: Call[Services], args: Shown) -> Answer:
    """Which tweet it is."""
    quote = Quote("Liftoff", url=args.tweet.url)
    return Reply(Card("A tweet", (Text(line(f"Tweet {args.tweet.id}")), quote), Tone.INFO))


async def broke(call: Call[Services], args: NoArgs) -> Answer:
    """Fails in words."""
    raise OutOfCredits("The account has 2 credits, and this needs 30.")


async def store_key(call: Call[Services], args: Key) -> Answer:
    """Takes keys that begin with xq_."""
    if not args.key.get_secret_value().startswith("xq_"):
        raise UsageError("key is not an Xquik key: those begin with xq_.", option="key")
    call.services.keys.append(args.key.get_secret_value())
    return Reply(Card("The key is stored", (), Tone.SUCCESS))


async def hostile(call: Call[Services], args: NoArgs) -> Answer:
    """Everything an attacker could put into a tweet."""
    image = "<img src=x onerror=\"window.owned='img'\">"
    script = "<script>window.owned='script'</script> @everyone <!channel> **bold** [x](javascript:alert(1))"
    bad = "javascript:window.owned='link'"
    return Reply(
        Card(
            image,
            (
                Quote(script, author=image, author_url=bad, avatar_url=bad, url=bad),
                Text(line(Link("a link", bad), " ", Link("another", "data:text/html,<script>1</script>"))),
                Fields((Field(image, (Code(image), Bold(image))),)),
                Table((image,), (((image,),),)),
                Gallery((Media(bad, image),), more_url=bad),
            ),
            Tone.WARNING,
            (Button(image, url=bad),),
        )
    )


async def confirmed(call: Call[Services], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """What Confirm does: the preview turns into the outcome."""
    call.services.posted.append(state["text"])
    return Reply(Card("Posted to X", (Quote(state["text"]),), Tone.SUCCESS), replace=True)


async def discarded(call: Call[Services], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """What Discard does."""
    return Reply(Card("Nothing was posted", ()), replace=True)


async def exported(call: Call[Services], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """What Export does: a private message with a file."""
    return Reply(
        Card("The winners, as a file"), (File("winners.csv", "text/csv", b"position,user\n1,winner_1\n"),)
    )


async def asked_again(call: Call[Services], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """What "Ask X again" does: a private message, when it is let go."""
    await call.services.gate.wait()
    return Reply(Card(f"Nothing new in {state['key']}"))


async def choosing(call: Call[Services], args: NoArgs) -> Answer:
    """A message with a menu in it."""
    return Reply(_choice("xquik"))


async def chosen(call: Call[Services], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
    """What a choice does: the message says what was chosen."""
    return Reply(_choice(values[PICKED]), replace=True)


def _choice(value: str) -> Card:
    offered = (Choice("@xquik", "xquik"), Choice("@nasa", "nasa"))
    shown = Fields((Field("Account", (f"@{value}",)),))
    return Card("Who acts?", (shown, Picker(ActionRef("test.choose", "c"), "Act as", offered, value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Options of `me language`."""

    language: Annotated[str, Option("The language", main=True)]


async def speak(call: Call[Services], args: Speak) -> Answer:
    """Sets the language of a person."""
    invocation = call.invocation
    await call.services.languages.put(invocation.place.tenant, invocation.actor.id, args.language)
    return Reply(Card(msg("You are spoken to in another language now")))


async def accounts(call: Call[Services], typed: str) -> tuple[Choice, ...]:
    """Values for `account`."""
    return tuple(Choice(name, name) for name in ("nasa", "nasa_hubble", "xquik") if name.startswith(typed))


def _command(
    path: str,
    summary: str,
    args: type[Any],
    run: Any,
    *,
    needs: Permission = Permission.USE,
    audience: Audience = Audience.CHANNEL,
    form_first: bool = False,
    example: str = "",
) -> Command[Any]:
    return Command(
        tuple(path.split()),
        summary,
        args,
        run,
        Effect.READ,
        needs,
        audience,
        (example or path,),
        needs_key=False,
        form_first=form_first,
    )


def catalogue() -> Catalogue:
    """The commands, in the shape the real ones have, and the real `help`."""
    private = Audience.PRIVATE
    known = Catalogue(
        (
            help_group(lambda: known),
            Group(
                "draw",
                "Giveaways among the replies to a tweet",
                (
                    _command(
                        "draw run",
                        "Draw winners among the replies",
                        Draw,
                        draw,
                        example="draw run https://x.com/xquik/status/1893456789012345678 winners:3",
                    ),
                ),
            ),
            Group(
                "trends",
                "What people are talking about on X",
                (
                    _command(
                        "trends show",
                        "What is trending in a region",
                        Trends,
                        trends,
                        example="trends region:US",
                    ),
                ),
                default="show",
            ),
            Group(
                "media",
                "Pictures and videos of tweets",
                (
                    _command("media get", "Download the media of a tweet", Medium, media),
                    _command("media slow", "Download a lot", NoArgs, slow),
                ),
                default="get",
            ),
            Group(
                "tweet",
                "Write posts on X",
                (
                    _command(
                        "tweet post",
                        "Post to X, after you confirmed it",
                        Post,
                        post,
                        needs=Permission.PUBLISH,
                        audience=private,
                        example='tweet post "Good morning"',
                    ),
                    _command(
                        "tweet show", "Show a tweet", Shown, show, needs=Permission.SPEND, audience=private
                    ),
                ),
            ),
            Group(
                "credits",
                "Credits of the account",
                (
                    _command("credits show", "What is left", NoArgs, broke, audience=private),
                    _command("credits choose", "Who pays", NoArgs, choosing),
                    _command("credits hostile", "What attackers write", NoArgs, hostile),
                ),
                default="show",
            ),
            Group(
                "setup",
                "Keys and set-up",
                (
                    _command(
                        "setup key",
                        "Store the API key",
                        Key,
                        store_key,
                        needs=Permission.MANAGE,
                        audience=private,
                        form_first=True,
                    ),
                ),
            ),
            Group(
                "me",
                "What is yours alone",
                (_command("me language", "Be spoken to in a language", Speak, speak, audience=private),),
            ),
        ),
        actions=(
            Action(POST, confirmed, Permission.PUBLISH, needs_key=False),
            Action("test.discard", discarded, Permission.USE, needs_key=False, stored=False),
            Action("test.again", asked_again, Permission.USE, needs_key=False, stored=False),
            Action("test.choose", chosen, Permission.USE, needs_key=False, stored=False),
            Action("test.export", exported, Permission.USE, needs_key=False, stored=False),
        ),
        suggestions={"accounts": accounts},
        offers=OFFERS,
    )
    return known


TENANT = TenantId("playground", "demo")

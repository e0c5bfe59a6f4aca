"""Nothing that Confirm sends is hidden: each leaf of the payload of each kind, as its command made it, stands
in what each platform draws of the preview, or in the file beside it, also where it is hostile or longer than
a message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from bot.cards.spending import question_card
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.chat.whole import PREVIEW_FILE
from bot.core.commands.spending import SpendingQuestion
from bot.core.routes import route_json
from bot.core.routes.event_words import kind_words
from bot.core.text.invisible import marked
from bot.features.catalogue import PROPOSAL_KINDS, catalogue
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.i18n.translator import ENGLISH_TRANSLATOR
from bot.proposals.kinds import ProposalKind
from tests.contracts.screens import Drawn, Screen, letters
from tests.contracts.test_decisions_contract import held, own_is_there
from tests.features.conftest import empty_bot
from tests.features.edge import Screen as Edge
from tests.features.edge import ref_of
from tests.features.examples import begun
from tests.features.harness import HERE, TWEET, BotHarness, open_house
from tests.features.test_every_kind import FIRST, LINES, TICKET

__all__ = ["empty_bot"]

HOSTILE: Final = (
    "*bold* _it_ ~gone~ `code` ||spoiler|| [a link](https://evil.example/x) <https://evil.example/y|here> "
    "<@U1> <!channel> @everyone &lt; 1\u202e.dlrow\u202c pay\u200bpal\n> quoted\n# head\n- item"
)
"""Markup of every platform, a change of direction, and what nobody sees."""
LINKS: Final = " ".join(f"https://example.com/{n}?a=b_c*d" for n in range(1, 7))
MANY: Final = ",".join(f"word{n:02d}_{'w' * 20}" for n in range(50))
KEYWORDS: Final = ",".join(MANY.split(",")[:20])
SEARCH: Final = " OR ".join(f"moon{n:02d}" for n in range(42))
ALL_EVENTS: Final = (
    "tweet.new,tweet.reply,tweet.retweet,tweet.quote,tweet.media,tweet.link,tweet.poll,tweet.mention,"
    "tweet.hashtag,tweet.longform,profile.bio.changed,profile.name.changed"
)
ACCOUNTS: Final = ",".join(f"watched_{n:02d}" for n in range(30))
PICTURES: Final = ",".join(f"https://images.example.com/media/{'p' * 300}-{n}.png" for n in range(4))
FULL: Final[Mapping[str, tuple[str, ...]]] = {
    "tweet.create": (
        'tweet post "Hello" long:yes',
        f"tweet post Hello media:{PICTURES} community:1490000000000000001",
        f'tweet reply {TWEET} "Hello" media:{PICTURES}',
        f'tweet quote {TWEET} "Hello" community:1490000000000000001',
    ),
    "dm.send": ('dm send @nasa "Hello" media:1894004347502793426',),
    "community.create": ('community create "Tea" description:"For all"',),
    "draw.run": (
        f"draw run {TWEET} winners:3 backups:7 unique:no must_retweet:yes must_follow:nasa min_followers:123 "
        f"account_age:45 language:de keywords:{KEYWORDS} hashtags:artemis,moon mentions:esa,nasa",
    ),
    "monitor.start": (
        f"monitor add esa events:{ALL_EVENTS}",
        f'monitor keyword "{SEARCH}" events:tweet.new',
        f'monitor post {TWEET} name:"The *launch* <@U1>"',
        f"relay add channel:#alerts account:{ACCOUNTS} name:wide also:#general",
        f"relay add channel:#alerts account:esa events:{ALL_EVENTS} contains:{MANY} quiet:{MANY} "
        f"language:en,de,fr,es,it,pt,nl,sv,da,fi,pl,cs,hu,tr has:media lacks:poll min_followers:321 "
        "replies:no quoted:yes sensitive:never post:compact name:narrow",
        f'relay add channel:#alerts keyword:"{SEARCH}" matches:"(?i){"artemis|" * 40}moon" name:searching',
    ),
    "extraction.run": (
        "extract run tweet-search target:launch limit:77 filters:language=en,min_likes=1,since=2024-01-02",
        "extract run followers target:@cafe_luna limit:88 filters:min_followers=1234,bio=astronaut",
    ),
    "listing.file": (
        "user followers @cafe_luna",
        "tweet search launch language:en min_likes:1 replies:exclude without:zebra,quagga order:top "
        "until:2026-11-29",
    ),
    "credits.topup": ("credits topup 4320",),
}
"""What is typed with everything that a command takes, besides `LINES`."""
TEXTS: Final[Mapping[str, Callable[[int], str]]] = {
    "text": lambda size: f"{HOSTILE} {LINKS} {'Long words. ' * 2_500}"[:size],
    "body": lambda size: f"{HOSTILE} {LINKS} {'Long words. ' * 2_500}"[:size],
    "description": lambda size: HOSTILE[:size],
    "subject": lambda size: HOSTILE.replace("\n", " ")[:size],
    "name": lambda size: HOSTILE.replace("\n", " ")[:size],
    "location": lambda size: HOSTILE.replace("\n", " ")[:size],
    "url": lambda _size: "https://example.com/" + "u" * 60,
}
SIZES: Final[Mapping[tuple[str, str], int]] = {
    ("dm.send", "text"): 9_000,
    ("support.open", "body"): 9_000,
    ("support.reply", "body"): 9_000,
    ("support.open", "subject"): 150,
    ("community.create", "name"): 30,
    ("community.create", "description"): 150,
    ("profile.edit", "name"): 45,
    ("profile.edit", "description"): 150,
    ("profile.edit", "location"): 30,
}
"""Characters that are typed into a form; of a tweet, what fits."""

NOT_SAID: Final[Mapping[str, str]] = {
    "account_id": "Xquik's own number of the account, which is named",
    "hourly": "stands in the price of all",
    "kind": "stands in how what is watched is named",
    "is_note_tweet": "stands in the length that is allowed",
    "id": "the bot's own number of what is named",
    "sha256": "of a file that is named",
    "size": "of a file, said in kilobytes",
    "content_type": "of a file, said as PNG",
    "seconds": "of a file",
    "source": "where a file came from, which is shown itself",
    "asked": "how the bot keeps a list",
    "reading": "how the bot keeps a list",
    "short": "how the bot keeps a list",
    "paid": "what was charged before",
    "most": "what is reserved of budgets",
    "price": "stands in what it costs",
    "command": "stands in the title of the list",
    "title": "stands in the title",
    "new": "stands in the question",
    "before": "what is changed",
    "uniqueAuthorsOnly": "said in words: one entry per person, or more",
    "mustRetweet": "said in words",
}
"""Leaves that are not read as they stand, and why."""
SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "account": lambda value: f"@{value}",
    "events": lambda value: str(kind_words(value)),
    "toolType": lambda value: {"tweet_search_extractor": "search", "follower_explorer": "Followers"}[value],
    "dollars": lambda value: f"${value:,}",
    "expected": lambda value: f"{value:,}",
    "tier": lambda value: str(value).title(),
    "tweetUrl": lambda value: str(value).rpartition("/")[2],
    "filterLanguage": lambda value: f"language {value}",
}
"""How others are."""


def leaves(payload: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of a payload with the name that it has there."""
    if isinstance(payload, Mapping):
        for name, value in payload.items():
            if name == "route" and value is not None:
                yield from _of_route(value)
            elif name not in NOT_SAID:
                yield from leaves(value, name)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from leaves(value, key)
    elif payload not in (None, "", False):
        yield key, payload


def _of_route(stored: Any) -> Iterator[tuple[str, Any]]:
    """What a command says of a route, each as it is read."""
    route = route_json.of_whole(stored)
    yield "route name", route.name
    yield from (("channel", place.channel) for place in route.destinations)
    yield from (("account", one) for one in route.accounts)
    yield from (("keyword", one) for one in route.keywords)
    yield from (("events", one) for one in route.events)
    for one in route.filters:
        for field in getattr(one, "__dataclass_fields__", ()):
            yield from leaves(getattr(one, field), f"filter {field}")
    if route.quoted:
        yield "quoted", "also check quoted tweets"
    yield "sensitive", "never posted" if route.sensitive.value == "never" else route.name
    yield "layout", "one line with its link" if route.appearance.layout.value == "compact" else route.name


def check(payload: Mapping[str, Any], card: Card, drawn: Drawn, files: Any) -> list[str]:
    """The leaves that are neither on the screen nor in a file that the screen names."""
    links = " ".join(sorted(drawn.links))
    there = letters(drawn.text) + "\n" + letters(links)
    preview = letters(held(files, PREVIEW_FILE))
    missing = []
    for key, value in leaves(payload):
        said = SAID.get(key, str)(value)
        wanted = letters(marked(said))
        if wanted in there:
            continue
        if wanted in preview and PREVIEW_FILE in drawn.text:
            continue
        if key in ("text", "body"):
            own_is_there(marked(said), drawn, files)
            continue
        missing.append(f"{key}: {said[:60]}")
    return missing


Proposed = dict[str, list[tuple[Mapping[str, Any], Card]]]


async def _shown(house: BotHarness, screen: Edge) -> tuple[Mapping[str, Any], Card]:
    key = ref_of(screen.card, "Confirm").key
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None
    return stored.payload, screen.card


async def _typed(house: BotHarness, kind: ProposalKind, line: str, number: int) -> Edge:
    own, job, ticket = "", "", ""
    if "{own}" in line:
        made = await house.done(FIRST[kind.name].format(n=number))
        own = next(button.url or "" for button in made.card.buttons if button.url)
    if "{job}" in line:
        job = await begun(house)
    if "{ticket}" in line:
        ticket = str((await house.control("tickets", body=TICKET))["id"])
    if "{leaver}" in line:
        await house.control("accounts", body={"username": "esa"})
    given = {"n": number, "own": own, "job": job, "ticket": ticket, "leaver": "esa"}
    for name, value in given.items():
        line = line.replace("{" + name + "}", str(value))
    shown = await house.say(line)
    if kind is LISTING_FILE:
        return await house.submit(await house.press(shown, "All as a file…"), format="csv")
    return shown


def _texts(kind: ProposalKind, payload: Mapping[str, Any]) -> dict[str, str]:
    """What is typed into its form: the fields, hostile and as long as they may be."""
    if kind.name == "tweet.thread":
        part = f"{HOSTILE[:150]} https://example.com/1"
        return {"text": " --- ".join(f"{n} {part}" for n in range(5))}
    given = {}
    for name, _ in kind.edit.fields if kind.edit is not None else ():
        usual = 20_000 if payload.get("is_note_tweet") else 230
        given[name] = TEXTS[name](SIZES.get((kind.name, name), usual))
    return given


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory, empty_bot: Path) -> Proposed:
    """What each kind asks, typed, and edited to the worst."""

    async def run() -> Proposed:
        found: Proposed = {}
        for number, kind in enumerate(PROPOSAL_KINDS, 31):
            async with open_house(tmp_path_factory.mktemp("house"), empty_bot) as house:
                for line in (LINES[kind.name], *FULL.get(kind.name, ())):
                    screen = await _typed(house, kind, line, number)
                    shown = await _shown(house, screen)
                    found.setdefault(kind.name, []).append(shown)
                    if kind.edit is None:
                        continue
                    form = await house.press(screen, "Edit")
                    changed = await house.submit(form, **_texts(kind, shown[0]))
                    found[kind.name].append(await _shown(house, changed))
        return found

    return asyncio.run(run())


@pytest.mark.parametrize("name", sorted(PROPOSAL_KINDS.names))
def test_each_leaf_of_what_is_confirmed_is_read_before(screen: Screen, proposed: Proposed, name: str) -> None:
    for payload, made in proposed[name]:
        card = ENGLISH_TRANSLATOR.card(made)
        drawn, files = screen.draw(card), screen.files(card)
        assert drawn.violations == ()
        missing = check(payload, card, drawn, files)
        assert not missing, f"{missing}\n{json.dumps(payload)[:600]}\n{drawn.text[:3000]}"


@pytest.mark.parametrize("name", ["name", "text"])
def test_each_option_of_what_is_dear_is_read_before_it_is_paid(screen: Screen, name: str) -> None:
    """Somebody else than who typed it may confirm it."""
    command = next(one for one in catalogue(()) if one.name == "media get")
    given = {"tweets": (TWEET,), "query": (TEXTS[name](5_000), "second\u200bhidden"), "limit": ("77",)}
    confirm, cancel = ActionRef("spending.confirm", "k"), ActionRef("spending.cancel", "k")
    asked = SpendingQuestion(command, given, 12_345, 100, "Ada", 1.7e9, confirm, cancel, grown=False)
    card = ENGLISH_TRANSLATOR.card(question_card(asked))
    drawn, files = screen.draw(card), screen.files(card)
    assert drawn.violations == ()
    assert check(given, card, drawn, files) == []

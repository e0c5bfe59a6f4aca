"""Posts and people on X as people write them: links, ids, names with @ or without.

The one place that recognises them, for commands, forms, lists, menus and shortcuts alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import msgspec

from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut
from bot.core.x.addresses import STOPS, Address, TextPiece, pieces, without_markup

_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_ID: Final = re.compile(r"[1-9][0-9]{0,19}")
_ONE_MENTION: Final = re.compile(rf"\.?[@＠]({_NAME.pattern})[^\w@＠]*")
# A person or a channel of the chat, as platforms write them.
_OF_THE_CHAT: Final = re.compile(r"<[@#!][^<>\n]*>")
_PERSON_OF_THE_CHAT: Final = re.compile(r"<@[^<>|\n]*(?:\|([^<>\n]*))?>")
_AROUND: Final = "\"'“”„«»‘’`*|<>()[]{} \t\n"
# What somebody meant as an address, of whatever site.
_ADDRESS_LIKE: Final = re.compile(r"[^\W_]\.[^\W\d_]{2}")
# Digits of an id that is no number of a sentence.
_LONG: Final = 10
_LONG_ID: Final = re.compile(rf"[1-9][0-9]{{{_LONG - 1},19}}")
# First parts of paths on X that are pages and not people.
_PAGES: Final = frozenset(
    {"about", "account", "compose", "embed", "explore", "hashtag", "home", "i", "intent", "jobs", "login"}
    | {"logout", "messages", "notifications", "oauth", "privacy", "search", "settings", "share", "signup"}
    | {"status", "statuses", "tos", "widgets"}
)


@cache
def _id_in_path() -> re.Pattern[str]:
    return re.compile(_ID.pattern + STOPS)


@cache
def _name_in_path() -> re.Pattern[str]:
    return re.compile(rf"(?:@|＠|%40)?({_NAME.pattern}){STOPS}")


@cache
def _mention() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_@＠/&#$%-])[@＠]({_NAME.pattern})(?![@＠]){STOPS}")


class TweetRef(msgspec.Struct, frozen=True):
    """A post. id: digits; username: its author, where the link named one."""

    id: str
    username: str | None = None

    @property
    def url(self) -> str:
        """The full link, which also works when the author is not known."""
        return f"https://x.com/{self.username or 'i'}/status/{self.id}"

    def __str__(self) -> str:
        return self.url


class Username(msgspec.Struct, frozen=True):
    """An account on X by its name, without @, in the spelling that was given."""

    name: str

    @property
    def handle(self) -> str:
        """With @, as it is shown."""
        return f"@{self.name}"

    @property
    def url(self) -> str:
        """The profile."""
        return f"https://x.com/{self.name}"

    def __str__(self) -> str:
        return self.name


def find_posts(*texts: str) -> tuple[TweetRef, ...]:
    """Every tweet that the texts link to, each once, in order; of two links the one that names its author."""
    found: dict[str, TweetRef] = {}
    for piece in (piece for text in texts for piece in pieces(text)):
        post = None if piece.address is None else _post_at(piece.address)
        if post is not None and (post.id not in found or found[post.id].username is None):
            found[post.id] = post
    return tuple(found.values())


def find_people(text: str) -> tuple[Username, ...]:
    """Everybody the text names with @, or links to by their profile or a tweet of theirs, each once."""
    found: dict[str, Username] = {}
    for person in _people(pieces(_OF_THE_CHAT.sub(" ", without_unseen(text)))):
        found.setdefault(person.name.lower(), person)
    return tuple(found.values())


def only_reference(text: str) -> TweetRef | Username | None:
    """The post or the account, where the text is its link or its @name and nothing besides."""
    # No address is without a slash, no name without its sign: asked of every line and value.
    if "/" not in text and "@" not in text and "＠" not in text:
        return None
    said = [piece for piece in pieces(text, labels=False) if not piece.empty]
    if len(said) != 1:
        return None
    before, address = said[0].before, said[0].address
    if address is None:
        mention = _ONE_MENTION.fullmatch(before)
        return Username(mention[1]) if mention else None
    if not TextPiece(before).empty:
        return None
    leads_to_post = any(part.lower() in {"status", "statuses"} for part in address.path)
    return _post_at(address) or (None if leads_to_post else _person_at(address))


def parse_tweet_ref(text: str) -> TweetRef:
    """The tweet that a link, a text with one link or a bare id of up to 20 digits names.

    Raises ValueError, with a sentence for people, for anything else.
    """
    bare = without_unseen(text).strip(_AROUND)
    if _ID.fullmatch(bare):
        return TweetRef(bare)
    posts = find_posts(text)
    if len(posts) == 1:
        return posts[0]
    if posts:
        raise ValueError(msg("That names {count} tweets; give one.", count=len(posts)))
    if any(piece.address for piece in pieces(text)):
        raise ValueError(msg("That link does not lead to a tweet. Open the tweet on X and copy its link."))
    raise ValueError(msg("That is not a link to a tweet on X. Use one like https://x.com/nasa/status/12345."))


def parse_username(text: str) -> Username:
    """The account that `@name`, `name` or a link to its profile or one of its tweets names.

    Raises ValueError, with a sentence for people, for anything else.
    """
    seen = without_unseen(text).strip()
    if member := _PERSON_OF_THE_CHAT.fullmatch(seen):
        if not member[1]:
            raise ValueError(
                msg("That is a person of this workspace, not an X account; write the X name, like nasa.")
            )
        seen = member[1]
    bare = seen.strip(_AROUND)
    bare = bare[1:] if bare.startswith(("@", "＠")) else bare
    if _NAME.fullmatch(bare):
        return Username(bare)
    match only_reference(seen):
        case Username() as person:
            return person
        case TweetRef(_, author) if author:
            return Username(author)
    people = find_people(seen)
    if len(people) > 1:
        raise ValueError(msg("That names {count} accounts; give one.", count=len(people)))
    if people:  # any other word of it may be meant for a name as well
        raise ValueError(
            msg("That is more than the name of one account. Write only {handle}.", handle=people[0].handle)
        )
    addresses = [piece.address for piece in pieces(text) if piece.address]
    if any(address.path[:2] == ("i", "user") for address in addresses):
        raise ValueError(
            msg("That link names an account by its number. Write its name instead, such as nasa.")
        )
    if addresses:
        raise ValueError(msg("That link does not lead to a profile on X."))
    if not bare:
        raise ValueError(msg("A username on X has 1 to 15 letters, digits or underscores, such as nasa."))
    raise ValueError(
        msg(
            "{text} is no username; on X one has 1 to 15 letters, digits or underscores, such as nasa.",
            text=repr(cut(bare, 40)),
        )
    )


def listed(text: str) -> list[str]:
    """The items of a list of posts or people, parted by commas, spaces or lines: each for its parser.
    Marks that stand alone, as before the items of a list in Markdown, are none."""
    items = re.split(r"[,\s،、，]+", without_markup(text))
    return [item for item in items if any(char.isalnum() for char in item)]


def posts_in(text: str) -> list[str]:
    """The posts that a list or a sentence names, each for `parse_tweet_ref`; none where it has no link.

    Words are left out, addresses are not: one that leads to no post is refused by the parser. Beside words a
    bare number may count something, so one that is too short to be sure of raises ValueError, unless it is
    how many posts there are.
    """
    items = listed(text)
    links = [find_posts(item) for item in items]
    if not any(links):
        return []
    prose = any(not found and not _stands_for_itself(item) for item, found in zip(items, links, strict=True))
    sure = {post.id for found in links for post in found} | {one for one in items if _LONG_ID.fullmatch(one)}
    named: list[str] = []
    for item, found in zip(items, links, strict=True):
        bare = item.strip(_AROUND)
        if found:
            named += map(str, found)
        elif prose and bare.isdigit() and len(bare) < _LONG:
            if int(bare) != len(sure):
                raise ValueError(
                    msg(
                        "{bare} may be a count or an id; give the link of that tweet, or leave it out",
                        bare=repr(cut(bare, 40)),
                    )
                )
        elif _stands_for_itself(item):
            named.append(item)
    return named


def _stands_for_itself(item: str) -> bool:
    """Whether it is an id or an address, and no word of a sentence."""
    if "/" in item:
        return "://" in item or _ADDRESS_LIKE.search(item) is not None
    return _ID.fullmatch(item.strip(_AROUND)) is not None


def _people(said: Iterable[TextPiece]) -> Iterator[Username]:
    for piece in said:
        if piece.address is not None:
            person = _person_at(piece.address)
            if person is not None:
                yield person
        elif not piece.elsewhere:
            yield from (Username(match[1]) for match in _mention().finditer(piece.before))


def _post_at(address: Address) -> TweetRef | None:
    """The tweet that an address leads to."""
    match [part.lower() for part in address.path]:
        case ["i", "web", "status" | "statuses", post, *_] | ["status" | "statuses", post, *_]:
            return _post(post)
        case [name, "status" | "statuses", post, *_]:
            return _post(post, address.path[0])
        case [name, "article", post, *_] if name != "i":
            return _post(post, address.path[0])
        case ["intent", "tweet" | "post" | "like" | "favorite" | "retweet" | "repost", *_]:
            return _post(address.asked("tweet_id", "in_reply_to"))
        case ["embed", "tweet.html", *_]:
            return _post(address.asked("id"))
    return None


def _post(text: str, author: str = "") -> TweetRef | None:
    found = _id_in_path().match(text)
    if found is None:
        return None
    name = author.removeprefix("@")
    known = _NAME.fullmatch(name) and name.lower() not in _PAGES
    return TweetRef(found[0], name if known else None)


def _person_at(address: Address) -> Username | None:
    """The account whose profile, or whose post, an address leads to."""
    match [part.lower() for part in address.path]:
        case ["intent", "user" | "follow", *_]:
            text = address.asked("screen_name")
        case [first, *_] if first.removeprefix("@") not in _PAGES:
            text = address.path[0]
        case _:
            return None
    found = _name_in_path().match(text)
    if found is None or found[1].lower() in _PAGES:
        return None
    # "nasa.", "nasa's" and "nasaを" go on in the sentence; "nasa.html" is another page.
    after = text[found.end() :]
    goes_on = after[:1] == "'" or not after[:1].isascii() or not any(char.isalnum() for char in after)
    return Username(found[1]) if goes_on else None

"""Rows of what X shows to one account alone. Pure.

Xquik decides how many rows a page has, and each is paid for: so texts are cut to what lets all of them into
one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.figures import epoch, when
from bot.cards.tweets import web_url
from bot.core.chat.cards import Block, Code, Line, Link, Quote, Table, Text, line
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import shorten
from bot.xquik.models import BookmarkFolder, DirectMessage, Notification, Tweet

_ROOM: Final = 3_000
"""Characters for all rows of a page; Discord takes 4,000 in a message."""
_BESIDE_A_TWEET: Final = 95
"""Characters of a row beside its text: the link, the time and what is between them."""
_BESIDE_A_NOTICE: Final = 40
_LONGEST: Final = 280
_SHORTEST: Final = 20
_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """A message, and by whom it is: as people call them."""

    message: DirectMessage
    by: str


def tweets_table(tweets: Sequence[Tweet]) -> Table:
    """A row each: by whom, with the way to it, what it says and when."""
    longest = _share(len(tweets), _BESIDE_A_TWEET)
    rows = [
        (_linked(one), (_short(one.shown.text, longest),), when(one.shown.created_at, relative=True))
        for one in tweets
    ]
    return Table((msg("Account"), msg("Tweet"), msg("Posted")), tuple(rows))


def folders_table(folders: Sequence[BookmarkFolder]) -> Table:
    """A row each, with the command that opens it."""
    rows = [((_short(one.name, _NAME),), (Code(f"bookmarks show folder:{one.id}"),)) for one in folders]
    return Table((msg("Folder"), msg("What is in it")), tuple(rows))


def notifications_table(notifications: Sequence[Notification]) -> Table:
    """A row each, in X's words."""
    longest = _share(len(notifications), _BESIDE_A_NOTICE)
    rows = [
        ((_short(one.message or one.kind, longest),), when(one.at, relative=True)) for one in notifications
    ]
    return Table((msg("Notification"), msg("When")), tuple(rows))


def message_blocks(said: SaidMessage) -> tuple[Block, ...]:
    """What somebody wrote, and the way to what they attached."""
    message = said.message
    quoted = Quote(message.text, author=said.by, at=epoch(message.created_at))
    address = web_url(message.media_url)
    if address is None:
        return (quoted,)
    return (quoted, Text(line(Link(msg("Attached picture or video"), address)), subtle=True))


def _linked(tweet: Tweet) -> Line:
    author = tweet.shown.author
    name = author.username if author is not None else ""
    label = f"@{name}" if name else msg("Tweet")
    address = web_url(tweet.shown.url)
    return (label,) if address is None else (Link(label, address),)


def _short(text: str, longest: int) -> str:
    return shorten(without_unseen(text), longest).strip() or "–"


def _share(rows: int, beside: int) -> int:
    """Characters that the text of each of so many rows may have."""
    return min(_LONGEST, max(_SHORTEST, _ROOM // max(1, rows) - beside))

"""Rows of what X shows to one account alone. Pure.

Xquik decides how many rows a page has, and each is paid for: so texts are cut to what lets all of them into
one message, and where there are many, times and links are left out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.cards.figures import epoch, when
from bot.cards.tweets import web_url
from bot.core.chat.cards import Block, Code, Line, Link, Quote, Table, Text, line
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import shorten
from bot.xquik.models import BookmarkFolder, DirectMessage, Notification, Tweet

_ROOM: Final = 3_400
"""Characters for all rows of a page; Discord takes 4,000 in a message."""
_MANY: Final = 25
"""A page of more rows has no room for times and links."""
_QUOTED: Final = 20
"""Messages that are quoted; more stand in a table."""
_BLOCKS: Final = 42
"""Blocks for all quotes of a page: Slack takes 50 in a message. A quote takes two, a link below it one."""
_BESIDE_A_TWEET: Final = 117
"""Characters of a row beside its text, escapes included: the link, the time and what is between them."""
_BESIDE_A_NAME: Final = 42
"""The same where an account alone stands before it."""
_BESIDE_A_NOTICE: Final = 28
_BESIDE_A_FOLDER: Final = 60
_BESIDE_AN_ID: Final = 40
_LONGEST: Final = 280
_SHORTEST: Final = 16
_WORTH: Final = 40
"""Links are left out rather than texts made shorter than this."""
_NAME: Final = 60
_CLIP: Final = "📎"


class SaidMessage(msgspec.Struct, frozen=True):
    """A message, and by whom it is: as people call them. own: by the account that reads."""

    message: DirectMessage
    by: str
    own: bool = False

    @property
    def named(self) -> str:
        """By whom it is, and of one's own the id by which `dm delete` takes it."""
        return msg("{by} · {id}", by=self.by, id=self.message.id) if self.own else self.by


def tweets_table(tweets: Sequence[Tweet]) -> Table:
    """A row each: by whom, with the way to it, what it says and when; of many, by whom and what it says."""
    if len(tweets) > _MANY:
        longest = _share(len(tweets), _BESIDE_A_NAME)
        short = tuple(((_by(one),), (_short(one.shown.text, longest),)) for one in tweets)
        return Table((msg("Account"), msg("Tweet")), short)
    longest = _share(len(tweets), _BESIDE_A_TWEET)
    rows = [
        (_linked(one), (_short(one.shown.text, longest),), when(one.shown.created_at, relative=True))
        for one in tweets
    ]
    return Table((msg("Account"), msg("Tweet"), msg("Posted")), tuple(rows))


def tweets_blocks(tweets: Sequence[Tweet]) -> tuple[Block, ...]:
    """Tweets as a table, and where all of a tweet stands if any was cut."""
    how = msg("Long tweets are cut; X shows all of them.")
    if len(tweets) <= _MANY:
        how = msg("Long tweets are cut. `tweet show` with the link of one shows all of it.")
    return _saying_cut(tweets_table(tweets), 1, [one.shown.text for one in tweets], how)


def notifications_blocks(notifications: Sequence[Notification]) -> tuple[Block, ...]:
    """Notifications as a table, and a word where any was cut."""
    said = [one.message or one.kind for one in notifications]
    return _saying_cut(
        notifications_table(notifications), 0, said, msg("Long notifications are cut; X shows all of them.")
    )


def _saying_cut(table: Table, column: int, texts: Sequence[str], how: Message) -> tuple[Block, ...]:
    """A table, with `how` below it where a cell of that column has not all of its text."""
    shown = ["".join(part for part in row[column] if isinstance(part, str)) for row in table.rows]
    cut = any(_plain(text) not in cell for text, cell in zip(texts, shown, strict=True))
    return (table, Text(line(how), subtle=True)) if cut else (table,)


def folders_table(folders: Sequence[BookmarkFolder]) -> Table:
    """A row each, with the command that opens it; of many, with the id that it takes."""
    if len(folders) > _MANY:
        longest = _share(len(folders), _BESIDE_AN_ID)
        short = tuple(((_short(one.name, longest),), (Code(one.id),)) for one in folders)
        return Table((msg("Folder"), msg("Id")), short)
    longest = min(_NAME, _share(len(folders), _BESIDE_A_FOLDER))
    rows = [
        ((_short(one.name, longest),), (Code(f"bookmarks show folder:{one.id}"),))  # no message: a command
        for one in folders
    ]
    return Table((msg("Folder"), msg("What is in it")), tuple(rows))


def notifications_table(notifications: Sequence[Notification]) -> Table:
    """A row each, in X's words; of many without when it was."""
    if len(notifications) > _MANY:
        longest = _share(len(notifications), 0)
        short = tuple(((_short(one.message or one.kind, longest),),) for one in notifications)
        return Table((msg("Notification"),), short)
    longest = _share(len(notifications), _BESIDE_A_NOTICE)
    rows = [
        ((_short(one.message or one.kind, longest),), when(one.at, relative=True)) for one in notifications
    ]
    return Table((msg("Notification"), msg("When")), tuple(rows))


def message_blocks(said: Sequence[SaidMessage]) -> tuple[Block, ...]:
    """What people wrote, and the way to what they attached: quoted, of many in a table."""
    if len(said) > _QUOTED:
        how = msg("Long messages are cut; X shows all of them.")
        return _saying_cut(_messages_table(said), 1, [one.message.text for one in said], how)
    links = sum(web_url(one.message.media_url) is not None for one in said)
    room = 2 * len(said) + links <= _BLOCKS
    return tuple(block for one in said for block in _quoted(one, apart=room))


def _quoted(said: SaidMessage, *, apart: bool) -> tuple[Block, ...]:
    """apart: whether there is room for a line of its own that leads to what is attached."""
    message = said.message
    at, address = epoch(message.created_at), web_url(message.media_url)
    if address is None or not apart:
        author = f"{said.named} {_CLIP}" if address else said.named
        return (Quote(message.text, author=author, at=at, url=address),)
    link = Text(line(Link(msg("Attached picture or video"), address)), subtle=True)
    return (Quote(message.text, author=said.named, at=at), link)


def _messages_table(said: Sequence[SaidMessage]) -> Table:
    """A row each: by whom, and what; with the way to what is attached where that leaves room for texts."""
    addresses = [web_url(one.message.media_url) for one in said]
    links = sum(len(one) + len(_CLIP) + 10 for one in addresses if one)
    linked = (_ROOM - links) // len(said) - _BESIDE_A_NAME >= _WORTH
    longest = _share(len(said), _BESIDE_A_NAME, links if linked else 0)
    rows = []
    for one, address in zip(said, addresses, strict=True):
        text, clip = one.message.text, _CLIP if address else ""
        if linked or not address:
            attached: Line = (" ", Link(clip, address)) if address else ()
            rows.append(((one.by,), (_short(text, longest), *attached)))
        else:
            rows.append(((one.by,), (_short(f"{clip} {text}", longest),)))
    return Table((msg("By"), msg("Text")), tuple(rows))


def _linked(tweet: Tweet) -> Line:
    address = web_url(tweet.shown.url)
    return (_by(tweet),) if address is None else (Link(_by(tweet), address),)


def _by(tweet: Tweet) -> str:
    author = tweet.shown.author
    name = author.username if author is not None else ""
    return f"@{name}" if name else msg("Tweet")


def _short(text: str, longest: int) -> str:
    """The text within so many characters, as they are counted escaped."""
    shown = _plain(text)
    room = longest
    for kept, character in enumerate(shown):
        room -= _escaped(character)
        if room < 0:
            return shorten(shown, max(1, kept)).strip()
    return shown or "–"


def _plain(text: str) -> str:
    return " ".join(without_unseen(text).split())


def _escaped(character: str) -> int:
    """Characters that one becomes at the most: Discord escapes what it may read as markup, and may count what
    is beyond the basic plane as two."""
    ascii_mark = character.isascii() and not character.isalnum() and character != " "
    return 2 if ascii_mark or character > "\uffff" else 1


def _share(rows: int, beside: int, links: int = 0) -> int:
    """Characters that the text of each of so many rows may have. links: what all links together take."""
    return min(_LONGEST, max(_SHORTEST, (_ROOM - links) // max(1, rows) - beside))

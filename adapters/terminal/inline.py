"""Lines of a card as rich text."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import assert_never

import msgspec
from rich.style import Style
from rich.text import Text as RichText

from adapters.terminal.escape import plain, web_address
from bot.core.chat.cards import Bold, ChannelMention, Code, Inline, Line, Link, Timestamp, UserMention
from bot.core.chat.words import moment
from bot.core.messages.message import msg
from bot.core.messages.speaking import rules, say


class Reader(msgspec.Struct, frozen=True):
    """Who reads. now: epoch seconds; zone: their timezone, None for the machine's."""

    now: float
    zone: tzinfo | None = None

    def moment(self, at: float, zone: str = "", *, relative: bool = False) -> str:
        """A moment in words: "3 minutes ago", or a date and time with its zone. zone: the IANA name of the
        one that people chose, "" for the reader's."""
        if relative:
            return self._distance(at)
        if zone:
            return moment(at, zone)
        try:
            local = datetime.fromtimestamp(at, self.zone).astimezone(self.zone)
        except (OverflowError, OSError, ValueError):
            return say(msg("at an unknown time"))
        return local.strftime("%Y-%m-%d %H:%M %Z")

    def _distance(self, at: float) -> str:
        seconds = at - self.now
        return say(msg("now")) if abs(seconds) < 1 else rules().distance(seconds)


def line(parts: Line, reader: Reader) -> RichText:
    """A line of a card."""
    text = RichText(overflow="fold")
    for part in parts:
        text.append_text(_inline(part, reader))
    return text


def linked(words: str, url: str | None, style: str = "") -> RichText:
    """Words that are a link where the terminal can; the address itself stays unseen."""
    address = web_address(url)
    shown = Style.parse(style)
    if address is not None:
        shown += Style(link=address, underline=True)
    return RichText(plain(words), style=shown)


def _inline(part: Inline, reader: Reader) -> RichText:
    match part:
        case str():
            return RichText(plain(part))
        case Bold():
            return RichText(plain(part.text), style="bold")
        case Code():
            return RichText(plain(part.text), style="cyan")
        case Link():
            return _link(part)
        case UserMention():
            return RichText(f"@{plain(part.name or part.user)}", style="blue")
        case ChannelMention():
            return RichText(f"#{plain(part.name or part.channel)}", style="blue")
        case Timestamp():
            return RichText(reader.moment(part.at, part.zone, relative=part.relative))
        case _:
            assert_never(part)


def _link(part: Link) -> RichText:
    text = linked(part.text, part.url, "blue")
    address = web_address(part.url)
    if address is not None and address != plain(part.text):
        # Not every terminal opens links, and none prints them in a pipe.
        text = RichText.assemble(text, (f" ({address})", "dim"))
    return text

"""Cards as rich renderables: a frame around their blocks.

Nothing of a card is read as rich's markup, and every text has passed `plain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.panel import Panel
from rich.text import Text as RichText

from adapters.terminal.blocks import drawn
from adapters.terminal.escape import plain, plain_line
from adapters.terminal.inline import Reader
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Buttons,
    Card,
    Shape,
    Tone,
)
from bot.core.chat.missing import NO_TEXT
from bot.core.chat.words import shows
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

WIDEST = 96  # columns; longer lines are hard to read
_CORNERS = 6  # columns of a frame's upper edge that no title takes
_COLOURS = {
    Tone.NEUTRAL: "white",
    Tone.INFO: "blue",
    Tone.SUCCESS: "green",
    Tone.WARNING: "yellow",
    Tone.DANGER: "red",
}
_SIGNS = {Tone.NEUTRAL: "", Tone.INFO: "", Tone.SUCCESS: "✓ ", Tone.WARNING: "! ", Tone.DANGER: "✗ "}


@in_its_language
def render(
    card: Card, *, now: float, zone: tzinfo | None = None, confirm: ActionRef | None = None
) -> RenderableType:
    """A card for a console of any width. now: epoch seconds; zone: None for the machine's own.

    A line or a bare message has no frame, and its title only where it has nothing else.
    confirm: the action that `--yes` presses, said beside its button.
    """
    reader = Reader(now, zone)
    blocks = (*card.blocks, *((Buttons(card.buttons),) if card.buttons else ()))
    parts = [drawn(block, reader, confirm) for block in blocks if shows(block)]
    pinged = [_pings(card.pings)] if card.pings else []
    colour = _COLOURS[card.tone]
    words = "" if blank(plain(card.title)) else _SIGNS[card.tone] + plain_line(card.title)
    title = RichText(words, style=f"bold {colour}", overflow="fold")
    if card.shape is Shape.CARD:
        parts = [_Framed(title, _spaced(parts), colour)]
    return Constrain(Group(*pinged, *(parts or [title if words else RichText(plain(say(NO_TEXT)))])), WIDEST)


def _spaced(parts: Sequence[RenderableType]) -> list[RenderableType]:
    """An empty line between the parts."""
    return [one for part in parts for one in (RichText(""), part)][1:]


def _pings(pings: Sequence[str]) -> RenderableType:
    """Whom the message would notify elsewhere."""
    words = " ".join(f"@{plain_line(ping)}" for ping in dict.fromkeys(pings))
    return RichText(words, style="bold blue", overflow="fold")  # no message: a style


class _Framed:
    """The parts in a frame under the title; one that is too long for the frame stands inside of it."""

    def __init__(self, title: RichText, parts: Sequence[RenderableType], colour: str) -> None:
        self._title = title
        self._parts = parts
        self._colour = colour

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console
        fits = self._title.cell_len <= options.max_width - _CORNERS
        inside = self._parts if fits else [self._title, *(("", *self._parts) if self._parts else ())]
        yield Panel(
            Group(*inside),
            title=self._title if fits and self._title.plain else None,
            title_align="left",
            border_style=self._colour,
            box=box.ROUNDED,
            padding=(0, 1),
        )

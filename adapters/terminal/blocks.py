"""The blocks of a card as rich renderables. Every text has passed `plain`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text as RichText

from adapters.terminal.escape import plain, plain_line, web_address
from adapters.terminal.inline import Reader, line, linked
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Button,
    Buttons,
    Fields,
    Gallery,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
)
from bot.core.chat.figures import figure_columns
from bot.core.chat.missing import Missing, missing
from bot.core.messages.message import Message, msg
from bot.core.messages.speaking import say

_NARROWEST_COLUMN = 13  # below that many columns each, a table is told row by row


def drawn(block: Block, reader: Reader, confirm: ActionRef | None) -> RenderableType:
    """One block of a card. confirm: as for `render`."""
    match block:
        case Text():
            text = line(block.line, reader)
            if block.subtle:
                text.stylize("dim")
            return text
        case Quote():
            return _quote(block, reader)
        case Fields():
            return _fields(block, reader)
        case Table():
            return _Rows(block, reader)
        case Gallery():
            return _gallery(block)
        case Picture():
            return _media(Media(block.url, block.alt), 1)
        case Progress():
            return _progress(block)
        case Buttons():
            return _buttons(block.buttons, confirm)
        case Picker():
            return _picker(block)
        case _:
            assert_never(block)


def _quote(quote: Quote, reader: Reader) -> RenderableType:
    parts: list[RenderableType] = []
    head = RichText(overflow="fold")
    if quote.author:
        head.append_text(linked(plain_line(quote.author), quote.author_url, "bold"))
    if quote.at is not None:
        head.append("  " if quote.author else "").append(reader.moment(quote.at, quote.zone), style="dim")
    if head.plain:
        parts.append(head)
    parts.append(_Folded(plain(quote.text)))
    address = web_address(quote.url)
    if address is not None:
        parts.append(RichText(address, style="dim", overflow="fold"))
    return _Barred(Group(*parts))


class _Folded:
    """A text whole: rich's own wrap drops the spaces at which it breaks, and what is confirmed has them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console
        for row in self._text.split("\n"):
            for part in _folded(row.expandtabs(8), options.max_width):
                yield Segment(part)
                yield Segment.line()


def _folded(row: str, width: int) -> Iterator[str]:
    """The row in parts of at most that many columns, broken before words where they fit; joined, the
    parts are the row."""
    part, used = "", 0
    for piece in re.findall(r" +|[^ ]+", row):
        whole = cell_len(piece)
        if used and not piece.isspace() and used + whole > width >= whole:
            yield part
            part, used = "", 0
        if used + whole <= width and piece.isascii():
            part, used = part + piece, used + whole
            continue
        for char in piece:
            columns = cell_len(char)
            if used and used + columns > width:
                yield part
                part, used = "", 0
            part, used = part + char, used + columns
    yield part


class _Barred:
    """What it holds, with a rule at the left of every line."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.update(width=max(options.max_width - 2, 1), height=None)
        bar = Segment("│ ", console.get_style("dim"))
        for row in console.render_lines(self._inner, room, pad=False):
            yield bar
            yield from row
            yield Segment.line()


def _fields(fields: Fields, reader: Reader) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(style="dim", overflow="fold")
    grid.add_column(overflow="fold", ratio=1)
    for item in fields.items:
        grid.add_row(RichText(plain_line(item.name)), line(item.value, reader))
    return grid


class _Rows:
    """A table; where the columns would be too narrow, its rows one under another."""

    def __init__(self, table: Table, reader: Reader) -> None:
        self._columns = [plain_line(name) for name in table.columns]
        self._rows = [[line(cell, reader) for cell in row] for row in table.rows]
        self._figures = figure_columns(table)
        left = (table.total or 0) - len(table.rows)
        self._left = say(missing(left, Missing.ANYTHING)) if left > 0 else ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console
        columns = len(self._columns)
        if columns > 2 and options.max_width < columns * _NARROWEST_COLUMN:
            yield from self._stacked()
        else:
            yield self._grid()
        if self._left:
            yield RichText(self._left, style="dim")

    def _grid(self) -> RichTable:
        grid = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
        for index, name in enumerate(self._columns):
            justify: JustifyMethod = "right" if index in self._figures else "left"
            grid.add_column(RichText(name), overflow="fold", justify=justify)
        for row in self._rows:
            grid.add_row(*row)
        return grid

    def _stacked(self) -> Iterator[RenderableType]:
        for row in self._rows:
            for name, cell in zip(self._columns, row, strict=False):
                label = RichText(f"{name}: ", style="dim", overflow="fold")
                yield label.append_text(cell)
            yield RichText("")


def _gallery(gallery: Gallery) -> RenderableType:
    parts: list[RenderableType] = []
    if gallery.sensitive:
        parts.append(RichText(say(msg("Marked as sensitive")), style="yellow"))
    parts.extend(_media(item, number) for number, item in enumerate(gallery.items, 1))
    address = web_address(gallery.more_url)
    if address is not None:
        parts.append(RichText(say(msg("All of it: {address}", address=address)), overflow="fold"))
    return Group(*parts)


def _media(item: Media, number: int) -> RenderableType:
    words = plain_line(item.alt) or say(_numbered(item.kind, number))
    text = linked(f"▪ {words}", item.url)
    text.overflow = "fold"
    address = web_address(item.url)
    if address is None:
        return text
    return Group(text, Padding(RichText(address, style="dim", overflow="fold"), (0, 0, 0, 2)))


def _numbered(kind: str, number: int) -> Message:
    match kind:
        case "video":
            return msg("video {number}", number=number)
        case "gif":
            return msg("gif {number}", number=number)
        case _:
            return msg("photo {number}", number=number)


def _progress(progress: Progress) -> RenderableType:
    counts = say(msg("{done} of {total}", done=progress.done, total=progress.total))
    label = f"{plain_line(progress.label) or say(msg('Progress'))}: {counts}"
    total = max(progress.total, 1)
    return Group(
        RichText(label, overflow="fold"),
        ProgressBar(total=total, completed=min(progress.done, total), width=40),
    )


def _picker(picker: Picker) -> RenderableType:
    """What could be chosen, and what counts; nothing can be chosen in what is printed."""
    words = RichText(f"{plain_line(picker.label)}: ", style="dim", overflow="fold")
    for number, choice in enumerate(picker.choices):
        counts = choice.value == picker.value
        words.append(" · " if number else "")
        words.append(f"[{plain_line(choice.label)}]" if counts else plain_line(choice.label))
    return words


def _buttons(buttons: Sequence[Button], confirm: ActionRef | None) -> RenderableType:
    rows: list[RenderableType] = []
    for button in buttons:
        label = plain_line(button.label)
        if button.url is not None:
            text = linked(f"→ {label}", button.url)
            address = web_address(button.url)
            rows.append(text.append(f"  {address}", style="dim") if address else text)
        elif not button.disabled:
            text = RichText(f"[ {label} ]", style="bold")
            if button.action == confirm:
                hint = say(msg("press it with {flag}", flag="--yes"))
                text.append(f"  {hint}", style="dim not bold")  # no message: a style
            rows.append(text)
    for row in rows:
        if isinstance(row, RichText):
            row.overflow = "fold"
    return Group(*rows)

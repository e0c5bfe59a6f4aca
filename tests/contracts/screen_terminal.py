"""The terminal's screen: characters, as a plain pipe and as a terminal with colours gets them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC
from typing import ClassVar

from rich.console import Console

from adapters.terminal.render import render
from bot.core.chat.cards import Card, File
from tests.contracts.screens import Drawn

NOW = 1_700_000_000.0
# So narrow that tables of three columns are told row by row, where every cell stands in one piece.
_WIDTH = 38
_LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\")
_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printed(card: Card, *, colour: bool = False, width: int = _WIDTH) -> str:
    """What a console gets."""
    file = io.StringIO()
    Console(
        file=file, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    ).print(render(card, now=NOW, zone=UTC))
    return file.getvalue()


def _columns(text: str) -> str:
    """The same read down the columns: what is folded beside something else stands in one piece."""
    rows = [re.split(r"\s{2,}", row.strip("│ ")) for row in text.splitlines()]
    return "\n".join("".join(row[at] for row in rows if at < len(row)) for at in range(3))


class TerminalScreen:
    """See `screens.Screen`."""

    name = "terminal"
    group = "writers"
    notifies = False
    limits: ClassVar[Mapping[str, int]] = {}

    def draw(self, card: Card) -> Drawn:
        bare, coloured = printed(card), printed(card, colour=True)
        steering = _STEERING.findall(bare) + _STEERING.findall(_OURS.sub("", coloured))
        return Drawn(
            f"{bare}\n{_columns(bare)}", bare, frozenset(_LINK.findall(coloured)), markup=tuple(steering)
        )

    def files(self, card: Card) -> tuple[File, ...]:
        del card
        return ()  # it holds whatever there is

"""Rows of buttons."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

import msgspec

from adapters.discord import limits
from adapters.discord.blocks import more, noted
from adapters.discord.escape import clean
from adapters.discord.inline import web_url
from adapters.discord.kinds import Component, Type
from bot.core.chat.cards import Button, ButtonStyle
from bot.core.chat.missing import Missing
from bot.core.messages.message import Message, nmsg

_LINK: Final = 5
MOST: Final = limits.ROW_BUTTONS * limits.BUTTON_ROWS


class Rows(msgspec.Struct, frozen=True):
    """rows: action rows; note: what is said about buttons that do not fit; used: their custom ids."""

    rows: tuple[Component, ...]
    note: str = ""
    used: set[str] = msgspec.field(default_factory=set)


def rows_of(buttons: Sequence[Button], used: set[str] | None = None) -> Rows:
    """The buttons in rows of five. used: ids that the message has already; Discord takes none twice."""
    taken = set() if used is None else used
    if not buttons:
        return Rows((), "", taken)
    made = list(_made(buttons, taken))
    shown, left = made[:MOST], len(made) - MOST
    rows = tuple(
        {"type": Type.ROW, "components": shown[at : at + limits.ROW_BUTTONS]}
        for at in range(0, len(shown), limits.ROW_BUTTONS)
    )
    notes = [more(left, Missing.BUTTONS)] if left > 0 else []
    long = sum(_is_long(button) for button in buttons)
    notes += [noted(_too_long(long))] if long else []
    return Rows(rows, "\n".join(notes), taken)


def _too_long(count: int) -> Message:
    return nmsg("… {n} more link, too long for Discord", "… {n} more links, too long for Discord", n=count)


def _is_long(button: Button) -> bool:
    """Whether it leads somewhere, by an address that Discord does not take."""
    return web_url(button.url, limits.LINK_URL) is None and web_url(button.url, sys.maxsize) is not None


def _made(buttons: Sequence[Button], used: set[str]) -> Iterator[Component]:
    for button in buttons:
        label = limits.clip(" ".join(clean(button.label).split()), limits.BUTTON_LABEL) or limits.ELLIPSIS
        common: Component = {"type": Type.BUTTON, "label": label}
        if button.disabled:
            common["disabled"] = True
        if button.action is not None:
            custom_id = str(button.action)
            if custom_id in used:
                continue
            used.add(custom_id)
            yield common | {"style": _style(button.style), "custom_id": custom_id}
        elif url := web_url(button.url, limits.LINK_URL):
            yield common | {"style": _LINK, "url": url}


def _style(style: ButtonStyle) -> int:
    match style:
        case ButtonStyle.PRIMARY:
            return 1
        case ButtonStyle.SECONDARY:
            return 2
        case ButtonStyle.DANGER:
            return 4
        case _:
            assert_never(style)

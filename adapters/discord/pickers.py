"""A picker as a select of its own row, and what was chosen in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.discord import limits
from adapters.discord.blocks import more
from adapters.discord.buttons import Rows
from adapters.discord.escape import clean
from adapters.discord.kinds import Component, Type
from bot.core.chat.cards import PICKED, Choice, Picker
from bot.core.chat.missing import Missing


def picker_row(picker: Picker, used: set[str]) -> Rows:
    """The row; none where nothing can be chosen. used: ids that the message has already. What counts now
    is always among the options; a word says how many others do not fit."""
    taken = str(picker.action)
    usable = _usable(picker.choices)
    if not usable or taken in used:
        return Rows((), "", used)
    used.add(taken)
    usable.sort(key=lambda choice: choice.value != picker.value)
    shown = {choice.value for choice in usable[: limits.SELECT_OPTIONS]}
    options = [_option(choice, picker.value) for choice in _usable(picker.choices) if choice.value in shown]
    select: Component = {
        "type": Type.SELECT,
        "custom_id": taken,
        "placeholder": _line(picker.label, limits.PLACEHOLDER),
        "options": options,
    }
    left = len(picker.choices) - len(options)
    note = more(left, Missing.CHOICES) if left > 0 else ""
    return Rows(({"type": Type.ROW, "components": [select]},), note, used)


def picked(data: Mapping[str, Any]) -> dict[str, str] | None:
    """The value chosen in a message's select; None for a press of a button."""
    values = data.get("values")
    return {PICKED: str(values[0])} if values else None


def _usable(choices: tuple[Choice, ...]) -> list[Choice]:
    """Those that Discord takes; of two with the same value the first."""
    unique = {choice.value: choice for choice in reversed(choices)}
    return [c for c in choices if 0 < len(c.value) <= limits.OPTION_VALUE and unique[c.value] is c]


def _option(choice: Choice, value: str) -> Component:
    label = _line(choice.label, limits.OPTION_LABEL) or choice.value
    return {"label": label, "value": choice.value, "default": choice.value == value}


def _line(text: str, limit: int) -> str:
    """A line without markup: it is not parsed."""
    return limits.clip(" ".join(clean(text).split()), limit)

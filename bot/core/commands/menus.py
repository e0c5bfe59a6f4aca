"""What is offered for an option while a command is written: values to complete, and menus of forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import msgspec

from bot.core.chat.cards import Choice
from bot.core.chat.invocation import Call


class Menu(msgspec.Struct, frozen=True):
    """What a form offers for an option that only the place knows the values of.

    chosen: the value that counts where none is given, "" when there is none. note: what the person
    should know of it. question: why it has to be asked for, "" where it need not be.
    """

    choices: tuple[Choice, ...]
    chosen: str = ""
    note: str = ""
    question: str = ""


SuggestValues: TypeAlias = Callable[[Call[Any], str], Awaitable[tuple[Choice, ...]]]
"""Values for an option, from what is typed so far."""


MakeMenu: TypeAlias = Callable[[Call[Any]], Awaitable[Menu]]
"""The choices of a menu, as they are now."""

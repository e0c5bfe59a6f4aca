"""Saved styles: how they are named, and what offers to save one."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from bot.core.access import Permission, allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button
from bot.core.commands.declaring import Option
from bot.core.commands.page_cards import turn_label
from bot.core.commands.permits import held
from bot.core.commands.price_list import STYLE
from bot.core.messages.message import msg
from bot.core.text.lists import as_list
from bot.core.x import prices
from bot.features.services import CommandCall

ANALYZE_STYLE: Final = "style.analyze"
"""The button that saves the style of an account; its key is the username."""
_USERNAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)

StyleOption: TypeAlias = Annotated[
    str, Option("A saved style: an account or a label", main=True, max_length=50, suggest="styles")
]


def style_name(given: str) -> str:
    """The name as Xquik has it: without @ and spaces around it."""
    return given.strip().removeprefix("@").strip()


def typed(name: str) -> str:
    """The name as it is typed as the value of an option."""
    return as_list([name])


async def offer_to_analyze(call: CommandCall, given: str) -> tuple[Button, ...]:
    """The button that saves this style, where it can be that of an account, for who may spend."""
    name = style_name(given)
    may = await held(call.services.grants, call.invocation)
    if not _USERNAME.fullmatch(name) or not allows(may, Permission.SPEND):
        return ()
    label = msg("Analyze @{name}", name=name)
    cost = STYLE.of(prices.STYLE_SAMPLE)
    return (Button(turn_label(label, cost), action=ActionRef(ANALYZE_STYLE, name)),)

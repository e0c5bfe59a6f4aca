"""Saved styles: how they are named, and what offers to save one."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button
from bot.core.commands.asking import RUN_ACTION
from bot.core.commands.declaring import Option
from bot.core.commands.page_cards import turn_label
from bot.core.commands.permits import standing
from bot.core.commands.price_list import STYLE
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.core.text.lists import as_list
from bot.core.x import prices
from bot.features.services import CommandCall
from bot.features.shared.mending import kept_command

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
    """The button that saves this style, where it can be that of an account, for who may spend: it runs
    `style analyze`, which asks where the place wants to be asked."""
    name = style_name(given)
    analyzing = Deed(Permission.SPEND, "style analyze")  # no message: a command
    may = (await standing(call.services.grants, call.invocation)).may(analyzing)
    if not _USERNAME.fullmatch(name) or not may:
        return ()
    label = msg("Analyze @{name}", name=name)
    cost = STYLE.of(prices.STYLE_SAMPLE)
    key = await kept_command(call, RUN_ACTION, ("style", "analyze"), {"user": [name]})
    return (Button(turn_label(label, cost), action=ActionRef(RUN_ACTION, key)),)

"""The button below "It is quiet here": why, for those who may know, with what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards.silences import (
    RESUME_ROUTE_ACTION,
    WHY_ACTION,
    is_over,
    known_here,
    why_card,
)
from bot.core.access import Permission
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Action
from bot.core.commands.permits import held
from bot.features.relay.show import press_resume
from bot.features.services import CommandCall
from bot.features.shared.mending import _OF_CREDITS, mending_buttons, purse_of


async def why(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Cause and figures for those with VIEW or MANAGE, what everyone sees anyway for others."""
    one = await call.services.relay.silences.named(call.tenant, str(state["key"]))
    if one is None:
        return Reply(is_over())
    may = await held(call.services.grants, call.invocation)
    if not may & (Permission.VIEW | Permission.MANAGE):
        return Reply(known_here(one))
    purse = await purse_of(call) if one.cause in _OF_CREDITS else None
    return Reply(why_card(one, purse, await mending_buttons(call, (one,))))


async def resume_route(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The button below "A route is paused": resume, or ask what of what it missed is to follow. The answer is
    the person's alone, and the message stays for everyone."""
    return replace(await press_resume(call, state, {}), replace=False)


# Whether the person may know why is decided inside, by either of two permissions.
SILENCE_ACTIONS = (
    Action(WHY_ACTION, why, Permission.USE, needs_key=False, stored=False),
    Action(
        RESUME_ROUTE_ACTION,
        resume_route,
        Permission.MANAGE,
        needs_key=False,
        stored=False,
        command="relay resume",
    ),
)

"""The buttons with which those who manage end a silence."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards.silences import Purse, top_up_button
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle
from bot.core.commands.asking import FORM_ACTION, FORM_LIFETIME, RUN_ACTION
from bot.core.commands.declaring import MayDo
from bot.core.commands.permits import standing
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg
from bot.core.policy import Deed
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.core.x.forecast import lasts
from bot.features.services import CommandCall
from bot.xquik.models import Account

# Seconds that the balance is waited for: what is stored is told without it.
PURSE_SECONDS: Final = 5.0
# Monitors that have a button of their own.
_BUTTONS: Final = 3
# Characters of what is watched on a button.
_NAMED: Final = 40
_OF_CREDITS: Final = frozenset({SilenceCause.CREDITS, SilenceCause.LOW})


async def mending_buttons(call: CommandCall, silences: Sequence[Silence]) -> tuple[Button, ...]:
    """What mends them, of each sort once: where to top up, and what only those with MANAGE may do."""
    links = (top_up_button(),) if any(one.cause in _OF_CREDITS for one in silences) else ()
    if not silences:
        return links
    may = (await standing(call.services.grants, call.invocation)).may
    found = [button for one in silences for button in await _mending(call, one, may)]
    return (*links, *found[:_BUTTONS])


async def purse_of(call: CommandCall) -> Purse | None:
    """What the tenant has to spend; None where it has no key, or Xquik does not say it now."""
    if not await call.services.keys.has_key(call.tenant):
        return None
    try:
        async with asyncio.timeout(PURSE_SECONDS):
            return purse_in(await (await call.xquik()).account.show())
    except (BotError, TimeoutError):
        return None


def purse_in(account: Account) -> Purse | None:
    """The same of an answer of Xquik's."""
    if account.credit_info is None:
        return None
    hourly = account.monitor_billing.active_hourly_burn if account.monitor_billing is not None else 0
    balance, refills = account.credit_info.balance, account.credit_info.refills
    return Purse(balance, hourly, None if refills else lasts(balance, hourly), refills)


async def _mending(call: CommandCall, one: Silence, may: MayDo) -> tuple[Button, ...]:
    if one.cause is SilenceCause.KEY:
        if not may(Deed(Permission.MANAGE, "setup key")):  # no message: a command
            return ()
        key = await kept_command(call, FORM_ACTION, ("setup", "key"), {})
        label = msg("Enter a key")
        return (Button(label, action=ActionRef(FORM_ACTION, key), style=ButtonStyle.PRIMARY),)
    buttons = []
    for what in one.watched[:_BUTTONS]:
        path, values, label = _again(one.cause, what)
        if not may(Deed(Permission.MANAGE, " ".join(path))):
            continue
        key = await kept_command(call, RUN_ACTION, path, values)
        buttons.append(Button(label, action=ActionRef(RUN_ACTION, key)))
    return tuple(buttons)


def _again(cause: SilenceCause, what: Watched) -> tuple[tuple[str, ...], dict[str, list[str]], Message]:
    """The command that has it watched again, which shows the price and asks; and the words of the button."""
    named = str(what)
    if cause is not SilenceCause.REMOVED:
        label = msg("Resume {what}", what=named) if len(named) <= _NAMED else msg("Resume")
        return ("monitor", "resume"), {"monitor": [named if what.kind == "post" else what.name]}, label
    label = msg("Watch again: {what}", what=named) if len(named) <= _NAMED else msg("Watch again")
    if what.kind == "account":
        return ("monitor", "add"), {"account": [what.name]}, label
    if what.kind == "post":
        return ("monitor", "post"), {"tweet": [named]}, label
    return ("monitor", "keyword"), {"query": [what.name]}, label


async def kept_command(
    call: CommandCall, action: str, path: tuple[str, ...], values: Mapping[str, list[str]]
) -> str:
    """A command behind a button, as `bot.core.commands.asking` keeps it."""
    state = {"path": list(path), "values": dict(values), "about": ""}
    person = call.invocation.actor.id
    return await call.services.states.keep(call.tenant, action, state, lifetime=FORM_LIFETIME, person=person)

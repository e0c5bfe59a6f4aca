"""Which connected X account acts, as commands and buttons ask for it; and what forms offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice, Form, Input
from bot.core.commands.declaring import Option
from bot.core.commands.forms import menu_input
from bot.core.commands.menus import Menu
from bot.core.errors import UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg, pmsg
from bot.core.x.references import Username, parse_username
from bot.features.services import CommandCall
from bot.proposals.acting import OPTION, choices
from bot.xquik.models import XAccount

ACCOUNTS: Final = "accounts"
"""The name of what completes connected accounts in the catalogue, and of what asks for the one that
acts where that is not known."""
CONNECTED: Final = "connected"
"""The name of what offers connected accounts in forms, and asks for nothing."""
PREVIEW: Final = pmsg("the button", "Preview")
"""What sends a form that is followed by a preview."""
PREVIEW_FIRST: Final = msg("You will see a preview first")
NOTHING_YET: Final = msg("Nothing is posted until you confirm the preview.")
_TO_USE: Final = msg("The connected X account to use")


class AccountChoice(msgspec.Struct, frozen=True):
    """The account that acts. why: in words, where nobody named it; others: all that could act instead,
    itself included, for a picker."""

    account: XAccount
    why: str
    others: tuple[Choice, ...]


def account_option(description: str) -> Option:
    """The option that names the account that acts."""
    return Option(description, suggest=ACCOUNTS, menu=ACCOUNTS)


async def acting_account(call: CommandCall, wanted: Username | None, example: str) -> AccountChoice:
    """The account to act as; errors name the accounts there are and what to do."""
    named = None if wanted is None else str(wanted)
    accounts, acting = await call.services.accounts.acting(call.invocation, named, example)
    return AccountChoice(acting.account, acting.why, choices(accounts))


async def suggest_accounts(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The accounts, with what ails them; those that begin as typed first."""
    folded = typed.strip().removeprefix("@").casefold()
    found = [
        c for c in choices(await call.services.accounts.soon(call.invocation)) if folded in c.value.casefold()
    ]
    return tuple(sorted(found, key=lambda choice: not choice.value.casefold().startswith(folded)))


async def offer_accounts(call: CommandCall) -> Menu:
    """What forms offer."""
    return await call.services.accounts.menu(call.invocation)


async def offer_connected(call: CommandCall) -> Menu:
    """All connected accounts, none of them chosen."""
    return Menu((await call.services.accounts.menu(call.invocation)).choices)


# --- forms of buttons ------------------------------------------------------------------------


async def account_inputs(call: CommandCall) -> tuple[tuple[Input, ...], str]:
    """The picker of a form and what is to be said beside it; no field where there is nothing to choose."""
    menu = await call.services.accounts.menu(call.invocation)
    if len(menu.choices) < 2 and not menu.question:
        return (), ""
    return (menu_input(OPTION, _TO_USE, menu),), menu.note


async def form_if_asked(call: CommandCall, action: ActionRef, title: str, note: str) -> Form | None:
    """The form of a button that asks for nothing but the account; None where it is known."""
    menu = await call.services.accounts.menu(call.invocation)
    if not menu.question:
        return None
    picker = menu_input(OPTION, _TO_USE, menu)
    return Form(title, action, (picker,), submit=PREVIEW, note=sentences(menu.note, note))


def chosen(values: Mapping[str, str]) -> Username | None:
    """The account that a form named, None where it named none; UsageError for what is no username."""
    given = values.get(OPTION, "").strip()
    try:
        return parse_username(given) if given else None
    except ValueError as error:
        raise UsageError(said_by(error), option=OPTION) from None

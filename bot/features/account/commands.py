"""The group `account`, with `account show`, and `credits show`."""

from __future__ import annotations

import asyncio

from bot.cards.account import account_card, credits_card
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, NoArgs
from bot.core.commands.presets import INSIDE, command
from bot.features.account.default_accounts import DEFAULTS
from bot.features.account.identity import IDENTITY
from bot.features.account.language import LANGUAGE
from bot.features.account.topups import STATUS
from bot.features.services import CommandCall


async def show_account(call: CommandCall, _args: NoArgs) -> Reply:
    """Plan, balance, monitors and connected X accounts."""
    xquik = await call.xquik()
    account, accounts = await asyncio.gather(xquik.account.show(), xquik.x_accounts.list())
    asks_above = await call.services.spending.threshold(call.tenant)
    return Reply(account_card(account, accounts, asks_above))


async def show_credits(call: CommandCall, _args: NoArgs) -> Reply:
    """The balance."""
    xquik = await call.xquik()
    return Reply(credits_card(await xquik.account.credits()))


ACCOUNT = Group(
    "account",
    "The Xquik account used here",
    (
        command(
            "account show",
            show_account,
            INSIDE,
            "Show plan, balance and connected X accounts",
            "account show",
            operations=(
                "GET /account",
                "GET /x/accounts",
            ),
        ),
        *DEFAULTS,
        IDENTITY,
        LANGUAGE,
    ),
    default="show",
    instead="use",
)

CREDITS = Group(
    "credits",
    "The balance of Xquik credits",
    (
        command(
            "credits show",
            show_credits,
            INSIDE,
            "Show the balance, and what was bought and used",
            "credits show",
            operations=("GET /credits",),
        ),
        STATUS,
    ),
    default="show",
)

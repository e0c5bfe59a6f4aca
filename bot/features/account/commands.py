"""The group `account`, with `account show`, and `credits show`."""

from __future__ import annotations

import asyncio

from bot.cards.account import account_card, credits_card
from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.commands.declaring import Command, Effect, Group, NoArgs
from bot.features.account.default_accounts import DEFAULTS
from bot.features.services import CommandCall


async def show_account(call: CommandCall, _args: NoArgs) -> Reply:
    """Plan, balance, monitors and connected X accounts."""
    reads = await call.services.xquik.reads(call)
    account, accounts = await asyncio.gather(reads.account(), reads.x_accounts())
    return Reply(account_card(account, accounts))


async def show_credits(call: CommandCall, _args: NoArgs) -> Reply:
    """The balance."""
    reads = await call.services.xquik.reads(call)
    return Reply(credits_card(await reads.credits()))


ACCOUNT = Group(
    "account",
    "The Xquik account used here",
    (
        Command(
            path=("account", "show"),
            summary="Show plan, balance and connected X accounts",
            args=NoArgs,
            run=show_account,
            effect=Effect.READ,
            needs=Permission.VIEW,
            audience=Audience.PRIVATE,
            examples=("account show",),
        ),
        *DEFAULTS,
    ),
    default="show",
    instead="use",
)

CREDITS = Group(
    "credits",
    "The balance of Xquik credits",
    (
        Command(
            path=("credits", "show"),
            summary="Show the balance, and what was bought and used",
            args=NoArgs,
            run=show_credits,
            effect=Effect.READ,
            needs=Permission.VIEW,
            audience=Audience.PRIVATE,
            examples=("credits show",),
        ),
    ),
    default="show",
)

"""The group `account`, with `account show`, and `credits show`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from bot.cards.account import account_card, credits_card
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, NoArgs, Option
from bot.core.commands.presets import INSIDE, command
from bot.core.x.references import Username
from bot.features.account.alerts import ALERT
from bot.features.account.budgets import BUDGET
from bot.features.account.cards import connected_card
from bot.features.account.default_accounts import DEFAULTS
from bot.features.account.disconnecting import DISCONNECTING
from bot.features.account.identity import IDENTITY
from bot.features.account.language import LANGUAGE
from bot.features.account.report import REPORT_COMMAND
from bot.features.account.topups import STATUS, TOPUP_COMMAND
from bot.features.services import CommandCall
from bot.features.shared.accounts import ACCOUNTS, CONNECTED
from bot.proposals.acting import choose


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAccountArgs:
    """All of it, or one connected account."""

    account: Annotated[
        Username | None,
        Option("Only this connected X account", main=True, suggest=ACCOUNTS, menu=CONNECTED),
    ] = None


async def show_account(call: CommandCall, args: ShowAccountArgs) -> Reply:
    """Plan, balance, monitors and connected X accounts; or how one of these is."""
    xquik = await call.xquik()
    if args.account is not None:
        connected = tuple(one.as_healthy() for one in await call.services.accounts.connected(call.invocation))
        one = choose(connected, str(args.account), (), example="account show").account
        return Reply(connected_card(await xquik.x_accounts.show(one.id)))
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
            "Show plan, balance and connected X accounts, or one of these",
            "account show",
            "account show acme",
            operations=(
                "GET /account",
                "GET /x/accounts",
                "GET /x/accounts/{id}",
            ),
        ),
        *DEFAULTS,
        DISCONNECTING,
        IDENTITY,
        LANGUAGE,
    ),
    default="show",
    instead="use",
)

CREDITS = Group(
    "credits",
    "The Xquik credits: balance, budgets, top-ups",
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
        TOPUP_COMMAND,
        BUDGET,
        ALERT,
        REPORT_COMMAND,
    ),
    default="show",
)

"""`account disconnect`: takes an X account away from the Xquik account, once it was said what stops."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from bot.core.chat.answers import Proposal
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.routes.route import takes_from
from bot.features.account.cards import WhatStops, disconnect_preview
from bot.features.account.default_accounts import ConnectedAccount
from bot.features.account.kinds import DISCONNECT
from bot.features.services import CommandCall
from bot.features.shared.monitor_starts import bill_of
from bot.proposals.acting import as_account, choose, found
from bot.xquik.models import AnyMonitor, XAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class DisconnectArgs:
    """Which account."""

    account: ConnectedAccount


async def disconnect(call: CommandCall, args: DisconnectArgs) -> Proposal:
    """The end of a connection to be confirmed, with what stops by it and what goes on."""
    connected = await call.services.accounts.connected(call.invocation)
    # One that cannot act is disconnected all the same.
    able = tuple(one.as_healthy() for one in connected)
    named = choose(able, str(args.account), (), example="account disconnect").account  # no message: a command
    account = next(one for one in connected if one.id == named.id)
    preview = disconnect_preview(
        account, await _stops(call, account, connected), DISCONNECT.words({}).question
    )
    return DISCONNECT.proposal(as_account(account), preview)


async def _stops(call: CommandCall, account: XAccount, connected: tuple[XAccount, ...]) -> WhatStops:
    services, tenant = call.services, call.tenant
    xquik = await call.xquik()
    monitors, searches, posts, bill = await asyncio.gather(
        xquik.monitors.list(), xquik.keyword_monitors.list(), xquik.post_monitors.list(), bill_of(call)
    )
    defaults, routes, previews = await asyncio.gather(
        services.accounts.defaults.of_tenant(tenant),
        services.relay.routes.of_tenant(tenant),
        services.running.acting_as(tenant, account.id, services.clock()),
    )
    watched = [one for one in monitors if _is_of(one.x_user_id, one.username, account)]
    named = tuple(
        route.name
        for route in routes
        if route.accounts and takes_from(route, account=account.username, account_id=account.x_user_id)
    )
    all_else: list[AnyMonitor] = [*(one for one in monitors if one not in watched), *searches, *posts]
    others = sum(one.is_active for one in all_else)
    return WhatStops(
        defaults=tuple(one for one in defaults if found(connected, one) == account),
        waiting=previews[0],
        running=previews[1],
        hourly=bill.hourly * sum(one.is_active for one in watched),
        watched=bool(watched),
        routes=named,
        others=(others, bill.hourly * others, len(routes) - len(named)),
    )


def _is_of(x_user: str | None, username: str, account: XAccount) -> bool:
    """Whether what is watched is that account: by X's id where both are known, which outlives a rename."""
    if x_user and account.x_user_id:
        return x_user == account.x_user_id
    return username.casefold() == account.username.casefold()


DISCONNECTING: Final = command(
    "account disconnect",
    disconnect,
    SETTING_AT_XQUIK,
    "Disconnect an X account; says what stops and asks first",
    "account disconnect acme",
    operations=(
        "GET /x/accounts",
        "GET /monitors",
        "GET /monitors/keywords",
        "GET /monitors/posts",
        "GET /account",
        "DELETE /x/accounts/{id}",
    ),
)

"""Looks at what places have and what runs for them: low balances are told, running monitors are foreseen in
budgets. Asking is free."""

from __future__ import annotations

import asyncio
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.budgets import low_balance_card
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from bot.core.routes import dedup_keys
from bot.core.x import prices
from bot.features.services import Services
from bot.jobs.periodic import JobScope, Periodic
from bot.proposals.monitors import sort_of, watched_of
from bot.relay.sending.outbox import Outbox
from bot.storage.places.balance_alerts import BalanceAlert
from bot.xquik.models import AnyMonitor

PURSE_SECONDS: Final = 300.0
"""Seconds between two looks."""


class PurseWatch:
    """Looks again and again."""

    def __init__(self, services: Services, outbox: Outbox) -> None:
        self._services = services
        self._outbox = outbox

    def job(self) -> Periodic:
        """The work."""
        return Periodic(
            "purses", PURSE_SECONDS, self.look, JobScope.INSTALLATION, jitter=0.1, part="housekeeping"
        )

    async def look(self) -> None:
        """One look at every place that wants it. StorageUnavailable; what Xquik does not answer is asked in
        the next look."""
        for alert in await self._services.alerts.all():
            await self._balance(alert)
        budgets = self._services.budgets
        for tenant in await budgets.with_former():
            await budgets.let_go(tenant)
        for tenant in await budgets.tenants():
            await self._running(tenant)

    async def _balance(self, alert: BalanceAlert) -> None:
        tenant = alert.place.tenant
        try:
            purse = await (await self._services.xquik.of(tenant)).account.credits()
        except BotError:
            return
        low = purse.balance < alert.below
        if low == bool(alert.told_at):
            return
        if not low:
            await self._services.alerts.note(alert, 0.0)
            return
        now = self._services.clock()
        lanes: list[str] = []

        async def told(connection: AsyncConnection) -> None:
            lanes.clear()
            key, card = dedup_keys.of_balance(now), low_balance_card(alert.below)
            lanes.append(await self._outbox(connection, alert.place, key, card))

        if await self._services.alerts.note(alert, now, told):
            for lane in lanes:
                self._services.relay.wake(lane)

    async def _running(self, tenant: TenantId) -> None:
        services = self._services
        try:
            xquik = await services.xquik.of(tenant)
            accounts, keywords, posts, account = await asyncio.gather(
                xquik.monitors.list(),
                xquik.keyword_monitors.list(),
                xquik.post_monitors.list(),
                xquik.account.show(),
            )
        except BotError:
            return
        every: tuple[AnyMonitor, ...] = (*accounts, *keywords, *posts)
        on = [one for one in every if one.is_active]
        active = {(sort_of(one), one.id) for one in on}
        users = await services.monitor_uses.users(active)
        billing = account.monitor_billing
        hourly = billing.credits_per_active_monitor_hour if billing is not None else None
        price = prices.MONITOR_PER_HOUR if hourly is None else hourly
        # What only other places on the same Xquik account want is theirs to pay.
        mine = {
            f"{kind}:{monitor}": price
            for kind, monitor in active
            if not users[kind, monitor] or str(tenant) in users[kind, monitor]
        }
        watched = {f"{sort_of(one)}:{one.id}": watched_of(one) for one in on}
        await services.budgets.running(tenant, mine, watched)

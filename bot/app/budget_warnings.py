"""Telling of budgets that are nearly used up, in the transaction that makes them so."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.budgets import warning_card
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.budgets import BudgetUse
from bot.core.routes import dedup_keys
from bot.relay.sending.telling import tell
from bot.storage.places.budgets import Warn


def budget_warnings(clock: Clock) -> Warn:
    """Tells those who manage the place, or the channel for notices. What is queued goes out with the next
    look of its lane. clock: epoch seconds."""

    async def warn(connection: AsyncConnection, tenant: TenantId, uses: Sequence[BudgetUse]) -> None:
        now = clock()
        for use in uses:
            key = dedup_keys.of_budget(
                use.budget.scope.value,
                use.budget.subject,
                use.budget.period.value,
                use.until,
                limit=use.budget.credits,
                spent_up=use.spent_up,
                now=now,
            )
            await tell(connection, tenant, (), dedup_key=key, card=warning_card(use), now=now)

    return warn

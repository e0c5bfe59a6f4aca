"""What commands spend without a Confirm of their own, held against budgets."""

from __future__ import annotations

import secrets

from bot.core.afterwards import or_else
from bot.core.chat.invocation import Invocation
from bot.core.commands.budgets import Spend
from bot.storage.places.budgets import Budgets


class CommandMeter:
    """Implements `bot.core.commands.budgets.Meter`."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    async def reserve(self, invocation: Invocation, what: str, credits: int) -> str:
        """Before it is asked."""
        spend = Spend(
            f"command-{secrets.token_hex(16)}",
            invocation.tenant,
            invocation.actor.id,
            invocation.place.channel,
            what,
            credits,
        )
        await self._budgets.reserve(spend)
        return spend.id

    async def settle(self, spent: str, charged: int | None) -> None:
        """Afterwards. What cannot be stored goes on counting as it was reserved: the answer is there."""
        lost = "what a command was charged is not known"  # no message: for the log
        await or_else(self._budgets.settle(spent, charged), None, what=lost)

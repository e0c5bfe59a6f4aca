"""What proposals spend, held against budgets: reserved by the claim, settled with the outcome, each in the
transaction that makes it true."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.core.commands.budgets import BudgetReached, Spend
from bot.core.proposal_states import ProposalState
from bot.core.routes.monitor_starts import plan_of
from bot.core.routes.watched import WatchedSource, of_stored, watched_of_start
from bot.proposals.kinds import ProposalKinds
from bot.proposals.previews import looked_up
from bot.storage.places.budgets import Budgets
from bot.storage.writes.proposal_rows import StoredProposal


class BudgetedProposals:
    """Counts what is confirmed. clock: epoch seconds."""

    def __init__(self, budgets: Budgets, kinds: ProposalKinds, clock: Clock) -> None:
        self._budgets = budgets
        self._kinds = kinds
        self._clock = clock

    async def claimed(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Reserve the most that it may be charged, where that is known, else its estimate, for who confirmed.
        BudgetReached ends the transaction: it stays open."""
        await self._budgets.reserve_in(connection, self._spend(stored), self._clock())

    async def short(self, stored: StoredProposal) -> BudgetReached | None:
        """Why it could not be confirmed now by who asked for it; None where it could."""
        return await self._budgets.short(self._spend(stored))

    async def settled(self, connection: AsyncConnection, stored: StoredProposal) -> None:
        """Count what it cost. Where Xquik does not say, what was reserved counts."""
        result = stored.result or {}
        if self._kinds[stored.kind].cost.hourly:
            if stored.state is not ProposalState.UNKNOWN:
                done = stored.state is ProposalState.DONE
                monitors = result.get("running", ()) if done else ()
                price = stored.payload.get("hourly")
                each = price if isinstance(price, int) else None
                names, watched = [str(one) for one in monitors], of_stored(result.get("watched"))
                await self._budgets.began_in(connection, stored.id, names, each, watched)
            return
        charged = result.get("charged")
        draw = str(result.get("draw") or "")
        known = charged if isinstance(charged, int) else None
        await self._budgets.settle_in(connection, stored.id, known, draw)

    def _spend(self, stored: StoredProposal) -> Spend:
        """What it may cost, of who confirmed it, else of who asked for it."""
        kind = self._kinds[stored.kind]
        hourly = kind.cost.hourly > 0
        wanted = stored.credits if kind.most is None else max(stored.credits, kind.most(stored.payload))
        route = stored.payload.get("route")
        return Spend(
            stored.id,
            stored.tenant,
            stored.decided_by or stored.requester,
            stored.place.channel,
            stored.command or stored.kind,
            0 if hourly else wanted,
            wanted if hourly else 0,
            str(route.get("id", "")) if isinstance(route, dict) else "",
            _watched(stored) if hourly else (),
            looked=bool(looked_up(stored.preview)),
        )


def _watched(stored: StoredProposal) -> tuple[WatchedSource, ...]:
    """What is to be watched; () where the plan cannot be read."""
    try:
        return tuple(map(watched_of_start, plan_of(stored.payload).starts))
    except (KeyError, TypeError, ValueError):
        return ()

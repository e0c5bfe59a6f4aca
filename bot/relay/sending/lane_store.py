"""The lanes' book-keeping, many lanes in one durable transaction.

One step of a lane is: write down what became of its head, and mark the next one as `sending`. The
steps of all lanes that are ready at the same time share one transaction of three statements, which
is what lets thousands of messages a second go out although each is marked on the disk before it is
posted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.relay.gathering import Gatherer, writes_ahead
from bot.storage.engine.database import Database
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import NotDue, Settlement, claim, settle

# A lane's next step: a delivery to post, a moment to wait for, or None for an empty lane.
Next: TypeAlias = Claimed | NotDue | None

GROUP_LIMIT = 512


class _Step(msgspec.Struct, frozen=True):
    """settlement: what became of the head before; lane: whose next head is wanted."""

    settlement: Settlement | None
    lane: str | None


Holds: TypeAlias = Callable[[], bool]
"""Whether this process is still the one that relays."""


class LaneStore:
    """Claims and settles deliveries. Every method raises StorageUnavailable when it cannot.

    holds: whether this process is certainly the one that relays. While it is not, nothing is written
    here: another one may have begun with the very same messages.
    """

    def __init__(self, db: Database, clock: Clock, holds: Holds) -> None:
        self._db = db
        self._clock = clock
        self._holds = holds
        self._gatherer: Gatherer[_Step, Next] = Gatherer(
            self._write,
            name="relay-lane-store",
            group_limit=GROUP_LIMIT,
            waiting_limit=100_000,
            ahead=writes_ahead(db),
        )

    async def claim(self, lane: str) -> Next:
        """Mark the lane's head as `sending` and return it, once that is durable."""
        return await self._gatherer.submit(_Step(None, lane))

    async def settle(self, settlement: Settlement) -> None:
        """Write down what became of a delivery."""
        await self._gatherer.submit(_Step(settlement, None))

    async def settle_and_claim(self, settlement: Settlement, lane: str) -> Next:
        """Both, in one step: the delivery is settled exactly when the next one is marked."""
        return await self._gatherer.submit(_Step(settlement, lane))

    async def drained(self) -> None:
        """Wait until everything asked so far is written."""
        await self._gatherer.drained()

    async def _write(self, take: Callable[[], Sequence[_Step]]) -> list[Next]:
        if not self._holds():
            raise StorageUnavailable(
                "it is not certain that no other process relays",  # no message: for logs
                code="not_relaying",
            )
        now = self._clock()
        dialect = self._db.dialect

        async def work(connection: AsyncConnection) -> dict[str, Claimed | NotDue]:
            steps = take()
            await settle(connection, [step.settlement for step in steps if step.settlement is not None])
            lanes = [step.lane for step in steps if step.lane is not None]
            return await claim(connection, dialect, lanes, now) if lanes else {}

        heads = await self._db.write(work)
        return [heads.get(step.lane) if step.lane is not None else None for step in take()]

"""The lanes' book-keeping, many lanes in one durable transaction.

One step of a lane is: write down what became of its head, and mark the next one as `sending`. The
steps of all lanes that are ready at the same time share one transaction of three statements, which
is what lets thousands of messages a second go out although each is marked on the disk before it is
posted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.relay.gathering import Gatherer, writes_ahead
from bot.relay.sending.lane_tenure import LaneTenure, not_held
from bot.storage.engine.database import Database
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import NotDue, Settlement, claim, settle

# A lane's next step: a delivery to post, a moment to wait for, or None for an empty lane.
Next: TypeAlias = Claimed | NotDue | None

GROUP_LIMIT = 512


class _Step(msgspec.Struct, frozen=True):
    """drained: the lane, as it is drained. settlement: what became of the head before; lane: whose next head
    is wanted."""

    drained: str
    settlement: Settlement | None
    lane: str | None


class _NotOurs(msgspec.Struct, frozen=True):
    """The answer to a step of a lane that may be another process's by now."""


_NOT_OURS: Final = _NotOurs()


class LaneStore:
    """Claims and settles deliveries. Every method raises StorageUnavailable when it cannot.

    tenure: which lanes are certainly this process's to drain. Of others nothing is written here: another
    process may have begun with the very same messages.
    """

    def __init__(self, db: Database, clock: Clock, tenure: LaneTenure) -> None:
        self._db = db
        self._clock = clock
        self._tenure = tenure
        self._gatherer: Gatherer[_Step, Next | _NotOurs] = Gatherer(
            self._write,
            name="relay-lane-store",
            group_limit=GROUP_LIMIT,
            waiting_limit=100_000,
            ahead=writes_ahead(db),
        )

    async def claim(self, lane: str) -> Next:
        """Mark the lane's head as `sending` and return it, once that is durable."""
        return await self._step(_Step(lane, None, lane))

    async def settle(self, lane: str, settlement: Settlement) -> None:
        """Write down what became of a delivery. lane: with which it is drained."""
        await self._step(_Step(lane, settlement, None))

    async def settle_and_claim(self, settlement: Settlement, lane: str) -> Next:
        """Both, in one step: the delivery is settled exactly when the next one is marked."""
        return await self._step(_Step(lane, settlement, lane))

    async def drained(self) -> None:
        """Wait until everything asked so far is written."""
        await self._gatherer.drained()

    async def _step(self, step: _Step) -> Next:
        answer = await self._gatherer.submit(step)
        if isinstance(answer, _NotOurs):
            raise not_held()
        return answer

    async def _write(self, take: Callable[[], Sequence[_Step]]) -> list[Next | _NotOurs]:
        now = self._clock()
        dialect = self._db.dialect
        ours: set[str] = set()

        async def work(connection: AsyncConnection) -> dict[str, Claimed | NotDue]:
            # Asked when the transaction begins, each time it does.
            ours.clear()
            ours.update(step.drained for step in take() if self._tenure.holds(step.drained))
            steps = [step for step in take() if step.drained in ours]
            await settle(connection, [step.settlement for step in steps if step.settlement is not None])
            lanes = [step.lane for step in steps if step.lane is not None]
            return await claim(connection, dialect, lanes, now) if lanes else {}

        heads = await self._db.write(work)
        return [
            _NOT_OURS if step.drained not in ours else None if step.lane is None else heads.get(step.lane)
            for step in take()
        ]

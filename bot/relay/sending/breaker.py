"""A circuit breaker for places that stop answering: told of once, tried one by one, told of again after.

A lane whose head fails again and again is a broken circuit already: only its head is tried, at growing
intervals (`bot.relay.sending.backoff`), and everything behind it waits. What is here is the telling. After
`FAILURES` tries in a row and `PATIENCE` seconds those who made the routes hear that the place cannot be
reached; when it can be, they and the place itself hear for how long it could not, and how much follows.
Nothing is deleted for that, however long it takes.

A place that the platform refuses for good (`lost`) is told of at once, also once: it counts as over when a
message arrives there again, so that one that seems well and then refuses again is not told of each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Gone
from bot.core.clocks import Clock
from bot.core.messages.message import Duration
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.route import Route
from bot.jobs.periodic import JobScope, Periodic
from bot.relay.gathering import Gatherer, TakeItems
from bot.relay.observing import RelayObserver
from bot.relay.sending import backoff, outage_notices
from bot.relay.sending.outage_notices import KeptMessages
from bot.relay.sending.outbox import delivery_key, enqueue_notice, lane_of_events
from bot.relay.sending.telling import tell, tell_each
from bot.relay.sending.threads import place_of
from bot.storage.engine.database import Database
from bot.storage.relay import outages, pauses
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import keep
from bot.storage.relay.lost_places import take_left_out
from bot.storage.relay.outages import Outage

# Tries of one message in a row, and seconds from the first of them, before anybody is told.
FAILURES = 5
PATIENCE = 60.0
# Seconds between looks at what other processes know.
_LOOK_SECONDS = 30.0
# Lanes whose failures are remembered; those beyond are remembered when they fail again.
_REMEMBERED = 10_000


class Breaker:
    """Keeps the outages of places. Its own troubles are reported and hold up no message."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        wake: Wake,
        observer: RelayObserver,
        max_age: float | None = None,
        shared: bool = False,
    ) -> None:
        """clock: epoch seconds. wake: called for lanes that a notice was put into. max_age: seconds for which
        what comes for a lost place is kept. shared: other processes drain lanes, too: a lane's outage may
        have begun or ended since it was drained here last."""
        self._shared = shared
        self._changes = 0
        self._reads: Gatherer[str, Outage | None] = Gatherer(
            self._read, name="relay-outages", group_limit=1_000, waiting_limit=100_000
        )
        self._db = db
        self._clock = clock
        self._wake = wake
        self._observer = observer
        self._max_age = max_age
        self._failing: dict[str, float] = {}
        self._heads: dict[str, int] = {}
        self._open: dict[str, Outage] | None = None
        self._learning = asyncio.Lock()

    def work(self) -> Periodic:
        """Looks what other processes know, for the figures: of a lane it is asked before it is drained."""
        return Periodic("outages", _LOOK_SECONDS, self._look, JobScope.PROCESS, part="lanes")

    async def begin(self, lane: str) -> None:
        """The lane is drained from now on; by nobody else until it is not."""
        if not self._shared:
            return
        try:
            known = await self._known()
            self._learn(known, lane, await self._reads.submit(lane))
        except Exception as error:
            self._observer.trouble("lanes", error)

    async def failed(self, item: Claimed, detail: str) -> None:
        """A try of the head of a lane failed. detail: why, in words."""
        now = self._clock()
        if self._shared and self._heads.get(item.lane) != item.id:
            self._no_longer(item.lane)  # another process has sent what failed here
        if item.lane not in self._failing and len(self._failing) < _REMEMBERED:
            self._failing[item.lane] = now
            self._heads[item.lane] = item.id
        since = self._failing.get(item.lane, now)
        if self._shared:  # others may have tried before
            since = min(since, now - backoff.least(item.attempts))
        if item.attempts < FAILURES or now - since < PATIENCE:
            return
        try:
            known = await self._known()
            if (before := known.get(item.lane)) is not None:
                if not await self._stands(before):
                    # Somebody let it go on by way of another process: it fails anew from here.
                    self.forget([item.lane])
                    self._failing[item.lane] = now
                return
            name = delivery_key(item.lane, f"outage:{int(since)}")
            outage = Outage(item.lane, name, since)
            lanes = await self._db.write(lambda c: self._begun(c, item, outage, detail, now))
            known[item.lane] = outage
            self._changes += 1
        except Exception as error:
            self._observer.trouble("lanes", error)  # said with the next try that fails
            return
        self._observer.unreachable(item.destination.tenant.platform, 1)
        for lane in lanes:
            self._wake(lane)

    def may_end(self, lane: str) -> bool:
        """Whether a message that arrives in the lane may end an outage, which is said before the next one."""
        return self._open is None or lane in self._open

    async def worked(self, item: Claimed) -> None:
        """A message of the lane arrived, and that is written down."""
        self._no_longer(item.lane)
        if self._open is not None and item.lane not in self._open:
            return
        await self._over(item.lane, item)

    async def stopped(self, lane: str) -> None:
        """The lane is empty: its outage ends without a word, unless its place is lost."""
        self._no_longer(lane)
        known = None if self._open is None else self._open.get(lane)
        if self._open is None or (known is not None and not known.lost):
            await self._over(lane, None)

    async def lost(self, item: Claimed, gone: Gone, check_at: float) -> bool:
        """The platform refuses a message for good: its place is lost, and what waits is kept.

        check_at: when it is looked at next, epoch seconds. False when no route leads there, and nothing was
        changed. Raises StorageUnavailable.
        """
        now, place = self._clock(), place_of(item)
        lane = lane_of_events(place)
        known = await self._known()
        before = known.get(lane)
        name = delivery_key(lane, f"lost:{item.id}:{item.attempts}") if before is None else before.name
        outage = Outage(lane, name, now if before is None else before.since, lost=True)

        async def work(connection: AsyncConnection) -> list[str] | None:
            routes = await pauses.lose(connection, place, gone.reason, now=now, check_at=check_at)
            if not routes:
                return None
            await keep(connection, item, lane, gone.reason, now)
            again = before is not None and before.lost and await outages.stored(connection, before.name)
            await outages.begin(connection, outage)
            return [] if again else await self._tell_of_loss(connection, item, outage, gone, routes, now)

        lanes = await self._db.write(work)
        if lanes is None:
            return False
        self._no_longer(lane)
        if before is not None and not before.lost:
            self._observer.unreachable(item.destination.tenant.platform, -1)
        known[lane] = outage
        self._changes += 1
        for one in lanes:
            self._wake(one)
        return True

    def forget(self, lanes: Iterable[str]) -> None:
        """Somebody let the places of these lanes go on, and said so."""
        for lane in lanes:
            self._no_longer(lane)
            outage = None if self._open is None else self._open.pop(lane, None)
            if outage is not None and not outage.lost:
                self._observer.unreachable(lane.partition(":")[0], -1)

    def _no_longer(self, lane: str) -> None:
        self._failing.pop(lane, None)
        self._heads.pop(lane, None)

    async def _over(self, lane: str, item: Claimed | None) -> None:
        now = self._clock()
        try:
            known = await self._known()
            outage = known.get(lane)
            if outage is None:
                return
            if outage.lost and item is None:
                return
            lanes = await self._db.write(lambda c: self._ended(c, outage, item, now))
            known.pop(lane, None)
            self._changes += 1
        except Exception as error:
            self._observer.trouble("lanes", error)  # said with the next message that arrives
            return
        if not outage.lost:
            self._observer.unreachable(lane.partition(":")[0], -1)
        for one in lanes:
            self._wake(one)

    async def _read(self, take: TakeItems[str]) -> list[Outage | None]:
        found = await outages.open_outages(self._db)
        return [found.get(lane) for lane in take()]

    async def _look(self) -> None:
        known, changes = await self._known(), self._changes
        found = await outages.open_outages(self._db)
        if changes != self._changes:
            return  # what was read may be older than what is known
        for lane in {*known, *found}:
            self._learn(known, lane, found.get(lane))

    def _learn(self, known: dict[str, Outage], lane: str, outage: Outage | None) -> None:
        before = known.pop(lane, None)
        if outage is not None:
            known[lane] = outage
        change = _counts(outage) - _counts(before)
        if change:
            self._observer.unreachable(lane.partition(":")[0], change)

    async def _known(self) -> dict[str, Outage]:
        if self._open is None:
            # Every lane asks at once when the process starts; one of them reads.
            async with self._learning:
                if self._open is None:
                    found = await outages.open_outages(self._db)
                    self._open = found
                    for lane, outage in found.items():
                        if not outage.lost:
                            self._observer.unreachable(lane.partition(":")[0], 1)
        return self._open

    async def _stands(self, outage: Outage) -> bool:
        return await self._db.read(lambda connection: outages.stored(connection, outage.name))

    async def _begun(
        self, connection: AsyncConnection, item: Claimed, outage: Outage, detail: str, now: float
    ) -> list[str]:
        await outages.begin(connection, outage)
        waiting = await outages.waiting(connection, item.lane)
        card = outage_notices.unreachable(place_of(item), detail, waiting, outage.since)
        return await self._tell(connection, item, dedup_keys.of_outage(outage.name), card, now)

    async def _ended(
        self, connection: AsyncConnection, outage: Outage, item: Claimed | None, now: float
    ) -> list[str]:
        if not await outages.end(connection, outage) or item is None:
            return []
        left_out = await take_left_out(connection, item.lane)
        following = KeptMessages(await outages.following(connection, item.lane), left_out)
        lasted = Duration(max(0.0, now - outage.since))
        dedup_key = dedup_keys.of_recovery(outage.name)
        place = place_of(item)
        said = outage_notices.back(lasted, following)
        here = await enqueue_notice(connection, place, dedup_key, said, now=now, first=True)
        told = outage_notices.reachable(place, lasted, following)
        return [here, *await self._tell(connection, item, dedup_key, told, now)]

    async def _tell_of_loss(
        self,
        connection: AsyncConnection,
        item: Claimed,
        outage: Outage,
        gone: Gone,
        routes: Sequence[Route],
        now: float,
    ) -> list[str]:
        """Each who manages one of them, once, of all of theirs."""
        by_maker: dict[str, list[Route]] = {}
        for route in routes:
            by_maker.setdefault(route.created_by, []).append(route)
        place = place_of(item)
        return await tell_each(
            connection,
            place.tenant,
            by_maker,
            dedup_key=dedup_keys.of_loss(outage.name),
            card=lambda made: outage_notices.lost(place, made, gone.reason, gone.remedy, self._max_age),
            now=now,
        )

    async def _tell(
        self, connection: AsyncConnection, item: Claimed, dedup_key: DedupKey, card: Card, now: float
    ) -> list[str]:
        makers = await outages.makers(connection, item.lane)
        tenant = item.destination.tenant
        return await tell(connection, tenant, makers, dedup_key=dedup_key, card=card, now=now)


def _counts(outage: Outage | None) -> int:
    """How many places that do not answer it is."""
    return int(outage is not None and not outage.lost)

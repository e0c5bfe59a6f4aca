"""Catch-up: what Xquik has and we have not is stored, oldest first, and only then said to be known.

A tenant seen for the first time begins now. From then on a durable mark says how far its events are
known to be stored (`bot.storage.intake.watermarks`), and a run looks at everything behind it. What came by
webhook or stream is recognised by its id, so an event makes one message whichever way it came.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Final
from weakref import WeakValueDictionary

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Clock
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.route import Route
from bot.relay.fetching.gap import HELD_EVENTS, Gap, Listed, Walk
from bot.relay.receiving import gap_notices
from bot.relay.receiving.delivery_body import read_body
from bot.relay.receiving.intake import Intake
from bot.relay.receiving.received import Received
from bot.relay.routing.route_index import RouteIndex
from bot.storage.engine.database import Database
from bot.storage.intake.watermarks import Mark, Member, Watermarks, refuse
from bot.storage.relay.routes import Routes
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections
from bot.xquik.resources.event_feed import EventFeed

VIA: Final = "catchup"
MARK_EVERY: Final = 100
"""Events after which the mark is moved while a gap is closed; a crash looks at so many again."""
CONCURRENCY: Final = 8
"""Tenants that are compared at a time."""


class Report(msgspec.Struct, frozen=True):
    """What a run did. stored: events that were missing; skipped: of them too old to be posted.

    young: some are so new that their webhook may still be under way; they were left to the next run.
    more: the gap is larger than one run holds; run again.
    """

    stored: int = 0
    skipped: int = 0
    young: bool = False
    more: bool = False


class CatchUp:
    """Compares what Xquik has of a tenant with what is stored."""

    def __init__(
        self,
        db: Database,
        marks: Watermarks,
        routes: Routes,
        intake: Intake,
        connections: Connections,
        keys: TenantKeys,
        *,
        clock: Clock,
        wake: Wake,
        max_age: float | None,
        held_events: int = HELD_EVENTS,
    ) -> None:
        """wake: called for a lane that a notice was put into. max_age: seconds; what happened longer
        ago is counted and said, not posted. held_events: of one tenant in memory at a time."""
        self._db = db
        self._marks = marks
        self._routes = routes
        self._intake = intake
        self._connections = connections
        self._keys = keys
        self._clock = clock
        self._wake = wake
        self._max_age = max_age
        self._held_events = held_events
        self._locks: WeakValueDictionary[TenantId, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(CONCURRENCY)

    async def feed(self, member: Member) -> EventFeed:
        """The member's events at Xquik."""
        return self._connections.feed(await self._keys.key(member.tenant))

    async def run(self, member: Member, *, grace: float = 0.0) -> Report:
        """One comparison; whatever `Transport.request` raises, and StorageUnavailable.

        grace: seconds for which an event is left to its webhook, so that fetching does not overtake
        deliveries in their normal course.
        """
        # One at a time for a tenant, so that two never begin it or tell its gap differently.
        lock = self._locks.setdefault(member.tenant, asyncio.Lock())
        async with lock, self._places:
            found = await self._marks.member(member.tenant)
            return Report() if found is None else await self._compare(found, grace)

    async def _compare(self, member: Member, grace: float) -> Report:
        feed = await self.feed(member)
        mark = await self._standing(member, feed)
        if mark is None:
            return Report()
        routes = await self._routes.of_tenant(member.tenant)
        now = self._clock()
        walk = Walk(
            member.tenant,
            mark,
            feed.page,
            lambda identities: self._marks.known(member.tenant, identities),
            RouteIndex(routes),
            now=now,
            max_age=self._postable_age(),
            held_events=self._held_events,
        )
        gap = await walk.run()
        await self._say_skipped(mark, gap, routes, now)
        stored, young = await self._store(member, gap, now - grace if grace else math.inf)
        return Report(stored, gap.stale, young, more=not gap.whole and not young)

    async def refused(self, member: Member) -> None:
        """Xquik refused the key: note it, and tell who made the routes, once for each key."""
        now = self._clock()
        routes = await self._routes.of_tenant(member.tenant)
        dedup_key = dedup_keys.of_refused_key(member.key_at)

        async def work(connection: AsyncConnection) -> list[str]:
            if not await refuse(connection, self._db, member, now):
                return []
            return await gap_notices.tell_managers(
                connection, member.tenant, routes, dedup_key=dedup_key, card=gap_notices.KEY_REFUSED, now=now
            )

        for lane in await self._db.write(work):
            self._wake(lane)

    def _postable_age(self) -> float | None:
        """A little less than `max_age`: what grows too old while a gap is stored is said as well."""
        return None if self._max_age is None else self._max_age - min(60.0, self._max_age / 100)

    async def _standing(self, member: Member, feed: EventFeed) -> Mark | None:
        """The member's mark; None when it was made only now, and nothing lies behind it."""
        mark = member.mark
        if mark is not None and mark.event is not None:
            if mark.key_at == member.key_at and not mark.refused:
                return mark
            if mark.event and await feed.has(mark.event):
                await self._marks.same_account(member)
                return mark
            # A key of another account: its past is not this tenant's gap.
        newest = (await feed.page(limit=1)).items[:1]
        await self._marks.begin(member, (newest[0].id or "") if newest else "", self._clock())
        return None

    async def _say_skipped(self, mark: Mark, gap: Gap, routes: Sequence[Route], now: float) -> None:
        if not gap.stale and not gap.more_skipped:
            return
        max_age = self._max_age or 0.0
        if gap.stale:
            counts: dict[Destination, int] = dict(gap.skipped)
        else:
            counts = dict.fromkeys(gap_notices.places(routes), 0)
        cards: dict[Destination, Card] = {
            place: gap_notices.skipped(count, gap.more_skipped, max_age) for place, count in counts.items()
        }
        # Named after the mark that the gap begins at: a run that is repeated says it no second time.
        dedup_key = dedup_keys.of_skipped(mark.event, mark.happened_at)
        lanes = await self._db.write(lambda connection: gap_notices.say_in(connection, cards, dedup_key, now))
        for lane in lanes:
            self._wake(lane)

    async def _store(self, member: Member, gap: Gap, young_from: float) -> tuple[int, bool]:
        """Store what is missing, oldest first; how many were new, and whether any was too young."""
        stored = 0
        behind: Listed | None = None
        for position, item in enumerate(gap.oldest_first(), start=1):
            if item.content is not None:
                if item.dated and item.happened_at > young_from:
                    await self._advance(member, behind)
                    return stored, True
                stored += await self._take(member, item.content)
            if item.id is not None:
                behind = item
            if position % MARK_EVERY == 0:
                await self._advance(member, behind)
        await self._advance(member, behind)
        return stored, False

    async def _take(self, member: Member, content: bytes) -> int:
        body = read_body(content, self._clock())
        if body.event is None:
            return 0
        received = await self._intake.take_event(member.tenant, body.event, body.data, body.digest, VIA)
        return int(received is Received.ACCEPTED)

    async def _advance(self, member: Member, to: Listed | None) -> None:
        if to is not None and to.id is not None:
            await self._marks.advance(member.tenant, to.id, to.happened_at)

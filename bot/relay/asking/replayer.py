"""Replay: sending once more what a place has not got: dead letters, or the events of a stretch of time.

What is to be sent is fixed when the person is asked, and each message has a dedup_key made of the
question's own key, so that two clicks, two people or a crash in between send each of them once.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Clock
from bot.core.errors import LimitReached
from bot.core.messages.message import msg, nmsg
from bot.core.ports import Scheduler
from bot.core.routes import dedup_keys
from bot.core.routes.dead_letters import DeadLetters
from bot.core.routes.events import Event
from bot.core.routes.route import Matched, Route, match
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.planning import Planned
from bot.relay.routing.thread_openers import accompanied, thread_of
from bot.relay.sending.outbox import delivery_key
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events
from bot.storage.relay.deliveries import Deliveries, NewDelivery, add
from bot.storage.relay.held import known
from bot.storage.relay.mutes import Mutes
from bot.storage.relay.replaying import count_dead, dead_by_lane, newest_dead, replay_dead

# Events of one replay: more is a matter for several questions.
MOST = 1_000
# Messages of a tenant that wait, above which no stretch is sent once more: a person can ask for the same
# one again and again.
MOST_WAITING = 20_000


class Stretch(msgspec.Struct, frozen=True):
    """Events that came between two moments (epoch seconds), up to an id of ours, through a route.

    again: those too that the place has got already.
    """

    since: float
    until: float
    upto: int
    again: bool = False


class Replayer:
    """Counts and replays, for one tenant at a time."""

    def __init__(
        self,
        db: Database,
        events: Events,
        deliveries: Deliveries,
        mutes: Mutes,
        scheduler: Scheduler,
        clock: Clock,
    ) -> None:
        """clock: epoch seconds."""
        self._db = db
        self._events = events
        self._deliveries = deliveries
        self._mutes = mutes
        self._scheduler = scheduler
        self._clock = clock

    async def dead_by_lane(self, tenant: TenantId) -> dict[str, int]:
        """How many dead letters each lane has that were not sent again."""
        return await dead_by_lane(self._db, DeadLetters(tenant))

    async def dead(self, tenant: TenantId, route: Route | None) -> tuple[DeadLetters, int]:
        """The dead letters of a tenant, or of the places of one route, as they are now; how many."""
        lanes = () if route is None else tuple(str(place) for place in route.destinations)
        chosen = DeadLetters(tenant, lanes=lanes, upto=await newest_dead(self._db))
        return chosen, await count_dead(self._db, chosen)

    async def replay_dead(self, chosen: DeadLetters) -> int:
        """Send them; how many. A second time: none."""
        done = await replay_dead(self._db, chosen, now=self._clock(), key=delivery_key)
        for lane in done.lanes:
            self._scheduler.wake(lane)
        return done.messages

    async def stretch(self, route: Route, since: float, until: float, *, again: bool) -> tuple[Stretch, int]:
        """A stretch as it is now, and how many messages it would make. LimitReached as in `replay`."""
        chosen = Stretch(since, until, await self._events.newest(), again)
        return chosen, len(await self._messages(route, chosen, ""))

    async def replay(self, route: Route, chosen: Stretch, token: str) -> int:
        """Send the messages of a stretch; how many are new. token: of the question, the same for each
        answer to it. LimitReached when very much waits already."""
        events = await self._messages(route, chosen, token)
        new = [one for event in events for one in accompanied(event, route)]

        async def work(connection: AsyncConnection) -> int:
            wanted = [(one.lane, one.dedup_key) for one in events]
            before = len(await known(connection, wanted))
            await add(connection, new)
            return len(wanted) - before

        sent = await self._db.write(work)
        for lane in {one.lane for one in new}:
            self._scheduler.wake(lane)
        return sent

    async def _messages(self, route: Route, chosen: Stretch, token: str) -> list[NewDelivery]:
        tenant = route.destination.tenant
        waiting = await self._deliveries.backlog(tenant, MOST_WAITING)
        if waiting >= MOST_WAITING:
            raise LimitReached(
                nmsg(
                    "{n} message is already waiting here.",
                    "{n} messages are already waiting here.",
                    n=waiting,
                ),
                remedy=msg("`relay status` shows where. Once they are sent, ask again."),
            )
        muting = await self._mutes.muting(tenant)
        events = await self._events.between(tenant, chosen.since, chosen.until, chosen.upto, MOST)
        # A paused route is asked as if it were on: what it missed is what people want to replay.
        asked = replace(route, paused_reason=None)
        taken = [event for event in events if isinstance(match(asked, event), Matched)]
        made: list[NewDelivery] = []
        meant = {event.id: dedup_keys.of_event(event) for event in taken}
        for place in route.destinations:
            there = await self._deliveries.standing_or_coming(str(place), {} if chosen.again else meant)
            seen: set[str] = set()
            for event in taken:
                if muting.hides(place.channel, event) or event.id in there or meant[event.id] in seen:
                    continue
                seen.add(meant[event.id])
                made.append(self._once_more(route, place, event, token))
        return made

    def _once_more(self, route: Route, place: Destination, event: Event, token: str) -> NewDelivery:
        lane, dedup_key, now = str(place), dedup_keys.of_stretch(token, event.id), self._clock()
        about = thread_of(event, route, place, now)
        return new_delivery(Planned(event, route, place, lane, dedup_key, about), now)

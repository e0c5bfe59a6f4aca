"""The relay as one thing: wired, started, stopped, and asked how it does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import uuid4

from bot.cards.events.lists import list_card
from bot.core.chat.delivery_results import DeliveryResult
from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Chance, Clock, Monotonic, Sleep
from bot.core.ports import RelayMessenger
from bot.core.routes.events import Event
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Match, Route, match
from bot.core.tasks import cancelled
from bot.relay import pausing
from bot.relay.asking.explaining import Explainer
from bot.relay.asking.missed import MissedEvents, MissedSender
from bot.relay.asking.replayer import Replayer
from bot.relay.clock_steps import ClockSteps
from bot.relay.observing import RelayObserver, Unobserved
from bot.relay.pruning import Pruner, Retention
from bot.relay.receiving.capacity import Capacity
from bot.relay.receiving.fresh import FreshEvents
from bot.relay.receiving.hook_keys import HookKeys
from bot.relay.receiving.intake import Intake
from bot.relay.receiving.secrets import HookSecrets
from bot.relay.recovering import Recovery
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.renaming import Renaming
from bot.relay.routing.route_indexes import RouteIndexes
from bot.relay.routing.router import Router
from bot.relay.schedule.deciding import RouteSchedules
from bot.relay.schedule.releasing import Releaser
from bot.relay.sending import notices
from bot.relay.sending.breaker import Breaker
from bot.relay.sending.lane_store import LaneStore
from bot.relay.sending.lanes import LaneDrainer
from bot.relay.sending.outbox import delivery_key, lane_of_events
from bot.relay.sending.rendering import Present
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.sending.sender import DeliverySender
from bot.relay.sending.setup_warnings import SetupWarnings
from bot.relay.sending.telling import NextInLine
from bot.relay.watching.asked import UrgentTenants
from bot.relay.watching.unheard import in_the_places
from bot.storage.engine.database import Database
from bot.storage.engine.sizes import MAX_SIZE, Sizes
from bot.storage.intake.hooks import Hooks
from bot.storage.intake.watermarks import Watermarks
from bot.storage.places.grants import Grants
from bot.storage.relay import route_room
from bot.storage.relay.account_names import AccountNames
from bot.storage.relay.deliveries import Deliveries, DeliveryStatus
from bot.storage.relay.held import HeldEvents
from bot.storage.relay.mutes import Mutes
from bot.storage.relay.related import Related
from bot.storage.relay.routes import Routes
from bot.storage.relay.silences import Silences
from bot.storage.secrets.tenant_secrets import Secrets


@dataclass(frozen=True, slots=True)
class RelayFigures:
    """How a tenant's relay does. Times: epoch seconds, None for never. backlog: messages waiting."""

    last_delivery_at: float | None
    last_event_at: float | None
    last_success_at: float | None
    backlog: int
    routes: int
    paused: int


class Relay:
    """The relay of one process.

    keys, intake: for the web application. wake: call it after putting something in the outbox.
    routes, events, deliveries, hooks, mutes, silences, names: what is stored. renaming: told of accounts
    that Xquik names. recovery: told when a place may be written to again.
    """

    def __init__(
        self,
        db: Database,
        secrets: Secrets,
        messengers: Mapping[str, RelayMessenger],
        present: Present,
        *,
        clock: Clock,
        random: Chance,
        monotonic: Monotonic = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        observer: RelayObserver | None = None,
        retention: Retention | None = None,
        max_age: float | None = None,
        poll: float = 1.0,
        routes_per_tenant: int = route_room.ROUTES,
        max_size: int = MAX_SIZE,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """messengers: by platform, those that are connected. present: the card of an event.

        holds: whether this process is certainly the one that relays, asked before every step of a lane.

        clock: epoch seconds; monotonic: seconds that never go back; random: uniform in [0, 1).
        max_age and poll: see `Router`.

        max_size: bytes that the database may have.
        """
        watch = observer or Unobserved()
        self.observer = watch
        self.hooks = Hooks(db)
        self.events = FreshEvents(db, clock)
        self.routes = Routes(db, routes_per_tenant)
        self.mutes = Mutes(db)
        self.silences = Silences(db)
        self.names = AccountNames(db)
        self.looks = UrgentTenants()
        self.renaming = Renaming(db, clock, self._wake)
        self.deliveries = Deliveries(db)
        self.held = HeldEvents(db)
        self.marks = Watermarks(db)
        self.hook_secrets = HookSecrets(self.hooks, secrets, clock)
        self.keys = HookKeys(self.hook_secrets.load, monotonic)
        self._db = db
        self._clock = clock
        self._sleep = sleep
        setup_warnings = SetupWarnings(db, clock=clock, wake=self._wake, observer=watch)
        self._sender = DeliverySender(
            messengers,
            present,
            Related(db),
            setup_warnings.give,
            Grants(db),
            clock=clock,
            sleep=sleep,
            observer=watch,
        )
        self._lane_store = LaneStore(db, clock, holds)
        self._breaker = Breaker(db, clock=clock, wake=self._wake, observer=watch, max_age=max_age)
        self._drainer = LaneDrainer(
            db,
            self._lane_store,
            self._sender,
            self._breaker,
            NextInLine(db, clock, self._wake, in_the_places),
            clock=clock,
            random=random,
            sleep=sleep,
            observer=watch,
        )
        self.scheduler = AsyncioScheduler(
            self._drainer.drain,
            self.deliveries.open_lanes,
            clock=clock,
            sleep=sleep,
            observer=watch,
        )
        self.router = Router(
            db,
            self.events,
            RouteIndexes(self.routes, self.mutes, self.names),
            self.scheduler,
            RouteSchedules(db.dialect, new_delivery),
            self.renaming,
            clock=clock,
            observer=watch,
            max_age=max_age,
            poll=poll,
        )
        self.capacity = Capacity(db, Sizes(db), max_size, sleep=sleep, observer=watch)
        self.intake = Intake(
            db,
            clock=clock,
            stored=self.router.notify,
            observer=watch,
            capacity=self.capacity,
            fresh=self.events,
        )
        self.pruner = Pruner(
            db,
            self.events,
            self.deliveries,
            self.held,
            self.capacity,
            self.router.position,
            self.router.position_of,
            retention=retention or Retention(),
            clock=clock,
            sleep=sleep,
            observer=watch,
        )
        self.releaser = Releaser(
            self.held,
            self.events,
            self.routes,
            self.deliveries,
            self.scheduler,
            list_card,
            clock=clock,
            sleep=sleep,
            observer=watch,
        )
        self.replayer = Replayer(db, self.events, self.deliveries, self.mutes, self.scheduler, clock)
        self._missed = MissedEvents(db, self.events, self.mutes, clock, max_age=max_age)
        self.explainer = Explainer(
            self.events,
            self.routes,
            self.deliveries,
            self.held,
            self.mutes,
            self.names,
            self.router.position_of,
            max_age=max_age,
        )
        self.recovery = Recovery(
            db,
            messengers,
            clock=clock,
            random=random,
            sleep=sleep,
            wake=self._wake,
            observer=watch,
            max_age=max_age,
        )
        self._clock_steps = ClockSteps(db, self._wake, clock=clock, sleep=sleep, observer=watch)
        self._tasks: list[asyncio.Task[None]] = []
        self._upkeep: list[asyncio.Task[None]] = []
        self._relaying = False

    def wake(self, lane: str) -> None:
        """A lane, or a place by `str(destination)`, has or may have something to send.

        Makes the relay a `bot.core.ports.Scheduler` for whoever puts a card in the outbox.
        """
        self._wake(lane)
        if "#" not in lane:
            self._wake(f"{lane}#cards")

    def _wake(self, lane: str) -> None:
        # Where no relay runs, another process does, and two must not drain the same lane.
        if self._relaying:
            self.scheduler.wake(lane)

    async def start(self) -> None:
        """Begin routing, sending and pruning; what was left from before goes on first."""
        self._sender.begin()
        self._relaying = True
        self._tasks = [
            asyncio.create_task(self.scheduler.run(), name="relay-lanes"),
            asyncio.create_task(self.router.run(self._sleep), name="relay-router"),
        ]
        self._upkeep = [
            asyncio.create_task(self.pruner.run(), name="relay-pruning"),
            asyncio.create_task(self.capacity.run(), name="relay-capacity"),
            asyncio.create_task(self.releaser.run(), name="relay-lists"),
            asyncio.create_task(self._clock_steps.run(), name="relay-clock"),
            asyncio.create_task(self.recovery.run(), name="relay-recovery"),
        ]

    async def stop(self, grace: float = 10.0) -> None:
        """Store what was taken, finish the messages in flight within `grace` seconds, and stop.

        A message that takes longer stays marked as being sent, and the next start finds out.
        """
        await self.intake.stop()
        self.router.stop()
        self._drainer.stop()
        self.scheduler.stop_looking()
        await cancelled(self._upkeep)
        await cancelled(self._tasks, grace=grace)
        await self.scheduler.stop(grace)
        await self._lane_store.drained()

    async def test(self, route: Route, place: Destination | None = None) -> DeliveryResult:
        """Post a test card in a place of the route, now; what the platform said. Without one: the first."""
        to = place or route.destination
        key = delivery_key(lane_of_events(to), f"test:{uuid4()}")
        return await self._sender.test(to, notices.test_card(route), key)

    async def preview(self, route: Route, limit: int = 20) -> tuple[tuple[Event, Match], ...]:
        """The tenant's newest events, each with whether the route, stored or not, would take it and why
        not."""
        recent = await self.events.recent(route.destination.tenant, limit)
        return tuple((event, match(route, event)) for event in recent)

    async def pause(self, route: Route, reason: str, *, by: str = "") -> bool:
        """Take no more events into the route, and say so there; False when it is gone.

        by: the id of who does it; whoever made the route is told, if it is somebody else.
        """
        lanes = await pausing.pause(self._db, route, reason, by=by, now=self._clock())
        return self._woken(lanes)

    async def missed(self, route: Route) -> MissedOfRoute | None:
        """What came while a person had the route paused; None when no person has, or that is not known."""
        standing = await self.routes.get(route.destination.tenant, route.id)
        if standing is None or standing.route.collects or standing.paused_after is None:
            return None
        return await self._missed.of(standing.route, standing.paused_after)

    async def resume(
        self,
        route: Route,
        *,
        by: str = "",
        missed: MissedOfRoute | None = None,
        wanted: int | None = 0,
        still_lost: Collection[Destination] = (),
    ) -> bool:
        """Take events again, send what was kept, and say so; False when the route is gone.

        missed: what came while a person had it paused. wanted: how many of these are sent, the newest; None:
        all. What came since they were counted is sent with them. still_lost: places that stay as they are.
        """
        sending: MissedSender | None = None
        if missed is not None and wanted != 0:
            sending = await self._missed.sending(route, missed.newest(wanted), missed.upto)
        lanes = await pausing.resume(
            self._db, route, by=by, now=self._clock(), first=sending, still_lost=still_lost
        )
        self._breaker.forget(lanes or ())
        for lane in sending.lanes if sending is not None else ():
            self._wake(lane)
        return self._woken(lanes)

    def _woken(self, lanes: tuple[str, ...] | None) -> bool:
        for lane in lanes or ():
            self._wake(lane)
        return lanes is not None

    async def remove(self, route: Route) -> bool:
        """Delete the route, with what waits for it alone; False when it was gone."""
        return await self.routes.remove(route, self._clock())

    async def why(self, tenant: TenantId, event: int) -> tuple[DeliveryStatus, ...]:
        """Where an event of the tenant was to go, and what became of it there."""
        return await self.deliveries.for_event(tenant, event)

    async def figures(self, tenant: TenantId) -> RelayFigures:
        """How the tenant's relay does."""
        hook = await self.hooks.of(tenant)
        newest = await self.events.recent(tenant, 1)
        standings = await self.routes.list(tenant)
        worked = [s.last_success_at for s in standings if s.last_success_at is not None]
        return RelayFigures(
            last_delivery_at=hook.last_delivery_at if hook else None,
            last_event_at=newest[0].received_at if newest else None,
            last_success_at=max(worked, default=None),
            backlog=await self.deliveries.backlog(tenant),
            routes=len(standings),
            paused=sum(1 for s in standings if s.route.paused_reason is not None),
        )

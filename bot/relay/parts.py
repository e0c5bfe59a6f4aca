"""What the relay is made of, room by room; `bot.relay.service` puts the rooms together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from bot.cards.events.lists import list_card
from bot.core.clocks import Chance, Clock, Monotonic, Sleep
from bot.core.ports import Attachments, RelayMessenger, Scheduler, Wake
from bot.jobs.periodic import MakeJobs, Periodic
from bot.relay.clock_steps import ClockSteps
from bot.relay.observing import RelayObserver
from bot.relay.pruning import Pruner, Retention
from bot.relay.receiving.capacity import Capacity
from bot.relay.receiving.fresh import FreshEvents
from bot.relay.receiving.stored_apart import StoresApart
from bot.relay.recovering import Recovery
from bot.relay.routing.expanding import new_delivery
from bot.relay.routing.renaming import Renaming
from bot.relay.routing.route_indexes import RouteIndexes
from bot.relay.routing.routed_apart import RoutesApart
from bot.relay.routing.router import Router
from bot.relay.schedule.deciding import RouteSchedules
from bot.relay.schedule.releasing import Releaser
from bot.relay.sending.breaker import Breaker
from bot.relay.sending.lane_store import LaneStore
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.lanes import LaneDrainer
from bot.relay.sending.rendering import PresentEvent
from bot.relay.sending.sender import DeliverySender
from bot.relay.sending.setup_warnings import SetupWarnings
from bot.relay.sending.telling import NextInLine
from bot.relay.watching.unheard import in_the_places
from bot.storage.engine.database import Database
from bot.storage.engine.sizes import MAX_SIZE
from bot.storage.intake.hooks import Hooks
from bot.storage.intake.watermarks import Watermarks
from bot.storage.places.grants import Grants
from bot.storage.relay import route_room
from bot.storage.relay.account_names import AccountNames
from bot.storage.relay.deliveries import Deliveries
from bot.storage.relay.held import HeldEvents
from bot.storage.relay.mutes import Mutes
from bot.storage.relay.related import Related
from bot.storage.relay.routes import Routes
from bot.storage.relay.silences import Silences


class WritesApart(StoresApart, RoutesApart, Protocol):
    """`bot.storage.intake.store_process.StoreProcess`."""


class RelayEnvironment(msgspec.Struct, frozen=True):
    """What every part of the relay is given. jobs: what runs periodic work. apart: stores deliveries, and
    what the router makes of them, by a process of its own."""

    db: Database
    clock: Clock
    monotonic: Monotonic
    random: Chance
    sleep: Sleep
    observer: RelayObserver
    jobs: MakeJobs
    apart: WritesApart | None = None


class RelayLimits(msgspec.Struct, frozen=True):
    """max_age: seconds; an event that happened longer before it came is stored but not sent. poll: seconds
    after which the router looks for events that another process stored. max_size: bytes that the database
    may have."""

    max_age: float | None = None
    poll: float = 1.0
    routes_per_tenant: int = route_room.ROUTES
    max_size: int = MAX_SIZE
    retention: Retention = Retention()


class StoredParts(msgspec.Struct, frozen=True):
    """What is stored."""

    hooks: Hooks
    events: FreshEvents
    routes: Routes
    mutes: Mutes
    names: AccountNames
    deliveries: Deliveries
    held: HeldEvents
    silences: Silences
    marks: Watermarks


def stored_parts(env: RelayEnvironment, routes_per_tenant: int) -> StoredParts:
    """Over the database."""
    db = env.db
    return StoredParts(
        Hooks(db),
        FreshEvents(db, env.clock),
        Routes(db, routes_per_tenant),
        Mutes(db),
        AccountNames(db),
        Deliveries(db),
        HeldEvents(db),
        Silences(db),
        Watermarks(db),
    )


class SendingParts(msgspec.Struct, frozen=True):
    """What drains lanes."""

    sender: DeliverySender
    lane_store: LaneStore
    breaker: Breaker
    drainer: LaneDrainer


def sending_parts(
    env: RelayEnvironment,
    messengers: Mapping[str, RelayMessenger],
    present: PresentEvent,
    attachments: Attachments,
    *,
    wake: Wake,
    tenure: LaneTenure,
    shared: bool,
    max_age: float | None,
) -> SendingParts:
    """See `Relay` for messengers, present and attachments. tenure, shared: of its scheduler."""
    db, clock, observer = env.db, env.clock, env.observer
    warnings = SetupWarnings(db, clock=clock, wake=wake, observer=observer)
    sender = DeliverySender(
        messengers,
        present,
        Related(db),
        warnings.give,
        Grants(db),
        attachments,
        tenure,
        clock=clock,
        sleep=env.sleep,
        observer=observer,
    )
    lane_store = LaneStore(db, clock, tenure)
    breaker = Breaker(db, clock=clock, wake=wake, observer=observer, max_age=max_age, shared=shared)
    drainer = LaneDrainer(
        db,
        lane_store,
        sender,
        breaker,
        NextInLine(db, clock, wake, in_the_places),
        clock=clock,
        tenure=tenure,
        random=env.random,
        sleep=env.sleep,
        observer=observer,
    )
    return SendingParts(sender, lane_store, breaker, drainer)


def new_router(
    env: RelayEnvironment,
    stored: StoredParts,
    scheduler: Scheduler,
    renaming: Renaming,
    limits: RelayLimits,
) -> Router:
    """The router over all tenants."""
    return Router(
        env.db,
        stored.events,
        RouteIndexes(stored.routes, stored.mutes, stored.names),
        scheduler,
        RouteSchedules(env.db.dialect, new_delivery),
        renaming,
        clock=env.clock,
        observer=env.observer,
        max_age=limits.max_age,
        poll=limits.poll,
        apart=env.apart,
    )


class UpkeepParts(msgspec.Struct, frozen=True):
    """What the relay does again and again beside routing and sending."""

    pruner: Pruner
    capacity: Capacity
    releaser: Releaser
    clock_steps: ClockSteps
    recovery: Recovery

    def work(self) -> tuple[Periodic, ...]:
        """All of it."""
        parts = (self.pruner, self.capacity, self.releaser, self.clock_steps, self.recovery)
        return tuple(part.work() for part in parts)


def upkeep_parts(
    env: RelayEnvironment,
    stored: StoredParts,
    router: Router,
    capacity: Capacity,
    scheduler: Scheduler,
    recovery: Recovery,
    *,
    wake: Wake,
    retention: Retention,
) -> UpkeepParts:
    """recovery, capacity: of the same relay."""
    pruner = Pruner(
        env.db,
        stored.events,
        stored.deliveries,
        stored.held,
        capacity,
        router.position,
        router.position_of,
        retention=retention,
        clock=env.clock,
        sleep=env.sleep,
    )
    releaser = Releaser(
        stored.held,
        stored.events,
        stored.routes,
        stored.deliveries,
        scheduler,
        list_card,
        clock=env.clock,
        observer=env.observer,
    )
    clock_steps = ClockSteps(env.db, wake, clock=env.clock, monotonic=env.monotonic)
    return UpkeepParts(pruner, capacity, releaser, clock_steps, recovery)

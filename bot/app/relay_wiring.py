"""The wiring of the relay, and of what fetches events for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from random import SystemRandom

import msgspec

from bot.app.foundation import Foundation
from bot.cards.relayed import relayed_card
from bot.core.chat.cards import Card
from bot.core.ports import RelayMessenger
from bot.core.routes.appearance import Appearance
from bot.core.routes.events import Event
from bot.features.services import Services
from bot.jobs.keyed_jobs import KeyedJobs
from bot.jobs.shared_worker import SharedWorker, WorkOn
from bot.observability.loggers import log
from bot.observability.outages import Outages
from bot.proposals.listing_parts import ListingParts
from bot.relay.fetching.stream import Clocks
from bot.relay.ingest import EventSource, Ingest
from bot.relay.observing import RelayObserver
from bot.relay.parts import RelayEnvironment, RelayLimits
from bot.relay.pruning import Retention
from bot.relay.sending.lane_scheduler import LaneScheduler
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.sending.shared_scheduler import CONCURRENCY, DueLane, SharedScheduler
from bot.relay.service import Relay
from bot.settings import Settings
from bot.storage.engine.addresses import address, connecting
from bot.storage.engine.lane_locks import LaneLocks
from bot.storage.relay.deliveries import Deliveries
from bot.storage.writes.listing_pages import ListingPages

DAY = 86_400.0
# An event that reaches us this long after it happened says so in its card.
LATE_AFTER = 15 * 60.0


def new_relay(base: Foundation, messengers: Mapping[str, RelayMessenger], holds: Callable[[], bool]) -> Relay:
    """The relay, whose lanes are tasks of this process on SQLite, and shared by all on PostgreSQL.
    messengers: of the platforms that are added later."""
    env = RelayEnvironment(
        base.database,
        clock=base.clock,
        monotonic=time.monotonic,
        random=SystemRandom().random,
        sleep=asyncio.sleep,
        observer=base.watch.relay,
        jobs=base.jobs,
        apart=base.apart,
    )
    if base.database.dialect == "postgresql":
        scheduler: LaneScheduler = _shared(base, env, messengers)
    else:
        scheduler = AsyncioScheduler(
            Deliveries(env.db).open_lanes, clock=env.clock, sleep=env.sleep, observer=env.observer
        )
    return Relay(
        env,
        base.secrets,
        messengers,
        _present_event,
        scheduler,
        limits=_limits(base.settings),
        holds=holds,
        attachments=ListingParts(ListingPages(base.database, base.clock)),
    )


class _WorkerTold(msgspec.Struct, frozen=True):
    """A `bot.jobs.shared_worker.WorkerObserver`."""

    observer: RelayObserver
    outages: Outages

    def trouble(self, where: str, error: BaseException) -> None:
        """See `WorkerObserver`."""
        self.observer.trouble(where, error)

    def restarting(self, why: str) -> None:
        """See `WorkerObserver`."""
        if not self.outages.open:  # which says why
            log("bot.relay").warning("what drains lanes is started again", why=why)


def _shared(
    base: Foundation, env: RelayEnvironment, messengers: Mapping[str, RelayMessenger]
) -> LaneScheduler:
    url = address(base.settings.storage.url)
    jobs = KeyedJobs(connecting(url), monotonic=env.monotonic)
    stored = Deliveries(env.db)

    def worker(work: WorkOn) -> SharedWorker:
        return SharedWorker(
            jobs,
            messengers.keys,
            work,
            concurrency=CONCURRENCY,
            monotonic=env.monotonic,
            sleep=env.sleep,
            observer=_WorkerTold(env.observer, base.watch.outages),
        )

    async def due(after: str, limit: int) -> list[DueLane]:
        return [DueLane(lane, at) for lane, at in await stored.due_lanes(after, limit)]

    return SharedScheduler(
        jobs,
        worker,
        LaneLocks(url, clock=env.clock),
        due,
        messengers.__contains__,
        clock=env.clock,
        sleep=env.sleep,
        random=env.random,
        observer=env.observer,
    )


def _limits(settings: Settings) -> RelayLimits:
    max_age = settings.relay.max_age.total_seconds()
    return RelayLimits(
        max_age=max_age,
        routes_per_tenant=settings.relay.routes_per_tenant,
        max_size=settings.storage.max_size,
        retention=Retention(settled=settings.relay.retention_days * DAY, youngest=max_age),
    )


def new_ingest(base: Foundation, services: Services) -> Ingest:
    """What fetches events where no delivery brings them."""
    said = log("bot.ingest")
    source = EventSource(
        base.database,
        services.relay,
        services.connections,
        services.keys,
        services.registrar,
        Clocks(base.clock, time.monotonic, SystemRandom().random),
        base.jobs,
        log=lambda word, member: said.info(word, tenant=str(member.tenant)),
    )
    settings = base.settings
    return Ingest(source, way=settings.ingest, max_age=settings.relay.max_age.total_seconds())


def _present_event(event: Event, _platform: str, appearance: Appearance) -> Card:
    late = event.received_at - event.occurred_at > LATE_AFTER
    return relayed_card(event, appearance, late=late)

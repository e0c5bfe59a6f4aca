"""The relay as one thing: wired, started, stopped, and asked how it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import uuid4

import msgspec

from bot.core.chat.delivery_results import DeliveryResult
from bot.core.chat.ids import Destination, TenantId
from bot.core.ports import Attachments, RelayMessenger
from bot.core.routes.events import Event
from bot.core.routes.missed import MissedOfRoute
from bot.core.routes.route import Match, Route, match
from bot.core.tasks import TaskSet
from bot.jobs.periodic import Jobs
from bot.relay import pausing
from bot.relay.asking.explaining import Explainer
from bot.relay.asking.missed import MissedEvents, MissedSender
from bot.relay.asking.replayer import Replayer
from bot.relay.parts import (
    RelayEnvironment,
    RelayLimits,
    StoredParts,
    new_router,
    sending_parts,
    stored_parts,
    upkeep_parts,
)
from bot.relay.receiving.capacity import Capacity
from bot.relay.receiving.hook_keys import HookKeys
from bot.relay.receiving.intake import Intake
from bot.relay.receiving.secrets import HookSecrets
from bot.relay.recovering import RECOVERY, Recovery
from bot.relay.routing.renaming import Renaming
from bot.relay.sending import notices
from bot.relay.sending.lane_scheduler import LaneScheduler
from bot.relay.sending.lane_tenure import Holds, OneRelay
from bot.relay.sending.outbox import delivery_key, lane_of_events
from bot.relay.sending.rendering import PresentEvent
from bot.relay.sending.sender import NO_ATTACHMENTS
from bot.relay.watching.asked import UrgentTenants
from bot.storage.engine.sizes import Sizes
from bot.storage.relay.deliveries import DeliveryStatus
from bot.storage.secrets.tenant_secrets import Secrets


class RelayFigures(msgspec.Struct, frozen=True):
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
        env: RelayEnvironment,
        secrets: Secrets,
        messengers: Mapping[str, RelayMessenger],
        present: PresentEvent,
        scheduler: LaneScheduler,
        *,
        limits: RelayLimits | None = None,
        holds: Holds = lambda: True,
        attachments: Attachments = NO_ATTACHMENTS,
    ) -> None:
        """messengers: by platform, those that are connected. present: the card of an event. scheduler: of
        this relay alone. holds: whether this process is certainly the one that relays, asked before every
        step of a lane where they are not shared. attachments: makes the files that go with messages."""
        self._env, self.observer, self.scheduler = env, env.observer, scheduler
        self._limits = limits or RelayLimits()
        self.looks = UrgentTenants()
        self.renaming = Renaming(env.db, env.clock, self._wake)
        stored = stored_parts(env, self._limits.routes_per_tenant)
        self._store(stored)
        self._one = OneRelay(holds, env.clock)
        self._sending = sending_parts(
            env,
            messengers,
            present,
            attachments,
            wake=self._wake,
            tenure=scheduler.tenure or self._one,
            shared=scheduler.shared,
            max_age=self._limits.max_age,
        )
        scheduler.serve(self._sending.drainer.drain)
        self.router = new_router(env, stored, scheduler, self.renaming, self._limits)
        self._receive(stored, secrets)
        self._keep_up(stored, messengers)
        self._answer(stored)
        self._tasks = TaskSet()
        self._jobs: Jobs | None = None
        self._draining: Jobs | None = None
        self._relaying = False

    def _store(self, stored: StoredParts) -> None:
        self.hooks, self.events, self.routes = stored.hooks, stored.events, stored.routes
        self.mutes, self.names, self.silences = stored.mutes, stored.names, stored.silences
        self.deliveries, self.held, self.marks = stored.deliveries, stored.held, stored.marks

    def _receive(self, stored: StoredParts, secrets: Secrets) -> None:
        """What takes events in."""
        env = self._env
        self.hook_secrets = HookSecrets(stored.hooks, secrets, env.clock)
        self.keys = HookKeys(self.hook_secrets.load, env.monotonic)
        self.capacity = Capacity(env.db, Sizes(env.db), self._limits.max_size, observer=env.observer)
        self.intake = Intake(
            env.db,
            clock=env.clock,
            stored=self.router.notify,
            observer=env.observer,
            capacity=self.capacity,
            fresh=stored.events,
            apart=env.apart,
        )

    def _keep_up(self, stored: StoredParts, messengers: Mapping[str, RelayMessenger]) -> None:
        """What is done again and again."""
        env = self._env
        self.recovery = Recovery(
            env.db,
            messengers,
            clock=env.clock,
            random=env.random,
            sleep=env.sleep,
            wake=self._wake,
            soon=lambda: self._soon(RECOVERY),
            observer=env.observer,
            max_age=self._limits.max_age,
        )
        self._upkeep = upkeep_parts(
            env,
            stored,
            self.router,
            self.capacity,
            self.scheduler,
            self.recovery,
            wake=self._wake,
            retention=self._limits.retention,
        )
        self.pruner, self.releaser = self._upkeep.pruner, self._upkeep.releaser

    def _answer(self, stored: StoredParts) -> None:
        """What answers people who ask."""
        env, max_age = self._env, self._limits.max_age
        self.replayer = Replayer(
            env.db, stored.events, stored.deliveries, stored.mutes, self.scheduler, env.clock
        )
        self._missed = MissedEvents(env.db, stored.events, stored.mutes, env.clock, max_age=max_age)
        self.explainer = Explainer(
            stored.events,
            stored.routes,
            stored.deliveries,
            stored.held,
            stored.mutes,
            stored.names,
            self.router.position_of,
            max_age=max_age,
        )

    def wake(self, lane: str) -> None:
        """A lane, or a place by `str(destination)`, has or may have something to send.

        Makes the relay a `bot.core.ports.Scheduler` for whoever puts a card in the outbox.
        """
        self._wake(lane)
        if "#" not in lane:
            self._wake(f"{lane}#cards")

    def _wake(self, lane: str) -> None:
        # Where no relay runs, another process does; where lanes are not shared, it looks for itself.
        if self._relaying or self.scheduler.shared:
            self.scheduler.wake(lane)

    def _soon(self, job: str) -> None:
        if self._jobs is not None:
            self._jobs.soon(job)

    async def drain(self) -> None:
        """Begin sending what is woken, as each process does that shares the lanes. Once is enough."""
        if self._draining is None:
            self._one.begin()
            self._draining = self._env.jobs([self._sending.breaker.work()] if self.scheduler.shared else [])
            await self.scheduler.start()
            await self._draining.start()

    async def start(self) -> None:
        """Begin routing, sending and pruning, as one process does; what was left from before goes on
        first."""
        await self.drain()
        self._relaying = True
        self._tasks.start(self.scheduler.run(), "relay-lanes")
        self._tasks.start(self.router.run(self._env.sleep), "relay-router")
        self._jobs = self._env.jobs(self._upkeep.work())
        await self._jobs.start()

    async def stop(self, grace: float = 10.0) -> None:
        """Store what was taken, finish the messages in flight within `grace` seconds, and stop.

        A message that takes longer stays marked as being sent, and the next start finds out.
        """
        await self.intake.stop()
        self.router.stop()
        self._sending.drainer.stop()
        self.scheduler.stop_looking()
        for jobs in (self._jobs, self._draining):
            if jobs is not None:
                await jobs.stop()
        await self._tasks.close(grace)
        await self.scheduler.stop(grace)
        await self._sending.lane_store.drained()

    async def test(self, route: Route, place: Destination | None = None) -> DeliveryResult:
        """Post a test card in a place of the route, now; what the platform said. Without one: the first."""
        to = place or route.destination
        key = delivery_key(lane_of_events(to), f"test:{uuid4()}")
        return await self._sending.sender.test(to, notices.test_card(route), key)

    async def preview(self, route: Route, limit: int = 20) -> tuple[tuple[Event, Match], ...]:
        """The tenant's newest events, each with whether the route, stored or not, would take it and why
        not."""
        recent = await self.events.recent(route.destination.tenant, limit)
        return tuple((event, match(route, event)) for event in recent)

    async def pause(self, route: Route, reason: str, *, by: str = "") -> bool:
        """Take no more events into the route, and say so there; False when it is gone.

        by: the id of who does it; whoever made the route is told, if it is somebody else.
        """
        lanes = await pausing.pause(self._env.db, route, reason, by=by, now=self._env.clock())
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
            self._env.db, route, by=by, now=self._env.clock(), first=sending, still_lost=still_lost
        )
        self._sending.breaker.forget(lanes or ())
        for lane in sending.lanes if sending is not None else ():
            self._wake(lane)
        return self._woken(lanes)

    def _woken(self, lanes: tuple[str, ...] | None) -> bool:
        for lane in lanes or ():
            self._wake(lane)
        return lanes is not None

    async def remove(self, route: Route) -> bool:
        """Delete the route, with what waits for it alone; False when it was gone."""
        return await self.routes.remove(route, self._env.clock())

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

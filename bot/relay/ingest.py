"""How events come in besides deliveries: catch-up, the watch over what stops them, and the stream."""

from __future__ import annotations

import secrets

import msgspec
from msgspec.structs import replace

from bot.core.tasks import TaskSet
from bot.jobs.periodic import Jobs, JobScope, MakeJobs, Periodic
from bot.relay.fetching.catchup import CatchUp
from bot.relay.fetching.catchup_timer import CATCH_UP, CatchUpIntervals, CatchUpTimer
from bot.relay.fetching.stream import AccountStream, Clocks, StreamSchedule, StreamSlots
from bot.relay.fetching.streams import Streams
from bot.relay.observing import MemberLog
from bot.relay.receiving.hook_watch import HookWatch
from bot.relay.receiving.registration import HookRegistrar, Way
from bot.relay.service import Relay
from bot.relay.watching.rounds import Rounds, WatchSchedule
from bot.relay.watching.watch import SilenceWatch
from bot.storage.engine.database import Database
from bot.storage.intake.watermarks import Member, Watermarks
from bot.storage.relay import silences
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections


class EventSource(msgspec.Struct, frozen=True):
    """Where events are fetched for, from and into. jobs: what runs periodic work. log: told what became of a
    tenant's webhook or stream, in a word."""

    db: Database
    relay: Relay
    connections: Connections
    keys: TenantKeys
    registrar: HookRegistrar
    clocks: Clocks
    jobs: MakeJobs
    log: MemberLog


class Ingest:
    """Fetches events for one installation: run it in one process, the one that relays."""

    def __init__(
        self,
        source: EventSource,
        *,
        way: Way,
        max_age: float | None,
        schedule: CatchUpIntervals | None = None,
        stream_schedule: StreamSchedule | None = None,
        watch_schedule: WatchSchedule | None = None,
    ) -> None:
        """way: the setting `relay.ingest`. max_age: seconds, as for `Relay`."""
        self.marks = Watermarks(source.db)
        self.catchup = CatchUp(
            source.db,
            self.marks,
            source.relay.routes,
            source.relay.intake,
            source.connections,
            source.keys,
            clock=source.clocks.clock,
            wake=source.relay.wake,
            max_age=max_age,
        )
        intervals = schedule or CatchUpIntervals()
        self.timer = self._timer(source, intervals, way)
        self.watch = self._watch(source)
        self.rounds = self._rounds(source, watch_schedule or WatchSchedule())
        self._db = source.db
        self.streams: Streams | None = None
        if way != "webhook":
            self.streams = self._streams(source, stream_schedule or StreamSchedule())
        members = Periodic("members", intervals.look, self.renew, JobScope.INSTALLATION, part="catchup")
        streams = () if self.streams is None else (self.streams.work(),)
        self._jobs: Jobs = source.jobs([members, self.timer.work(), *streams])
        self._tasks = TaskSet()

    @property
    def streams_wanted(self) -> int:
        """How many streams should be connected."""
        return self.streams.wanted if self.streams is not None else 0

    async def start(self) -> None:
        """Begin to fetch."""
        self._tasks.start(self.rounds.run(), "relay-watch")
        await self._jobs.start()

    async def renew(self) -> None:
        """Read whose events are fetched, once for all who go by it. While the database is away, what is known
        goes on."""
        await self.marks.forget_others()
        await silences.forget_others(self._db)
        members = await self.marks.members()
        self.timer.renew(members)
        self.rounds.renew(members)

    async def stop(self) -> None:
        """Stop fetching; what was not stored yet is found again by the next start."""
        await self._jobs.stop()
        await self._tasks.close()
        await self.timer.close()
        if self.streams is not None:
            await self.streams.close()

    def _timer(self, source: EventSource, intervals: CatchUpIntervals, way: Way) -> CatchUpTimer:
        return CatchUpTimer(
            self.catchup,
            self.marks,
            _hook_watch(source) if way != "stream" and source.registrar.has_public_url else None,
            # Only a webhook can be under way while its event is listed already.
            schedule=replace(intervals, grace=0.0) if way == "stream" else intervals,
            monotonic=source.clocks.monotonic,
            random=source.clocks.random,
            observer=source.relay.observer,
            work_soon=lambda: self._jobs.soon(CATCH_UP),
        )

    def _watch(self, source: EventSource) -> SilenceWatch:
        return SilenceWatch(
            source.db,
            source.relay.hooks,
            source.relay.routes,
            source.connections,
            source.keys,
            named=source.relay.renaming.seen,
            refused=self.catchup.refused,
            clock=source.clocks.clock,
            wake=source.relay.wake,
            log=source.log,
        )

    def _rounds(self, source: EventSource, intervals: WatchSchedule) -> Rounds:
        return Rounds(
            self.watch,
            schedule=intervals,
            monotonic=source.clocks.monotonic,
            random=source.clocks.random,
            observer=source.relay.observer,
            asked=source.relay.looks,
        )

    def _streams(self, source: EventSource, intervals: StreamSchedule) -> Streams:
        places = StreamSlots(intervals.places)

        def follow(members: tuple[Member, ...]) -> AccountStream:
            return AccountStream(
                members,
                self.catchup,
                self.marks,
                source.relay.intake,
                places,
                soon=self.timer.soon,
                log=source.log,
                schedule=intervals,
                clocks=source.clocks,
                observer=source.relay.observer,
            )

        return Streams(
            self.marks,
            source.keys,
            follow,
            salt=secrets.token_bytes(32),
            schedule=intervals,
            observer=source.relay.observer,
        )


def _hook_watch(source: EventSource) -> HookWatch:
    return HookWatch(
        source.db,
        source.relay.hooks,
        source.relay.routes,
        source.registrar,
        source.connections,
        source.keys,
        clock=source.clocks.clock,
        wake=source.relay.wake,
        log=source.log,
    )

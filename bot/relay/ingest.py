"""How events come in besides deliveries: catch-up, the watch over webhooks, and the stream."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace

from bot.relay.catchup import CatchUp
from bot.relay.catchup_timer import CatchUpTimer, Rhythm
from bot.relay.hook_watch import HookWatch
from bot.relay.registration import HookRegistrar, Way
from bot.relay.service import Relay
from bot.relay.stream import AccountStream, Clocks, Places, StreamRhythm
from bot.relay.streams import Streams
from bot.storage.database import Database
from bot.storage.keys import TenantKeys
from bot.storage.watermarks import Member, Watermarks
from bot.xquik.connections import Connections


class Ingest:
    """Fetches events for one installation: run it in one process, the one that relays."""

    def __init__(
        self,
        db: Database,
        relay: Relay,
        connections: Connections,
        keys: TenantKeys,
        registrar: HookRegistrar,
        *,
        way: Way,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        max_age: float | None,
        log: Callable[[str, Member], None],
        rhythm: Rhythm | None = None,
        stream_rhythm: StreamRhythm | None = None,
    ) -> None:
        """way: the setting `relay.ingest`. clock: epoch seconds; monotonic: seconds from any start,
        never going back; random: uniform in [0, 1). max_age: seconds, as for `Relay`. log: told what
        became of a tenant's webhook or stream, in a word."""
        self.marks = Watermarks(db)
        self.catchup = CatchUp(
            db,
            self.marks,
            relay.routes,
            relay.intake,
            connections,
            keys,
            clock=clock,
            wake=relay.wake,
            max_age=max_age,
        )
        watch = None
        if way != "stream" and registrar.has_public_url:
            watch = HookWatch(
                db,
                relay.hooks,
                relay.routes,
                registrar,
                connections,
                keys,
                clock=clock,
                wake=relay.wake,
                log=log,
            )
        pace = rhythm or Rhythm()
        self.timer = CatchUpTimer(
            self.catchup,
            self.marks,
            watch,
            # Only a webhook can be under way while its event is listed already.
            rhythm=replace(pace, grace=0.0) if way == "stream" else pace,
            monotonic=monotonic,
            random=random,
            observer=relay.observer,
        )
        self._loops = [("relay-catchup-timer", self.timer.run)]
        if way != "webhook":
            streams = self._streams(
                relay, keys, stream_rhythm or StreamRhythm(), Clocks(clock, monotonic, random), log
            )
            self._loops.append(("relay-streams", streams.run))
        self._tasks: list[asyncio.Task[None]] = []

    def _streams(
        self,
        relay: Relay,
        keys: TenantKeys,
        pace: StreamRhythm,
        clocks: Clocks,
        log: Callable[[str, Member], None],
    ) -> Streams:
        places = Places(pace.places)

        def follow(members: tuple[Member, ...]) -> AccountStream:
            return AccountStream(
                members,
                self.catchup,
                self.marks,
                relay.intake,
                places,
                soon=self.timer.soon,
                log=log,
                rhythm=pace,
                clocks=clocks,
                observer=relay.observer,
            )

        return Streams(
            self.marks,
            keys,
            follow,
            salt=secrets.token_bytes(32),
            rhythm=pace,
            sleep=clocks.sleep,
            observer=relay.observer,
        )

    async def start(self) -> None:
        """Begin to fetch."""
        self._tasks = [asyncio.create_task(loop(), name=name) for name, loop in self._loops]

    async def stop(self) -> None:
        """Stop fetching; what was not stored yet is found again by the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

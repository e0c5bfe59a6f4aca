"""Does to the bot what the timeline says, and waits until each blow was felt."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tests.chaos.arena import Arena
from tests.chaos.timeline import Blow, Kind, timeline
from tests.journeys.run.harness import until

# Seconds after which a blow that nobody felt has failed.
_FELT = 60.0
_LOCK = """
import sqlite3, sys, time
with sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30) as other:
    other.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
    other.execute("ROLLBACK")
"""


@dataclass
class FaultInjector:
    """done: how often each sort of blow was dealt. early: kills of a process that was still starting."""

    arena: Arena
    say: Callable[[str], None]
    done: Counter[Kind] = field(default_factory=Counter)
    early: int = 0

    async def run(self) -> None:
        """Every blow of the timeline, each at its event."""
        deal = {
            Kind.KILL: self._kill,
            Kind.STORE: self._kill_store,
            Kind.FULL: self._fill,
            Kind.BUSY: self._lock,
            Kind.CLOCK: self._jump,
            Kind.DROP: self._drop,
        }
        for blow in timeline(self.arena.scale):
            await until(partial(self._reached, blow.at), 600.0, f"event {blow.at}")
            await asyncio.sleep(blow.wait)
            began = time.monotonic()
            await deal[blow.kind](blow)
            self.done[blow.kind] += 1
            took = time.monotonic() - began
            self.say(f"{self.arena.xquik.happened:,} events, {blow.kind} ({took:.1f} s)")

    def _reached(self, event: int) -> bool:
        return self.arena.xquik.happened >= event

    async def _kill_store(self, _blow: Blow) -> None:
        """It alone; the bot starts it again, and takes deliveries."""
        await until(lambda: self.arena.lives.stores, _FELT, "a process that stores deliveries")
        self._end_stores()
        await self._well_again()

    def _end_stores(self) -> None:
        for store in self.arena.lives.stores:
            with suppress(ProcessLookupError):
                os.kill(store, signal.SIGKILL)

    async def _kill(self, blow: Blow) -> None:
        if blow.both:
            self._end_stores()
        await self.arena.lives.kill(blow.down)
        if blow.early is not None:
            await asyncio.sleep(blow.early)
            await self.arena.lives.kill(0.0)
            self.done[Kind.KILL] += 1
            self.early += 1

    async def _fill(self, _blow: Blow) -> None:
        """Until deliveries were turned away for it; then they must be taken again."""
        arena = self.arena
        # One that is still starting needs room for that, and says so and ends without it.
        taken = arena.xquik.answers[200]
        await until(lambda: arena.xquik.answers[200] > taken, _FELT, "a delivery before the disk is full")
        refused = arena.xquik.refused
        for pid in (arena.lives.pid, *arena.lives.stores):
            arena.disk.fill(pid)
        try:
            await until(lambda: arena.xquik.refused >= refused + 2, _FELT, "a 503 for a full disk")
        finally:
            for pid in (arena.lives.pid, *arena.lives.stores):
                arena.disk.free(pid)
        await self._well_again()

    async def _lock(self, blow: Blow) -> None:
        """Hold the lock that every writer needs."""
        other = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _LOCK, str(self.arena.database), str(blow.amount)),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(other.communicate(), _FELT)
        assert said == b"held\n" and other.returncode == 0
        await self._well_again()

    async def _jump(self, blow: Blow) -> None:
        """Set the clock wrong, until deliveries were turned away for it; and kill it meanwhile, once."""
        arena = self.arena
        stale = arena.xquik.answers[401]
        arena.clock.set(blow.amount)
        try:
            await until(lambda: arena.xquik.answers[401] >= stale + 2, _FELT, "a 401 for a wrong clock")
            if blow.killed:
                await arena.lives.kill(0.0)
                await until(lambda: arena.xquik.answers[401] >= stale + 4, _FELT, "a 401 after the start")
                self.done[Kind.KILL] += 1
        finally:
            arena.clock.set(0.0)
        await self._well_again()

    async def _well_again(self) -> None:
        """Until a delivery is taken, by the process that had the trouble."""
        taken, lives = self.arena.xquik.answers[200], self.arena.stage.lives
        await until(lambda: self.arena.xquik.answers[200] > taken, _FELT, "a delivery that is taken again")
        assert self.arena.stage.lives == lives, "it was taken by another process only"

    async def _drop(self, _blow: Blow) -> None:
        vendors = self.arena.stage.vendors
        vendors.discord.gateway.drop()
        await vendors.slack.cut_sockets()

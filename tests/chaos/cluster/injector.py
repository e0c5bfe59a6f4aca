"""Does to the installation what the timeline says, and waits until each blow was felt."""

from __future__ import annotations

import asyncio
import math
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from tests.chaos.cluster.fleet import Member
from tests.chaos.cluster.ground import Cluster
from tests.chaos.cluster.timeline import RELAYING, Blow, Kind, timeline
from tests.chaos.lives import ready
from tests.journeys.run.harness import until

# Seconds after which a blow that nobody felt has failed.
_FELT = 90.0
# Seconds for which a process may believe that a lock is its own, and after which the server gives it to
# another one, with a little more: `LockTimes.certain`, `LockTimes.limit`.
_BELIEF, _LIMIT = 21.0, 65.0
# Seconds that another one may take to relay.
_TAKES_OVER = 100.0
# Seconds that a click needs at the most, and so far into calmer times it may be one of the trouble before.
_CLICK = 3.0


@dataclass
class Injector:
    """done: how often each sort of blow was dealt. early: kills of a process that was still starting.
    failed: webhooks that failed while every process was replaced."""

    cluster: Cluster
    say: Callable[[str], None]
    done: Counter[Kind] = field(default_factory=Counter)
    early: int = 0
    failed: int = 0
    rolled: float = 0.0

    async def run(self) -> None:
        """Every blow of the timeline, each at its event."""
        deal = {
            Kind.KILL: self._kill,
            Kind.STOP: self._stop,
            Kind.RESTART: self._restart,
            Kind.FULL: self._fill,
            Kind.BUSY: self._lock,
            Kind.CLOCK: self._jump,
            Kind.DROP: self._drop,
            Kind.ROLL: self._roll,
        }
        async with asyncio.TaskGroup() as sleeping:
            for blow in timeline(self.cluster.scale):
                self.cluster.xquik.calm_from = blow.at
                await until(partial(self._reached, blow.at), 600.0, f"event {blow.at}")
                await asyncio.sleep(blow.wait)
                began, who = time.monotonic(), ""
                if blow.kind is Kind.SLEEP:
                    sleeping.create_task(self._sleep(await self._victim(blow)))
                else:
                    who = await deal[blow.kind](blow) or ""
                self.done[blow.kind] += 1
                took = time.monotonic() - began
                self.say(f"{self.cluster.xquik.happened:,} events, {blow.kind} {who} ({took:.1f} s)")
            self.cluster.xquik.calm_from = self.cluster.scale.events

    def _reached(self, event: int) -> bool:
        return self.cluster.xquik.happened >= event

    async def _victim(self, blow: Blow) -> Member:
        """Who is meant. One that sleeps is left alone, and another one of its role hit."""
        member = self.cluster.fleet.named(blow.who) if blow.who != RELAYING else None
        if member is None:
            await until(self._somebody_relays, _TAKES_OVER, "one that relays")
            member = self._relaying
        assert member is not None
        if member.asleep:
            member = next(one for one in self.cluster.fleet.of(member.role) if not one.asleep)
        return member

    _relaying: Member | None = None

    async def _somebody_relays(self) -> bool:
        """PostgreSQL may be starting again."""
        self._relaying = await self.cluster.relaying()
        return self._relaying is not None

    async def _kill(self, blow: Blow) -> str:
        member = await self._victim(blow)
        async with self._in_trouble():
            await member.lives.kill(blow.down)
            if blow.early is not None:
                await asyncio.sleep(blow.early)
                await member.lives.kill(0.0)
                self.done[Kind.KILL] += 1
                self.early += 1
            await self._well_again()
            await until(partial(_ready, member), _FELT, f"{member.name} again")
        return member.name

    async def _stop(self, blow: Blow) -> str:
        member = await self._victim(blow)
        async with self._in_trouble():
            member.lives.send(signal.SIGSTOP)
            await asyncio.sleep(blow.amount)
            member.lives.send(signal.SIGCONT)
            await self._well_again()
        return f"{member.name} for {blow.amount:.1f} s"

    async def _sleep(self, member: Member) -> None:
        """For longer than its lock is its own. What it finds when it wakes belongs to others."""
        began, pid = time.monotonic(), member.lives.pid
        member.asleep = True
        member.lives.send(signal.SIGSTOP)
        try:
            if self.cluster.scale.expired:
                await self.cluster.server.end_sessions(pid)
            await until(self._another_relays, _TAKES_OVER, "another one that relays")
            least = _BELIEF if self.cluster.scale.expired else _LIMIT
            await asyncio.sleep(max(0.0, began + least - time.monotonic()))
        finally:
            member.lives.send(signal.SIGCONT)
            member.asleep = False
        self.say(f"{member.name} woke after {time.monotonic() - began:.0f} s")

    async def _another_relays(self) -> bool:
        await self._somebody_relays()
        return self._relaying is not None and not self._relaying.asleep

    async def _restart(self, blow: Blow) -> str:
        async with self._in_trouble():
            await self.cluster.server.restart(blow.mode)
            await self._well_again()
        return blow.mode

    async def _fill(self, _blow: Blow) -> str:
        """Until deliveries were turned away for it; then they must be taken again."""
        xquik, disk = self.cluster.xquik, self.cluster.server.disk
        if disk is None:
            return "not: no file system can be mounted here"
        async with self._in_trouble():
            refused = xquik.refused
            disk.fill(0)
            # There is room in the pages there are; it takes some events until a table has to grow.
            xquik.calm_from = self.cluster.scale.events
            try:
                await until(lambda: xquik.refused >= refused + 2, _FELT, "a 503 for a full disk")
            finally:
                disk.free(0)
            await self._well_again()
        return disk.name

    async def _lock(self, blow: Blow) -> str:
        async with self._in_trouble():
            await self.cluster.server.lock_tables(blow.amount)
            await self._well_again()
        return f"for {blow.amount:.1f} s"

    async def _jump(self, blow: Blow) -> str:
        """One machine's clock is wrong. Where it takes deliveries, until some were turned away for it."""
        cluster = self.cluster
        stale = cluster.xquik.answers[401]
        async with self._in_trouble():
            cluster.fleet.clocks[blow.who].set(blow.amount)
            try:
                if blow.who.startswith("web"):
                    await until(lambda: cluster.xquik.answers[401] >= stale + 2, _FELT, "a 401")
                else:
                    await self._well_again(40)
            finally:
                cluster.fleet.clocks[blow.who].set(0.0)
            await self._well_again()
        return blow.who

    async def _drop(self, _blow: Blow) -> str:
        async with self._in_trouble():
            self.cluster.stage.vendors.discord.gateway.drop()
            await self._well_again()
        return ""

    async def _roll(self, _blow: Blow) -> str:
        """One process after the other; no webhook may fail, and no click."""
        cluster, began = self.cluster, time.monotonic()
        await until(self._all_ready, _FELT, "the readiness of all")
        before = self._webhooks_failed
        for member in cluster.fleet.members:
            if not member.asleep:
                await member.lives.replace()
        failed = self._webhooks_failed - before
        self.failed += failed
        self.rolled += time.monotonic() - began
        if failed:
            cluster.seen.append(f"{failed} webhooks failed while processes were replaced")
        return ""

    @property
    def _webhooks_failed(self) -> int:
        answers = self.cluster.xquik.answers
        return answers.total() - sum(count for status, count in answers.items() if 200 <= status < 300)

    async def _all_ready(self) -> bool:
        return all([await _ready(one) for one in self.cluster.fleet.members if not one.asleep])

    async def _well_again(self, deliveries: int = 1) -> None:
        """Until deliveries are taken."""
        taken = self.cluster.xquik.answers[200]
        await until(
            lambda: self.cluster.xquik.answers[200] >= taken + deliveries, _FELT, "a delivery that is taken"
        )

    @asynccontextmanager
    async def _in_trouble(self) -> AsyncIterator[None]:
        """While a click may go unanswered."""
        self.cluster.trouble = math.inf
        try:
            yield
        finally:
            self.cluster.trouble = time.monotonic() + _CLICK


async def _ready(member: Member) -> bool:
    """Whether its present life is."""
    current = member.lives.current
    if not current.running:
        return False
    try:
        await ready(current, _CLICK)
    except AssertionError:
        return False
    return True

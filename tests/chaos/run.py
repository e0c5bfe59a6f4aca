"""One run from its start to its verdict."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.chaos.arena import Arena, Ground, arena
from tests.chaos.beside import TENANTS
from tests.chaos.fault_injector import FaultInjector
from tests.chaos.judge import Account, Verdict, account_of, has_begun, judge
from tests.chaos.lives import KILLED
from tests.chaos.scale import Scale
from tests.chaos.timeline import Kind
from tests.journeys.run.harness import until

_START = 60.0
# Seconds that the clock is set forward at the end, so that catch-up leaves no event to its webhook.
_PAST_GRACE = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """lines: what is to be said, the verdict last."""

    verdict: Verdict
    lines: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return not self.verdict.broken


async def run(directory: Path, scale: Scale, say: Callable[[str], None]) -> Result:
    """Everything, in a directory of its own. say: told how far it is, now and then."""
    began = time.monotonic()
    async with arena(directory, scale) as everything:
        injector = FaultInjector(everything, say)
        keeping = asyncio.create_task(everything.lives.run())
        # From nothing, as README has it: the first start makes the tables, with everything open.
        address = everything.stage.plan.address
        await until(lambda: lives(address), _START, "the first start")
        assert await everything.beside.once("apply", TENANTS), everything.beside.broken
        # A tenant begins with the first look at its events; what happened before is not its own.
        await until(lambda: has_begun(everything.url, 2), _START, "the first look at Xquik's events")
        try:
            async with asyncio.TaskGroup() as tasks:
                operator = tasks.create_task(everything.beside.run())
                async with asyncio.TaskGroup() as happening:
                    happening.create_task(everything.xquik.run())
                    happening.create_task(injector.run())
                operator.cancel()
            say("everything has happened; waiting until all of it is posted")
            account = await _drained(everything, keeping, say)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        verdict = judge(everything, account)
        if verdict.broken:
            for file in everything.disk.directory.glob("bot.db*"):
                shutil.copy(file, directory)  # its disk is gone in a moment
        return Result(verdict, _report(injector, verdict, account, time.monotonic() - began))


async def _drained(everything: Arena, keeping: asyncio.Task[None], say: Callable[[str], None]) -> Account:
    """Stop it in order, start it again, and wait until nothing is open any more."""
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    if everything.lives.current.running:
        await until(lambda: lives(everything.stage.plan.address), 60.0, "life")
        await everything.lives.stop()
        say("stopped in order")
    everything.clock.set(_PAST_GRACE)
    await everything.lives.start()
    account = await finished(everything, say)
    if account.done(everything.scale):
        await everything.lives.stop()
    return account


async def finished(ground: Ground, say: Callable[[str], None]) -> Account:
    """Wait until nothing is open any more; of what is missing by then the verdict speaks."""
    account = account_of(ground.url)

    def done() -> bool:
        nonlocal account
        account = account_of(ground.url)
        return account.done(ground.scale)

    with suppress(AssertionError):
        await until(now_and_then(done), ground.scale.patience, "the end")
        say("nothing is open any more")
    return account


async def lives(address: str) -> bool:
    """Whether it answers; not whether it is connected again, which may take Slack's client a while."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        try:
            return (await client.get("/healthz")).status_code == 200
        except httpx.HTTPError:
            return False


def now_and_then(done: Callable[[], bool]) -> Callable[[], bool]:
    """`done`, asked at most twice a second: it reads everything."""
    last = 0.0

    def asked() -> bool:
        nonlocal last
        if time.monotonic() - last < 0.5:
            return False
        last = time.monotonic()
        return done()

    return asked


def _report(injector: FaultInjector, verdict: Verdict, account: Account, seconds: float) -> tuple[str, ...]:
    arena, done = injector.arena, injector.done
    answers, ends = arena.xquik.answers, arena.lives.ends
    by_itself = sum(count for code, count in ends.items() if code != KILLED)
    return (
        size(arena, verdict, seconds),
        f"killed {done[Kind.KILL]} times ({injector.early} while starting), "
        f"ended by itself {by_itself} times; its store process alone killed {done[Kind.STORE]} times",
        f"the disk was full {done[Kind.FULL]} time ({arena.disk.name}), the database locked "
        f"{done[Kind.BUSY]} times, the clock wrong {done[Kind.CLOCK]} times, connections dropped "
        f"{done[Kind.DROP]} time",
        f"deliveries: {answers[200]:,} taken, {answers[503]} answered 503, {answers[401]} answered 401, "
        f"{answers[0]} without an answer; {late(arena)} brought by catch-up alone",
        *outcome(arena, verdict, account),
    )


def size(ground: Ground, verdict: Verdict, seconds: float) -> str:
    """How large a run was."""
    return (
        f"{ground.scale.events:,} events, {ground.scale.destinations} destinations, "
        f"{verdict.messages:,} messages in {seconds:.0f} s, seed {ground.scale.seed}"
    )


def late(ground: Ground) -> int:
    """How many deliveries Xquik gave up, so that catch-up alone brought the events."""
    return sum(len(line.given_up) for line in ground.xquik.lines)


def outcome(ground: Ground, verdict: Verdict, account: Account) -> tuple[str, ...]:
    """What happened beside, and the verdict."""
    met = ", ".join(
        f"{platform} {name} {count}"
        for platform, chance in (("Discord", ground.discord), ("Slack", ground.slack))
        for name, count in sorted(chance.met.items())
    )
    return (
        ground.beside.line,
        f"faults: {met}",
        f"sent again and marked: Discord {account.ambiguous['discord']}, Slack {account.ambiguous['slack']}",
        *verdict.broken[:40],
        verdict.line,
    )

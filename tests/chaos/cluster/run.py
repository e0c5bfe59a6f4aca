"""One run from its start to its verdict."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.chaos.beside import TENANTS
from tests.chaos.cluster.ground import Cluster, cluster
from tests.chaos.cluster.injector import Injector
from tests.chaos.cluster.scale import ClusterScale
from tests.chaos.cluster.timeline import Kind
from tests.chaos.judge import Account, Verdict, has_begun, judge
from tests.chaos.lives import KILLED
from tests.chaos.run import Result, finished, late, outcome, size
from tests.journeys.run.harness import until

_START = 60.0
# Seconds that the clock is set forward at the end, so that catch-up leaves no event to its webhook.
_PAST_GRACE = 60.0


async def run(directory: Path, scale: ClusterScale, say: Callable[[str], None]) -> Result:
    """Everything, in a directory of its own. say: told how far it is, now and then."""
    began = time.monotonic()
    async with cluster(directory, scale) as everything:
        injector = Injector(everything, say)
        say("PostgreSQL is ready")
        await everything.fleet.start()
        say("all started")
        assert await everything.beside.once("apply", TENANTS), everything.beside.broken
        await until(lambda: has_begun(everything.url, 2), _START, "the first look at Xquik's events")
        await until(lambda: everything.balancer.ready, _START, "a web process for the balancer")
        say("every process is ready")
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(everything.beside.run()), tasks.create_task(everything.clicks.run())]
            async with asyncio.TaskGroup() as happening:
                happening.create_task(everything.xquik.run())
                happening.create_task(injector.run())
            for other in others:
                other.cancel()
        say("everything has happened; waiting until all of it is posted")
        account = await _drained(everything, say)
        verdict = judge(everything, account)
        return Result(verdict, _report(injector, verdict, account, time.monotonic() - began))


async def _drained(everything: Cluster, say: Callable[[str], None]) -> Account:
    """Stop all in order; one that relays, alone and with a clock ahead, leaves nothing open."""
    await everything.fleet.stop()
    say("stopped in order")
    last = await everything.fleet.start_ahead("relay-0", _PAST_GRACE)
    account = await finished(everything, say)
    if account.done(everything.scale):
        await last.lives.stop()
    return account


def _report(injector: Injector, verdict: Verdict, account: Account, seconds: float) -> tuple[str, ...]:
    cluster, done = injector.cluster, injector.done
    answers, failed = cluster.xquik.answers, cluster.balancer.failed
    ends: Counter[int] = Counter()
    for member in cluster.fleet.members:
        ends += member.lives.ends
    by_itself = sum(count for code, count in ends.items() if code != KILLED)
    stops = done[Kind.STOP] + done[Kind.SLEEP]
    full = cluster.server.disk.name if cluster.server.disk else "not: no file system can be mounted"
    modes = cluster.server.restarts
    return (
        size(cluster, verdict, seconds),
        f"processes: {', '.join(member.name for member in cluster.fleet.members)}",
        f"killed {done[Kind.KILL]} times ({injector.early} while starting), stopped {stops} times "
        f"({done[Kind.SLEEP]} until another one relayed), ended by itself {by_itself} times",
        f"PostgreSQL restarted {len(modes)} times ({', '.join(modes)}), its disk full {done[Kind.FULL]} time "
        f"({full}), its events locked {done[Kind.BUSY]} times, a clock wrong {done[Kind.CLOCK]} times, "
        f"connections dropped {done[Kind.DROP]} time",
        f"every process replaced {done[Kind.ROLL]} time in {injector.rolled:.0f} s, and meanwhile "
        f"{injector.failed} webhooks failed",
        cluster.clicks.line,
        f"deliveries: {answers[200]:,} taken, {answers[503]} answered 503, {answers[401]} answered 401, "
        f"{answers[0] + failed[502] + failed[504]} without an answer; "
        f"{late(cluster)} brought by catch-up alone",
        *outcome(cluster, verdict, account),
    )

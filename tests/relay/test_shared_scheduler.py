"""Lanes that processes share: each is drained by one at a time, in turns of the tenants, whatever dies."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from bot.jobs.keyed_jobs import JobLimits
from bot.relay.sending.lanes import Idle, More, Rest, Until
from bot.relay.sending.shared_scheduler import SharedTimes
from tests.jobs.shared_harness import asked, keys
from tests.relay.harness import until
from tests.relay.shared_harness import PROMPT, Recording, draining, scheduler_of
from tests.relay.test_fair_queue import QueueHarness, lanes_of

LANE = "slack:T1/C1"


class Lanes(QueueHarness):
    """One message a turn; notes which lanes are drained at the same moment."""

    def __init__(self) -> None:
        super().__init__()
        self.now_drained: Counter[str] = Counter()
        self.together = 0
        self.by: defaultdict[str, list[str]] = defaultdict(list)

    def drained_by(self, name: str) -> object:
        """What a process of that name drains with."""

        async def drain(lane: str) -> Rest:
            self.now_drained[lane] += 1
            self.together = max(self.together, self.now_drained[lane])
            try:
                await asyncio.sleep(0.001)
                before = len(self.drained)
                rest = await self.drain(lane)
                if len(self.drained) > before:
                    self.by[name].append(lane)
                return rest
            finally:
                self.now_drained[lane] -= 1

        return drain


async def test_a_lane_that_is_woken_is_drained_to_its_end(shared_url: str) -> None:
    lanes = Lanes()
    lanes.fill([LANE, "discord:7/9"], 5)
    async with draining(scheduler_of(shared_url, look=30.0), lanes.drain) as scheduler:
        await until(lambda: scheduler.ready)
        for lane in (LANE, "discord:7/9", "discord:7/9#first"):
            scheduler.wake(lane)
        await until(lambda: not lanes.open())
        await until(lambda: not scheduler.busy)
    assert not keys(shared_url) and not keys(shared_url, "doing")


async def test_what_is_woken_while_it_is_drained_is_drained_again(shared_url: str) -> None:
    lanes = Lanes()
    lanes.holding = "slack:T1"
    lanes.fill([LANE])
    async with draining(scheduler_of(shared_url), lanes.drain) as scheduler:
        scheduler.wake(LANE)
        await until(lambda: bool(lanes.held))
        lanes.holding = ""
        for _ in range(3):
            scheduler.wake(LANE)
        await until(lambda: keys(shared_url) == [LANE])
        lanes.held[LANE].set_result(None)
        await until(lambda: len(lanes.drained) == 1)
        lanes.fill([LANE])
        await until(lambda: len(lanes.drained) == 2)


async def test_a_lane_that_waits_comes_at_its_moment_and_sooner_once_it_is_woken(shared_url: str) -> None:
    times: list[float] = []
    waits = [0.4, 3600.0, 7200.0]

    async def drain(_lane: str) -> Rest:
        times.append(time.time())
        return Until(time.time() + waits.pop(0)) if waits else Idle()

    remembering = replace(PROMPT, remembered=4000.0)
    async with draining(scheduler_of(shared_url, times=remembering), drain) as scheduler:
        scheduler.wake(LANE)
        await until(lambda: len(times) == 2)
        assert times[1] - times[0] >= 0.4
        await until(lambda: keys(shared_url) == [LANE])
        scheduler.wake(LANE)
        await until(lambda: len(times) == 3)
        await until(lambda: not scheduler.busy)
        assert keys(shared_url) == [], "what waits for long is found by a look at the outbox"


async def test_what_fails_is_tried_again_and_holds_up_no_other(shared_url: str) -> None:
    tries: Counter[str] = Counter()
    told = Recording()

    async def drain(lane: str) -> Rest:
        tries[lane] += 1
        if lane == LANE and tries[lane] < 3:
            raise LookupError(lane)
        return Idle()

    async with draining(scheduler_of(shared_url, observer=told), drain) as scheduler:
        scheduler.wake(LANE)
        scheduler.wake("slack:T1/C2")
        await until(lambda: tries[LANE] == 3 and tries["slack:T1/C2"] == 1)
    assert len([one for one in told.troubles if "LookupError" in one]) == 2
    assert not asked(shared_url, "SELECT FROM procrastinate_jobs WHERE status::text = 'failed'")


async def test_processes_share_the_lanes_and_never_drain_one_together(shared_url: str) -> None:
    lanes = Lanes()
    names = [*lanes_of("slack:A", 20), *lanes_of("discord:B", 20)]
    lanes.fill(names, 10)
    one, two, three = (scheduler_of(shared_url, concurrency=4) for _ in range(3))
    async with (
        draining(one, lanes.drained_by("one")),  # type: ignore[arg-type]
        draining(two, lanes.drained_by("two")),  # type: ignore[arg-type]
        draining(three, lanes.drained_by("three")),  # type: ignore[arg-type]
    ):
        while lanes.open():
            for scheduler in (one, two, three):
                for lane in names:
                    scheduler.wake(lane)
            await asyncio.sleep(0.05)
    assert lanes.together == 1 and sorted(lanes.by) == ["one", "three", "two"]
    assert Counter(lanes.drained) == dict.fromkeys(names, 10)


async def test_a_job_that_was_taken_from_a_process_is_not_begun_by_another_while_that_drains(
    shared_url: str,
) -> None:
    """Its signs of life ended, and it goes on: the lock of the lane says so."""
    lanes = Lanes()
    lanes.holding = "slack:T1"
    lanes.fill([LANE], 3)
    alive, other = scheduler_of(shared_url), scheduler_of(shared_url)
    async with draining(alive, lanes.drained_by("alive")):  # type: ignore[arg-type]
        alive.wake(LANE)
        await until(lambda: bool(lanes.held))
        asked(shared_url, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        async with draining(other, lanes.drained_by("other")):  # type: ignore[arg-type]
            # What is dead is finished and put anew by either; it comes back while the lock is not free.
            first = asked(shared_url, "SELECT max(id) AS id FROM procrastinate_jobs")[0].id
            await alive._jobs.finish_dead(-1.0)  # type: ignore[call-arg]
            other.wake(LANE)
            rows = "SELECT FROM procrastinate_jobs WHERE id > :first + 3"
            await until(lambda: bool(asked(shared_url, rows, first=first)))
            assert lanes.together == 1
            lanes.holding = ""
            lanes.held[LANE].set_result(None)
            await until(lambda: not lanes.open())
    assert lanes.together == 1


async def test_what_is_cut_off_at_the_end_is_left_to_the_others_at_once(shared_url: str) -> None:
    lanes = Lanes()
    lanes.holding = "slack:T1"
    lanes.fill([LANE])
    ending = scheduler_of(shared_url)
    async with draining(ending, lanes.drain):
        ending.wake(LANE)
        await until(lambda: bool(lanes.held))
        ending.stop_looking()
        await ending.stop(0.1)
        assert keys(shared_url) == [LANE] and keys(shared_url, "doing") == []
    lanes.holding = ""
    async with draining(scheduler_of(shared_url), lanes.drain):
        await until(lambda: lanes.drained == [LANE])


async def test_lanes_that_hang_leave_places_for_the_lanes_of_others(shared_url: str) -> None:
    lanes = Lanes()
    lanes.holding = "slack:A"
    mine, theirs = lanes_of("slack:A", 20), lanes_of("slack:B", 3)
    lanes.fill([*mine, *theirs])
    async with draining(scheduler_of(shared_url, concurrency=8), lanes.drain) as scheduler:
        for lane in mine:
            scheduler.wake(lane)
        await until(lambda: len(lanes.held) == 6)
        for lane in theirs:
            scheduler.wake(lane)
        await until(lambda: sorted(lanes.drained) == theirs)
        assert len(lanes.held) == 6
        lanes.holding = ""
        for hang in list(lanes.held.values()):
            hang.set_result(None)
        await until(lambda: not lanes.open())


async def test_a_flood_of_lanes_pushes_out_nobody_elses_and_is_not_forgotten_either(shared_url: str) -> None:
    lanes = Lanes()
    lanes.holding = "slack:A"
    mine, theirs = lanes_of("slack:A", 200), lanes_of("slack:B", 4)
    lanes.fill([*mine, *theirs])
    made = scheduler_of(shared_url, lanes.open_lanes, limits=JobLimits(due=16, later=16))
    async with draining(made, lanes.drain) as scheduler:
        looking = asyncio.create_task(scheduler.run())
        for lane in (*mine, *theirs):
            scheduler.wake(lane)
        await until(lambda: len(lanes.drained) == 4)
        assert sorted(lanes.drained) == theirs
        assert len(keys(shared_url)) + len(keys(shared_url, "doing")) <= 24 + 4
        lanes.holding = ""
        for hang in list(lanes.held.values()):
            hang.set_result(None)
        await until(lambda: not lanes.open())
        scheduler.stop_looking()
        await looking
    assert sorted(lanes.drained[4:]) == mine


async def test_a_look_finds_what_nobody_woke_and_only_what_is_due(shared_url: str) -> None:
    lanes = Lanes()
    lanes.fill([LANE, "elsewhere:T1/C1"])
    often = replace(PROMPT, sweep=0.05)
    async with draining(scheduler_of(shared_url, lanes.open_lanes, times=often), lanes.drain) as scheduler:
        looking = asyncio.create_task(scheduler.run())
        await until(lambda: lanes.drained == [LANE])
        assert not asked(shared_url, "SELECT FROM procrastinate_jobs WHERE queue_name = 'keys.elsewhere'")
        scheduler.stop_looking()
        await looking


async def test_a_platform_that_is_connected_later_is_served_from_then_on(shared_url: str) -> None:
    lanes, platforms = Lanes(), list[str]()
    lanes.fill([LANE])
    async with draining(scheduler_of(shared_url, platforms=platforms), lanes.drain) as scheduler:
        await until(lambda: scheduler.ready)
        scheduler.wake(LANE)
        await until(lambda: keys(shared_url) == [LANE])
        platforms.append("slack")
        scheduler.look()
        await until(lambda: lanes.drained == [LANE])


async def test_with_the_database_away_a_wake_is_told_and_found_later(shared_url: str) -> None:
    lanes, told = Lanes(), Recording()
    lanes.fill([LANE])
    made = scheduler_of(shared_url, lanes.open_lanes, observer=told)
    real, away = made._jobs.put, [True]

    async def put(queue: str, wanted: Sequence[object], **more: object) -> object:
        if away[0]:
            raise OSError("away")
        return await real(queue, wanted, **more)  # type: ignore[arg-type]

    made._jobs.put = put  # type: ignore[method-assign, assignment]
    async with draining(made, lanes.drain) as scheduler:
        looking = asyncio.create_task(scheduler.run())
        scheduler.wake(LANE)
        await until(lambda: bool(told.troubles))
        away[0] = False
        await until(lambda: lanes.drained == [LANE])
        scheduler.stop_looking()
        await looking


async def test_a_lane_that_goes_on_and_on_stays_while_that_is_in_nobodys_way(shared_url: str) -> None:
    turns, jobs = Counter[str](), set[object]()

    async def drain(lane: str) -> Rest:
        turns[lane] += 1
        jobs.add(asyncio.current_task())
        return More() if turns[lane] < 10 else Idle()

    async with draining(scheduler_of(shared_url), drain) as scheduler:
        scheduler.wake(LANE)
        await until(lambda: turns[LANE] == 10)
    assert len(jobs) == 1


def test_what_waits_is_looked_for_before_it_is_forgotten() -> None:
    """A moment that no job stands for is found by the look at the outbox, which comes often enough."""
    times = SharedTimes()
    assert times.sweep < times.remembered / 4

"""Fixed windows for each tenant, on a clock that only sleeping moves."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import RateLimited
from bot.xquik.limits import RateLimiter, RateLimits, Window
from tests.fuzzing import examples
from tests.xquik.server import FakeTime


def limiter(time: FakeTime, limits: RateLimits | None = None) -> RateLimiter:
    return RateLimiter(limits or RateLimits(), clock=time.clock, sleep=time.sleep)


def test_the_defaults_are_the_documented_ones() -> None:
    limits = RateLimits()
    assert limits.read == (Window(300, 1.0),)
    assert limits.write == (Window(120, 60.0),)
    assert limits.delete == (Window(60, 60.0),)
    assert limits.follow == (Window(20, 60.0), Window(400, 86_400.0))


async def test_a_short_window_is_waited_for(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(read=(Window(2, 1.0),)))
    for _ in range(5):
        await gate.acquire("t", "read")
    assert sum(time.slept) == pytest.approx(2.0)


async def test_a_long_window_is_refused_with_the_time_to_wait(time: FakeTime) -> None:
    gate = limiter(time)
    for _ in range(60):
        await gate.acquire("t", "delete")
    time.now += 20
    with pytest.raises(RateLimited) as caught:
        await gate.acquire("t", "delete")
    assert caught.value.retry_after == pytest.approx(40)
    assert "40 seconds" in caught.value.remedy
    time.now += 40
    await gate.acquire("t", "delete")


async def test_follows_count_by_minute_and_by_day(time: FakeTime) -> None:
    gate = limiter(time)
    for _ in range(20):
        for _ in range(20):
            await gate.acquire("t", "follow")
        time.now += 60
    with pytest.raises(RateLimited) as caught:
        await gate.acquire("t", "follow")
    assert caught.value.retry_after == pytest.approx(86_400 - 20 * 60)
    assert "hours" in caught.value.remedy
    await gate.acquire("t", "write")  # an ordinary write is not concerned


async def test_a_follow_counts_as_a_write_too(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(write=(Window(1, 60.0),)))
    await gate.acquire("t", "follow")
    with pytest.raises(RateLimited):
        await gate.acquire("t", "write")


async def test_a_refused_request_is_not_counted_anywhere(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(write=(Window(3, 60.0),), follow=(Window(1, 60.0),)))
    await gate.acquire("t", "follow")
    for _ in range(5):
        with pytest.raises(RateLimited):
            await gate.acquire("t", "follow")
    await gate.acquire("t", "write")
    await gate.acquire("t", "write")


async def test_tenants_and_kinds_do_not_share(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(read=(Window(1, 60.0),), write=(Window(1, 60.0),)))
    await gate.acquire("a", "read")
    await gate.acquire("a", "write")
    await gate.acquire("b", "read")
    with pytest.raises(RateLimited):
        await gate.acquire("a", "read")


async def test_a_hold_stops_one_kind_of_one_tenant(time: FakeTime) -> None:
    gate = limiter(time)
    gate.hold("a", "read", 30)
    with pytest.raises(RateLimited):
        await gate.acquire("a", "read")
    await gate.acquire("a", "write")
    await gate.acquire("b", "read")
    time.now += 30
    await gate.acquire("a", "read")


async def test_memory_is_bounded_and_the_busiest_are_kept(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(tenants_remembered=100, read=(Window(1, 60.0),)))
    await gate.acquire("busy", "read")
    for number in range(5000):
        await gate.acquire(f"t{number}", "read")
        if number % 50 == 0:
            with pytest.raises(RateLimited):
                await gate.acquire("busy", "read")
    assert len(gate) <= 100


async def test_many_at_once_never_exceed_a_window(time: FakeTime) -> None:
    gate = limiter(time, RateLimits(read=(Window(10, 1.0),), longest_wait=60.0))
    passed: list[float] = []

    async def one() -> None:
        await gate.acquire("t", "read")
        passed.append(time.now)

    await asyncio.gather(*(one() for _ in range(35)))
    assert len(passed) == 35
    assert all(passed.count(moment) <= 10 for moment in passed)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5), st.sampled_from([0.5, 1.0, 2.5]))
def test_no_window_lets_more_through_than_its_limit(pauses: list[float], limit: int, seconds: float) -> None:
    time = FakeTime()
    gate = limiter(time, RateLimits(read=(Window(limit, seconds),), longest_wait=10.0))

    async def run() -> list[float]:
        passed = []
        for pause in pauses:
            time.now += pause
            await gate.acquire("t", "read")
            passed.append(time.now)
        return passed

    passed = asyncio.run(run())
    # Windows start with their first request, so any window's worth of time holds at most two of them.
    for start in passed:
        assert sum(start <= moment < start + seconds for moment in passed) <= 2 * limit


@pytest.mark.parametrize(("limit", "seconds"), [(0, 1.0), (1, 0.0)])
def test_a_window_that_can_never_open_is_refused(limit: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(limit, seconds)

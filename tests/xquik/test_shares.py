"""Shares of the rate limits: whatever one person repeats, others and every Confirm go on."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.errors import RateLimited
from bot.xquik.limits import Counted, Kind, RateLimiter, RateLimits, Window, counted_as
from tests.features.conftest import empty_bot
from tests.features.edge import words
from tests.features.harness import ADMIN, MEMBER, open_house
from tests.fuzzing import examples
from tests.xquik.server import FakeTime

__all__ = ["empty_bot"]
ANN, BEN = Asker("discord/ann"), Asker("discord/ben")


def limiter(time: FakeTime, **limits: object) -> RateLimiter:
    return RateLimiter(RateLimits(**limits), clock=time.clock, sleep=time.sleep)  # type: ignore[arg-type]  # test


@pytest.mark.parametrize(
    ("method", "kind", "counted"),
    [
        ("GET", "read", "read"),
        ("HEAD", "read", "read"),
        ("POST", "read", "write"),  # compose only looks, and is a POST
        ("POST", "spend", "write"),
        ("PATCH", "write", "write"),
        ("PUT", "write", "write"),
        ("DELETE", "delete", "delete"),
        ("DELETE", "write", "delete"),
        ("POST", "follow", "follow"),
    ],
)
def test_requests_count_by_their_method(method: str, kind: Kind, counted: Counted) -> None:
    assert counted_as(method, kind) == counted


async def test_one_person_has_a_quarter_and_is_told_at_once_how_long_to_wait(time: FakeTime) -> None:
    gate = limiter(time)
    for _ in range(30):
        await gate.acquire("t", "write", ANN)
    time.now += 15
    with pytest.raises(RateLimited) as caught:
        await gate.acquire("t", "write", ANN)
    assert time.slept == [], "nobody waits for a minute's share"
    assert caught.value.retry_after == pytest.approx(45)
    assert "your share" in caught.value.detail and "45 seconds" in caught.value.remedy
    await gate.acquire("t", "write", BEN)
    await gate.acquire("t", "read", ANN)
    time.now += 45
    await gate.acquire("t", "write", ANN)


async def test_all_people_together_leave_the_reserve(time: FakeTime) -> None:
    gate = limiter(time)
    for number in range(90):
        await gate.acquire("t", "write", Asker(f"discord/{number}"))
    with pytest.raises(RateLimited, match="allowed here are used up"):
        await gate.acquire("t", "write", ANN)
    for _ in range(30):
        await gate.acquire("t", "write", OURSELVES)
    with pytest.raises(RateLimited):
        await gate.acquire("t", "write", OURSELVES)
    assert time.slept == []


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 61)), min_size=1, max_size=400), st.floats(0, 60))
def test_the_reserve_holds_wherever_a_window_of_xquik_begins(
    wishes: list[tuple[int, float]], offset: float
) -> None:
    """Requests of six people with pauses between them, against windows of Xquik that begin anywhere."""
    time = FakeTime()
    gate = limiter(time, write=(Window(12, 60.0),))
    left: list[float] = []

    async def all_of_it() -> None:
        for person, pause in wishes:
            time.now += pause if pause > 55 else pause / 60
            try:
                await gate.acquire("t", "write", Asker(f"discord/{person}"))
            except RateLimited:
                continue
            left.append(time.now)

    asyncio.run(all_of_it())
    windows = Counter(math.floor((at - offset) / 60.0) for at in left)
    assert max(windows.values()) <= 9


async def test_what_leaves_at_the_end_of_a_minute_counts_in_the_next(time: FakeTime) -> None:
    gate = limiter(time)
    await gate.acquire("t", "write", ANN)
    for moment in (55, 6):
        time.now += moment
        for number in range(200):
            with contextlib.suppress(RateLimited):
                await gate.acquire("t", "write", Asker(f"discord/{number % 3}"))
    for _ in range(30):
        await gate.acquire("t", "write", OURSELVES)
    assert time.slept == []


async def test_the_share_of_reads_is_waited_for_a_moment(time: FakeTime) -> None:
    gate = limiter(time, read=(Window(8, 1.0),))
    for _ in range(5):
        await gate.acquire("t", "read", ANN)
    assert sum(time.slept) == pytest.approx(2.0)


async def test_what_is_remembered_of_people_ends_with_the_window(time: FakeTime) -> None:
    gate = limiter(time)
    for number in range(5_000):
        try:
            await gate.acquire("t", "write", Asker(f"discord/{number}"))
        except RateLimited:
            time.now += 61
    (tenant,) = gate._tenants.values()
    assert sum(len(count.people) for count in tenant.counts.values()) <= 120


_classes: st.SearchStrategy[Counted] = st.sampled_from(("read", "write", "delete"))


@settings(max_examples=examples(80), deadline=None)
@given(
    st.lists(st.tuples(_classes, st.integers(1, 400), st.floats(0, 70)), max_size=12),
    _classes,
    st.integers(4, 40),
)
def test_whatever_one_person_does_another_and_a_confirm_start_at_once(
    doings: list[tuple[Counted, int, float]], wanted: Counted, limit: int
) -> None:
    time = FakeTime()
    gate = limiter(
        time, read=(Window(limit, 1.0),), write=(Window(limit, 60.0),), delete=(Window(limit, 60.0),)
    )

    async def run() -> None:
        for counted, times, pause in doings:
            for _ in range(times):
                try:
                    await gate.acquire("t", counted, ANN)
                except RateLimited:
                    break
            time.now += pause
        before = time.now
        await gate.acquire("t", wanted, BEN)
        await gate.acquire("t", wanted, OURSELVES)
        assert time.now == before

    asyncio.run(run())


async def test_one_member_who_repeats_a_free_command_stops_neither_reading_nor_a_confirm(
    tmp_path: Path, empty_bot: Path
) -> None:
    async with open_house(tmp_path, empty_bot) as house:
        proposed = await house.say('tweet post "Hello"')
        refused = []
        for number in range(140):
            screen = await house.say(f'tweet score "Draft number {number}"', actor=MEMBER)
            if screen.names[-1] == "fail":
                refused.append(words(screen.failure))
        assert len(refused) == 110 and all("your share" in one for one in refused)
        assert (await house.say('tweet score "Mine"', actor=ADMIN)).card.title
        assert (await house.say("radar", actor=MEMBER)).card.title
        assert (await house.confirm(proposed)).title == "Posted on X"
        state = await house.state()
        assert state["writes"] == {"create_tweet": 1}

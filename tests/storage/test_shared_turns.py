"""Turns that processes share: never more than the pace in sum, and one that asks alone gets all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.storage.engine.database import Database
from bot.storage.places.shared_turns import SharedTurns
from bot.storage.retention import RULES, drop


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(postgres_url)
    yield opened
    await opened.close()


async def test_turns_follow_one_another_whoever_asks(store: Database, postgres_url: str) -> None:
    other = await Database.open(postgres_url)
    first, second = SharedTurns(store), SharedTurns(other)
    got = [
        (await one.take("a", count, 10.0, "closed.")).first
        for one, count in ((first, 1), (second, 2), (first, 1), (second, 1))
    ]
    assert got == pytest.approx([0.0, 10.0, 30.0, 40.0], abs=2.0)
    assert (await first.take("b", 1, 10.0, "closed.")).first == pytest.approx(0.0, abs=0.5)
    await other.close()


async def test_many_at_once_get_turns_of_their_own(store: Database) -> None:
    turns = SharedTurns(store)
    got = await asyncio.gather(*(turns.take("a", 1, 2.0, "closed.") for _ in range(20)))
    firsts = sorted(one.first for one in got)
    assert [round(first / 2) for first in firsts] == list(range(20))


async def test_what_is_closed_comes_with_the_turn(store: Database) -> None:
    turns = SharedTurns(store)
    await turns.close("closed.channel 1", 30.0)
    await turns.close("closed.channel 1", 5.0)  # it stays for as long as was said first
    await turns.close("closed_not", 30.0)
    found = (await turns.take("a", 1, 1.0, "closed.")).closed
    assert list(found) == ["channel 1"]
    assert found["channel 1"] == pytest.approx(30.0, abs=2.0)
    assert await turns.left("closed.channel 1") == pytest.approx(30.0, abs=2.0)
    assert await turns.left("never heard of") == 0.0


async def test_a_clock_of_the_server_that_is_set_back_closes_nothing_for_long(store: Database) -> None:
    turns = SharedTurns(store)
    await turns.close("a", 1.0)
    await store.write(lambda c: c.execute(text("UPDATE turns SET due = due + 86400")))
    assert await turns.left("a") == 60.0
    assert (await turns.take("a", 1, 1.0, "closed.")).first == pytest.approx(60.0, abs=2.0)


async def test_turns_that_came_long_ago_go(store: Database) -> None:
    turns = SharedTurns(store)
    await turns.close("a", 1.0)
    await turns.close("b", 20_000.0)
    now = (await store.read(lambda c: c.execute(text("SELECT extract(epoch FROM now())")))).scalar_one()
    rule = RULES["turns"]
    assert rule.after is not None
    assert await drop(store, rule, float(now) + 10_000 - rule.after) == 1
    assert await turns.left("b") > 0

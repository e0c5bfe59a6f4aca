"""Dead letters are sent once more, each at most once, at the end of their lane and in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.messages.message import Message, msg
from bot.core.routes.dead_letters import DeadLetters
from bot.storage.engine.database import Database
from bot.storage.relay import replaying
from bot.storage.relay.replaying import count_dead, list_dead, newest_dead, replay_dead
from bot.storage.tables import deliveries, events

ONE, TWO = TenantId("slack", "T1"), TenantId("discord", "77")


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A dead letter of the first tenant."""
    return {
        "tenant": str(ONE),
        "lane": f"{changes.get('tenant', ONE)}/C1",
        "channel": "C1",
        "kind": "card",
        "dedup_key": f"p:{number}",
        "card": "{}",
        "key": f"key{number}",
        "state": "dead",
        "attempts": 80,
        "ambiguous": False,
        "error": "given up after 80 attempts: Rate limit 100%",
        "created_at": 100.0 + number,
        "settled_at": 500.0 + number,
    } | changes


async def put(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    async def work(connection: AsyncConnection) -> None:
        for one in rows:
            await connection.execute(insert(deliveries).values(**one))

    await database.write(work)


async def stored(database: Database) -> list[Any]:
    async def work(connection: AsyncConnection) -> list[Any]:
        return list((await connection.execute(select(deliveries).order_by(deliveries.c.id))).all())

    return await database.read(work)


def key(lane: str, dedup_key: str) -> str:
    return f"{lane[-2:]}{dedup_key}"[:25]


async def test_a_dead_letter_becomes_a_new_row_and_keeps_its_own(database: Database) -> None:
    await put(database, [row(1, thread="9", route="r1", person="U1", edit_message="m", ambiguous=True)])
    done = await replay_dead(database, DeadLetters(), now=900.0, key=key)
    assert (done.messages, done.lanes) == (1, ("slack:T1/C1",))
    dead, again = await stored(database)
    assert (dead.state, dead.error, dead.settled_at) == (
        "dead",
        "given up after 80 attempts: Rate limit 100%",
        501.0,
    )
    assert (again.state, again.attempts, again.not_before, again.error) == ("waiting", 0, 0.0, None)
    assert (again.purpose, again.key, again.created_at) == (
        f"r:{dead.id}",
        key(dead.lane, again.purpose),
        900.0,
    )
    kept = (
        "tenant",
        "lane",
        "channel",
        "thread",
        "kind",
        "route",
        "card",
        "person",
        "edit_message",
        "ambiguous",
    )
    assert [getattr(again, name) for name in kept] == [getattr(dead, name) for name in kept]


async def test_several_clicks_at_once_make_one_message_each(database: Database) -> None:
    await put(database, [row(number) for number in range(30)])
    done = await asyncio.gather(*(replay_dead(database, DeadLetters(), now=900.0, key=key) for _ in range(5)))
    assert sum(one.messages for one in done) == 30
    assert len(await stored(database)) == 60
    assert await count_dead(database, DeadLetters()) == 0


async def test_they_keep_their_order_over_several_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "PAGE", 4)
    monkeypatch.setattr(replaying, "_AT_A_TIME", 6)
    await put(database, [row(number) for number in range(10)])
    done = await replay_dead(database, DeadLetters(), now=900.0, key=key)
    assert done.messages == 10
    rows = await stored(database)
    assert [r.purpose for r in rows[10:]] == [f"r:{r.id}" for r in rows[:10]]


async def test_a_reason_is_a_message_and_is_found_by_its_words(database: Database) -> None:
    why = msg("given up after {n} attempts: {why}", n=80, why=msg("Rate limit 100%"))
    await put(database, [row(1, error=why), row(2)])
    second, first = await list_dead(database, DeadLetters(), 10)
    assert isinstance(first.reason, Message) and first.reason.arguments == why.arguments
    assert type(second.reason) is str and second.reason == first.reason
    for words, number in (("AFTER 80 attempts: rate LIMIT 100%", 2), ("arguments", 0), ("{n}", 0), ("%_", 0)):
        assert await count_dead(database, DeadLetters(reason=words)) == number, words


async def test_only_what_was_chosen_is_counted_and_replayed(database: Database) -> None:
    await put(
        database,
        [
            row(1),
            row(2, error="channel_not_found"),
            row(3, tenant=str(TWO)),
            row(4, state="sent"),
            row(5, state="waiting", settled_at=None),
        ],
    )
    first, second, third = [letter.id for letter in reversed(await list_dead(database, DeadLetters(), 10))]
    for chosen, ids in [
        (DeadLetters(), {first, second, third}),
        (DeadLetters(ONE), {first, second}),
        (DeadLetters(reason="RATE limit 100%"), {first, third}),
        (DeadLetters(reason="rate_limit"), set()),
        (DeadLetters(ids=(second,)), {second}),
        (DeadLetters(upto=second), {first, second}),
        (DeadLetters(since=502.0, until=502.5), {second}),
    ]:
        assert {letter.id for letter in await list_dead(database, chosen, 10)} == ids
        assert await count_dead(database, chosen) == len(ids)
    done = await replay_dead(database, DeadLetters(ONE, reason="rate"), now=900.0, key=key)
    assert done.messages == 1
    assert {letter.id for letter in await list_dead(database, DeadLetters(), 10, replayed=False)} == {
        second,
        third,
    }
    assert {letter.id for letter in await list_dead(database, DeadLetters(), 10) if letter.replayed} == {
        first
    }


async def test_the_second_death_is_a_dead_letter_of_its_own(database: Database) -> None:
    await put(database, [row(1)])
    await replay_dead(database, DeadLetters(), now=900.0, key=key)

    async def die(connection: AsyncConnection) -> None:
        dead = deliveries.c.state == "waiting"
        await connection.execute(deliveries.update().where(dead).values(state="dead", settled_at=950.0))

    await database.write(die)
    assert await count_dead(database, DeadLetters()) == 1
    assert (await replay_dead(database, DeadLetters(), now=960.0, key=key)).messages == 1
    assert len(await stored(database)) == 3


async def test_they_are_listed_newest_first_page_by_page_with_their_event(database: Database) -> None:
    async def event(connection: AsyncConnection) -> None:
        values = {
            "id": 7,
            "tenant": str(ONE),
            "identity": "s:42",
            "body_hash": b"0" * 32,
            "type": "tweet.new",
            "data": "{}",
            "occurred_at": 1.0,
            "received_at": 2.0,
            "via": "webhook",
        }
        await connection.execute(insert(events).values(**values))

    await database.write(event)
    await put(database, [row(number, kind="event", event=7, card=None) for number in range(5)])
    first = await list_dead(database, DeadLetters(), 3)
    rest = await list_dead(database, DeadLetters(), 3, before=first[-1].id)
    ids = [letter.id for letter in (*first, *rest)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5
    assert {letter.identity for letter in first} == {"s:42"}
    assert await newest_dead(database) == ids[0]


async def test_few_dead_letters_are_not_looked_for_among_all_that_was_sent(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    plans: list[str] = []

    async def explained(connection: AsyncConnection) -> None:
        for ids in (
            select(deliveries.c.id)
            .where(*replaying._conditions(DeadLetters()))
            .order_by(replaying._sorted_id),
            select(deliveries.c.id).where(*replaying._conditions(DeadLetters(ONE, "x", upto=9))),
            select(deliveries.c.id).where(*replaying._conditions(DeadLetters(upto=9))),
        ):
            compiled = str(ids.compile(compile_kwargs={"literal_binds": True}))
            plans.extend(
                str(row.detail) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
            )

    await database.read(explained)
    await database.close()
    assert all("ix_deliveries_dead" in plan for plan in plans if "deliveries" in plan), plans

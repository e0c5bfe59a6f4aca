"""What is deleted by its age: every table is decided, what goes is found by an index, and records stay."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.retention import BATCH, KEPT, RULES, SETTLED, drop, oldest
from bot.storage.tables import hook_nonces, metadata, proposals, slack_installations

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_table_is_decided_on_once() -> None:
    groups = (set(RULES), set(KEPT), set(SETTLED))
    assert set().union(*groups) == set(metadata.tables)
    assert sum(len(group) for group in groups) == len(metadata.tables)


def test_the_documentation_names_every_table() -> None:
    told = (DOCS / "storage.md").read_text().partition("## What is kept, and for how long")[2]
    told = told.partition("\n## ")[0]
    missing = [name for name in metadata.tables if f"`{name}`" not in told]
    assert missing == []


def test_nonces_are_kept_for_twice_as_long_as_a_delivery_may_be_repeated() -> None:
    from bot.relay.receiving.signature import WINDOW_MS

    assert RULES["hook_nonces"].after == 2 * (2 * WINDOW_MS / 1000)


@pytest.mark.parametrize("name", sorted(RULES))
async def test_what_goes_is_found_by_one_step_into_an_index(database: Database, name: str) -> None:
    rule = RULES[name]

    query = oldest(rule).params(before=1.0, most=10)

    async def explained(connection: AsyncConnection) -> str:
        raw = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
        if connection.dialect.name == "sqlite":
            rows = await connection.execute(text(f"EXPLAIN QUERY PLAN {raw}"))
            return "\n".join(str(row[3]) for row in rows)
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        await connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        rows = await connection.execute(text(f"EXPLAIN {raw}"))
        return "\n".join(str(row[0]) for row in rows)

    said = await database.read(explained)
    assert re.search(r"USING (COVERING )?INDEX|Index (Only )?Scan using", said), said
    assert "TEMP B-TREE" not in said and "Sort" not in said and "Seq Scan" not in said, said


async def test_what_is_old_goes_in_batches_and_what_is_young_stays(database: Database) -> None:
    rows = [
        {"hook": "h", "nonce": f"{n:032x}", "body_hash": bytes(32), "seen_at": float(n)}
        for n in range(BATCH + 50)
    ]
    await database.write(lambda connection: connection.execute(insert(hook_nonces), rows))
    rule = RULES["hook_nonces"]
    assert await drop(database, rule, BATCH + 20.0) == BATCH
    assert await drop(database, rule, BATCH + 20.0) == 20
    assert await drop(database, rule, BATCH + 20.0) == 0

    async def left(connection: AsyncConnection) -> int:
        return int((await connection.execute(select(func.count()).select_from(hook_nonces))).scalar_one())

    assert await database.read(left) == 30


async def test_previews_that_came_to_nothing_go_and_records_and_open_ones_stay(database: Database) -> None:
    states = (
        "open",
        "claimed",
        "dispatching",
        "polling",
        "done",
        "failed",
        "unknown",
        "cancelled",
        "expired",
    )
    rows: list[dict[str, Any]] = [
        {
            "id": state,
            "tenant": "slack:T1",
            "kind": "tweet.create",
            "requester": "U1",
            "payload": "{}",
            "payload_hash": "",
            "preview": "{}",
            "idempotency_key": state,
            "state": state,
            "channel": "C1",
            "created_at": 1.0,
            "expires_at": 2.0,
        }
        for state in states
    ]
    await database.write(lambda connection: connection.execute(insert(proposals), rows))
    assert await drop(database, RULES["proposals"], 10.0) == 2

    async def left(connection: AsyncConnection) -> set[str]:
        return set((await connection.execute(select(proposals.c.id))).scalars())

    assert await database.read(left) == set(states) - {"cancelled", "expired"}


async def test_an_installation_in_force_never_goes(database: Database) -> None:
    rows = [
        {"key": "-/T1", "ciphertext": b"x", "installed_at": 1.0, "removed_at": None},
        {"key": "-/T2", "ciphertext": b"", "installed_at": 1.0, "removed_at": 2.0},
    ]
    await database.write(lambda connection: connection.execute(insert(slack_installations), rows))
    assert await drop(database, RULES["slack_installations"], 10.0) == 1


async def test_what_tenants_have_is_counted_as_it_comes_and_goes(database: Database) -> None:
    async def change(connection: AsyncConnection) -> None:
        await stored_bytes.add(connection, "events", [("a", 10), ("b", 5), ("a", 1)])
        await stored_bytes.add(connection, "messages", [("b", 7)])
        await stored_bytes.add(connection, "events", [])
        await stored_bytes.subtract(connection, "events", [("a", 4), ("b", 50), ("nobody", 1)])

    await database.write(change)
    assert await stored_bytes.largest(database) == {"a": 7, "b": 7}
    await database.write(change)
    assert await stored_bytes.largest(database) == {"a": 14, "b": 14}

"""A process that stands still inside its transaction: the others say so, and go on in seconds."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.observing import watch
from bot.core.errors import StorageUnavailable
from bot.observability.figures import BotMetrics
from bot.settings import Settings
from bot.storage.engine.database import Database
from bot.storage.intake.events import ORDER_LOCK
from bot.storage.migrate import engine_for
from bot.storage.tables import events
from tests.adapters.logged import logged
from tests.conftest import TIME_LIMITS, with_limits
from tests.relay.conftest import make_relay
from tests.relay.harness import (
    TENANT,
    RecordingMessenger,
    application,
    deliver,
    event_body,
    make_hook,
    serving,
)
from tests.storage.test_faults_limits import state_of

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


async def _stored(db: Database) -> int:
    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(select(func.count()).select_from(events))).scalar_one())

    return await db.read(work)


async def test_a_delivery_does_not_wait_for_a_process_that_stands_still(postgres_url: str) -> None:
    db = await Database.open(postgres_url)
    relay = make_relay(db, RecordingMessenger(), observer=watch(Settings(), BotMetrics(), time.time).relay)
    engine = engine_for(postgres_url)
    try:
        async with (
            serving(application(relay)) as base,
            httpx.AsyncClient(base_url=base, timeout=30) as client,
        ):
            path = await make_hook(relay, TENANT, "hook-one")
            with logged() as said, engine.connect() as other:
                other.execute(_HOLD, {"name": ORDER_LOCK})
                began = time.monotonic()
                answers = await asyncio.gather(*(deliver(client, path, event_body(n)) for n in range(3)))
                answers.append(await deliver(client, path, event_body(3)))
                assert time.monotonic() - began < 15
                assert [one.status_code for one in answers] == [503] * 4
                assert {one.headers["retry-after"] for one in answers} == {"5"}
                (line,) = said.lines("lock_timeout")
                assert "where=intake" in line and "warning" in line
                said.is_without_traceback()
                other.commit()
            again = [await deliver(client, path, event_body(n)) for n in range(4)]
            assert [one.json()["status"] for one in again] == ["accepted"] * 4
            assert await _stored(db) == 4
    finally:
        engine.dispose()
        await relay.stop(grace=2.0)
        await db.close()


async def test_an_operators_own_limit_for_locks_stays(postgres_url: str) -> None:
    async def limit(connection: AsyncConnection) -> str:
        await db.serialised(connection, "anything")
        return str((await connection.execute(text("SELECT current_setting('lock_timeout')"))).scalar_one())

    async def after(connection: AsyncConnection) -> str:
        return str((await connection.execute(text("SELECT current_setting('lock_timeout')"))).scalar_one())

    for url, wanted, left in (
        (postgres_url, "15s", "0"),
        (with_limits(postgres_url, **TIME_LIMITS), "2s", "2s"),
    ):
        db = await Database.open(url)
        assert await db.write(limit) == wanted
        assert await db.write(after) == left
        await db.close()


@pytest.mark.parametrize("patience", [0.2, 15.0])
async def test_the_transaction_of_a_stopped_process_is_ended_by_the_server_in_seconds(
    postgres_url: str, patience: float
) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.frozen_child", postgres_url),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    db = await Database.open(postgres_url)

    async def work(connection: AsyncConnection) -> str:
        await db.serialised(connection, "frozen", patience)
        return "ours"

    try:
        assert await asyncio.wait_for(holder.stdout.readline(), 20) == b"held\n"
        os.kill(holder.pid, signal.SIGSTOP)
        began = time.monotonic()
        if patience < 1:
            with pytest.raises(StorageUnavailable, match="lock_timeout") as error:
                await db.write(work)
            assert state_of(error.value) == "55P03" and time.monotonic() - began < 5
        else:
            assert await db.write(work) == "ours"
            assert time.monotonic() - began < 14
    finally:
        holder.kill()
        await holder.wait()
        await db.close()

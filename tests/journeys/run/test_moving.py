"""A bot on SQLite moves to PostgreSQL with a backlog: tried while it runs, done when it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.journeys.crash.crash_run import Sender
from tests.journeys.run import process
from tests.journeys.run.harness import until
from tests.journeys.run.test_standby import life, staged, stood, taken

EVENTS = 60
BEFORE = 30


@pytest.fixture
def postgresql(postgres: PostgresServer) -> Iterator[str]:
    """A database without any table."""
    url = postgres.create()
    yield url
    postgres.drop(url)


async def test_a_running_installation_moves_and_goes_on(tmp_path: Path, postgresql: str) -> None:
    async with AsyncExitStack() as stack:
        file = f"sqlite:///{tmp_path / 'bot.db'}"
        stage = await staged(stack, tmp_path, file)
        there = {"XQUIK_BOT_STORAGE__URL": postgresql}
        moving = ("migrate", "--from", file, "--config", str(stage.config))
        senders = [Sender(stage.plan.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        stack.callback(lambda: [feed.cancel() for feed in feeds])

        first = await life(stage, stack, "on-sqlite", stage.plan.port)
        await first.ready(40)
        await taken(senders, BEFORE)
        code, said = await process.finished(*moving, log=tmp_path / "tried.log", env=there)
        assert (code, "this was a rehearsal" in said) == (1, True), said
        run = ("run", "--config", str(stage.config))
        code, said = await process.finished(*run, log=tmp_path / "early.log", env=there)
        assert (code, "while a bot ran on that file" in said) == (1, True), said
        assert "migrate --from" in said and "Traceback" not in said
        # It is killed with messages on their way, and more that have not begun.
        await first.kill()
        code, said = await process.finished(*moving, log=tmp_path / "moved.log", env=there)
        assert (code, "can start on PostgreSQL now" in said) == (0, True), said
        assert postgresql.rpartition("@")[0].rpartition(":")[2] == "" or postgresql not in said

        # Started with the variable forgotten, nothing runs on the file.
        execing = ("exec", "help", "--tenant", stage.tenants[0], "--config", str(stage.config))
        for command, wanted_code in ((run, 2), (execing, 1), (("check", *run[1:]), 1)):
            code, said = await process.finished(*command, log=tmp_path / "forgotten.log")
            assert code == wanted_code and "was moved to PostgreSQL" in said and "--forget-move" in said, said
            assert "Traceback" not in said

        second = await life(stage, stack, "on-postgresql", stage.plan.port, **there)
        await second.ready(40)
        await taken(senders, EVENTS)
        wanted = list(range(EVENTS))
        await until(lambda: all({n for n, _ in one} >= set(wanted) for one in stood(stage)), 60.0, "all")
        code, said = await process.finished(*moving, log=tmp_path / "again.log", env=there)
        assert (code, "A bot runs on the database of storage.url already" in said) == (1, True), said
        assert await second.terminate(30) == 0
        code, said = await process.finished(*moving, log=tmp_path / "late.log", env=there)
        assert (code, "was used after it was copied" in said) == (1, True), said
        back = ("migrate", "--forget-move", "--config", str(stage.config))
        code, said = await process.finished(*back, log=tmp_path / "back.log", env=there)
        assert (code, "names no SQLite file" in said) == (2, True), said
        for again_said in ("can start on this file again", "not marked as moved"):
            code, said = await process.finished(*back, log=tmp_path / "back.log")
            assert (code, again_said in said) == (0, True), said
        code, said = await process.finished("check", *run[1:], log=tmp_path / "check.log")
        assert "was moved to PostgreSQL" not in said, said
        for channel in stood(stage)[:2]:
            assert channel == [(number, False) for number in wanted]
        for channel in stood(stage)[2:]:
            again = [one for place, one in enumerate(channel) if one[0] in [n for n, _ in channel[:place]]]
            assert all(marked for _, marked in again) and len(again) <= 1, channel
            assert list(dict.fromkeys(number for number, _ in channel)) == wanted
        assert stage.vendors.broken_rules == []


async def test_what_cannot_be_moved_is_named(tmp_path: Path, postgresql: str) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, f"sqlite:///{tmp_path / 'bot.db'}")
        there = {"XQUIK_BOT_STORAGE__URL": postgresql}

        async def refused(source: str, env: dict[str, str]) -> str:
            arguments = ("migrate", "--from", source, "--config", str(stage.config))
            code, said = await process.finished(*arguments, log=tmp_path / "said.log", env=env)
            assert code in (1, 2) and "Traceback" not in said, said
            return said

        assert "no database at" in await refused(f"sqlite:///{tmp_path}/missing.db", there)
        assert "names a SQLite file" in await refused("data/bot.db", there)
        assert "names a SQLite file" in await refused(postgresql, there)
        assert "copies into PostgreSQL" in await refused(f"sqlite:///{tmp_path / 'bot.db'}", {})
        (tmp_path / "other.db").write_bytes(b"")
        assert "no tables" in await refused(f"sqlite:///{tmp_path / 'other.db'}", there)
        (tmp_path / "text.db").write_text("nothing of a database, but long enough to be read as one" * 20)
        assert "not a database" in await refused(f"sqlite:///{tmp_path / 'text.db'}", there)
        key = {"XQUIK_BOT_VAULT__KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
        assert "vault.keys" in await refused(f"sqlite:///{tmp_path / 'bot.db'}", there | key)

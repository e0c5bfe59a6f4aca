"""One process of each kind for all tests of this directory that only look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest

from tests.web.bounds.harness import HOOK, Child, Door, Talk, running_bot, running_demo

DOORS = ("hooks", "slack", "operator", "metrics", "demo")


@pytest.fixture(autouse=True)
async def hung_up() -> AsyncIterator[None]:
    """Strangers leave with the test, however it ends."""
    yield
    while Talk.opened:
        writer = Talk.opened.pop().writer
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@pytest.fixture(scope="package")
def bot_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    with running_bot(tmp_path_factory.mktemp("bot")) as child:
        yield child


@pytest.fixture(scope="package")
def demo_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    with running_demo(tmp_path_factory.mktemp("demo")) as child:
        yield child


@pytest.fixture(scope="package")
def clients(bot_process: Child, demo_process: Child) -> dict[str, Door]:
    bot, port = bot_process, bot_process.port
    return {
        "hooks": Door("hooks", bot, port, f"POST {HOOK} HTTP/1.1"),
        "slack": Door("slack", bot, port, "POST /slack/events HTTP/1.1"),
        "operator": Door("operator", bot, port, "GET /operator/login HTTP/1.1"),
        "metrics": Door("metrics", bot, bot.metrics, "GET /metrics HTTP/1.1"),
        "demo": Door("demo", demo_process, demo_process.port, "GET / HTTP/1.1"),
    }


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest, clients: dict[str, Door]) -> Door:
    return clients[str(request.param)]

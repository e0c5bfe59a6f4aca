from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.xquik.connections import Connections
from bot.xquik.transport.client import Transport
from tests.xquik.server import FakeTime, Upstream, running, transport_to


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture(scope="session")
def listening() -> Iterator[Upstream]:
    with running() as server:
        yield server


@pytest.fixture
def upstream(listening: Upstream) -> Upstream:
    listening.reset()
    return listening


@pytest.fixture
async def transport(upstream: Upstream, time: FakeTime) -> AsyncIterator[Transport]:
    async with transport_to(upstream.url, time) as made:
        yield made


@pytest.fixture
def connections(transport: Transport) -> Connections:
    return Connections(transport)

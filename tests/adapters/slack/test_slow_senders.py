"""`/slack/events` over a real server, with senders that hold connections and say little."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette

from adapters.slack.web import BODY_BYTES
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import SlackHarness, running
from tests.doubles.slack import SlackServer
from tests.relay.harness import serving

STALE = 301


@dataclass
class Wire:
    """Raw connections to the adapter, and a client beside them."""

    house: SlackHarness
    client: httpx.AsyncClient
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def begin(
        self, headers: dict[str, str], length: int, sent: bytes = b"", source: str = "127.0.0.1"
    ) -> asyncio.StreamReader:
        """A request whose body has `length` bytes, of which only `sent` are sent. source: an address."""
        url = self.client.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port, local_addr=(source, 0))
        self.writers.append(writer)
        lines = ["POST /slack/events HTTP/1.1", "Host: x", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
        return reader


@pytest.fixture
async def wire(server: SlackServer, storage: Database) -> AsyncIterator[Wire]:
    """The adapter in HTTP mode on a real server."""
    async with (
        running(server, storage, mode="http") as house,
        serving(Starlette(routes=house.platform.routes)) as base,
        httpx.AsyncClient(base_url=base) as client,
        _closing(Wire(house, client)) as wire,
    ):
        yield wire


@asynccontextmanager
async def _closing(wire: Wire) -> AsyncIterator[Wire]:
    yield wire
    for writer in wire.writers:
        writer.close()


async def status(reader: asyncio.StreamReader) -> int:
    """The status of an answer, before any deadline of the server's is over."""
    line = await asyncio.wait_for(reader.readline(), 0.9)
    return int(line.split()[1])


async def test_a_large_body_is_not_taken_in_without_the_headers_of_a_signature(wire: Wire) -> None:
    slack = wire.house.server
    stale = slack.sign(b"x", timestamp=int(slack.clock()) - STALE)
    for headers in ({}, stale, slack.sign(b"x") | {"X-Slack-Signature": "v0=12"}):
        assert await status(await wire.begin(headers, BODY_BYTES)) == 401


async def test_unsigned_senders_do_not_shut_out_slack(wire: Wire) -> None:
    slack = wire.house.server
    held = [await wire.begin({}, 4000, b"x" * 3999) for _ in range(80)]
    body = b"command=%2Fxquik&team_id=T0001&user_id=U1&text="
    answer = await wire.client.post("/slack/events", content=body, headers=slack.sign(body))
    assert answer.status_code == 200
    # All are let go: those there is no room for at once, the others when their second is over.
    ends = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader in held)), 4)
    assert {end.split()[1] for end in ends} == {b"503"}


async def test_a_body_that_stops_coming_is_to_be_sent_again(wire: Wire) -> None:
    slack = wire.house.server
    reader = await wire.begin(slack.sign(b"xxxx"), 4, b"xxx")
    answer = await asyncio.wait_for(reader.read(), 4)  # to the end: the connection is closed
    assert answer.startswith(b"HTTP/1.1 503") and b"retry-after" in answer.lower()


@pytest.mark.parametrize("size", [BODY_BYTES, 17 * 1024])
@pytest.mark.parametrize("addresses", [1, 40])
async def test_large_bodies_that_only_look_signed_leave_room_for_slack(
    wire: Wire, size: int, addresses: int
) -> None:
    """Genuine events are small, and come through even from where the others come from."""
    slack = wire.house.server
    for number in range(40):
        source = f"127.0.0.{1 + number % addresses}"
        await wire.begin(slack.sign(b"whatever"), size, b"x" * (size - 1), source)
    body = b"command=%2Fxquik&team_id=T0001&user_id=U1&text=" + b"t" * 3000
    answers = [
        await wire.client.post("/slack/events", content=body, headers=slack.sign(body)) for _ in range(24)
    ]
    assert [answer.status_code for answer in answers] == [200] * 24

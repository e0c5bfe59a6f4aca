"""Senders that hold connections and say little: they are dropped, and hold up nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.core.http.bodies import Bounds, CrowdedError, HeldBytes, Room
from bot.relay.receiving.signature import WINDOW_MS
from bot.web.hooks import HookEndpoint
from tests.relay.conftest import RelayHarness
from tests.relay.harness import OTHER, TENANT, deliver, event_body, make_hook, serving, signed, until

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
MIB = 1 << 20


@dataclass
class Wire:
    """Raw connections to a server."""

    host: str
    port: int
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def begin(
        self, path: str, headers: dict[str, str], length: int, sent: bytes = b""
    ) -> asyncio.StreamReader:
        """A request whose body has `length` bytes, of which only `sent` are sent."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        self.writers.append(writer)
        lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
        return reader


@asynccontextmanager
async def wired(base: str) -> AsyncIterator[Wire]:
    """Connections to `base`, closed in the end."""
    url = httpx.URL(base)
    wire = Wire(url.host, url.port or 80)
    yield wire
    for writer in wire.writers:
        writer.close()


@asynccontextmanager
async def bounded(house: RelayHarness, bounds: Bounds, room: Room) -> AsyncIterator[httpx.AsyncClient]:
    """The endpoint with bounds of its own, on a server of its own."""
    relay = house.relay
    endpoint = HookEndpoint(relay.keys, relay.intake, relay.observer, time.time, bounds, room)
    app = Starlette(routes=[Route("/hooks/xquik/{id}", endpoint, methods=["POST"])])
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


async def status(reader: asyncio.StreamReader) -> int:
    """The status of an answer, within seconds."""
    line = await asyncio.wait_for(reader.readline(), 4)
    return int(line.split()[1])


async def test_slow_senders_to_one_hook_leave_room_for_every_other(house: RelayHarness) -> None:
    mine = await make_hook(house.relay, TENANT, "hook-one")
    theirs = await make_hook(house.relay, OTHER, "hook-two", "other-secret")
    async with wired(str(house.client.base_url)) as wire:
        for _ in range(64):
            await wire.begin(mine, signed(b"whatever"), MIB, b"x" * (MIB - 1))

        async def is_full() -> bool:
            large = event_body(1, data={"text": "x" * 17_000})
            return (await deliver(house.client, mine, large)).status_code == 503

        await until(is_full)
        answer = await deliver(house.client, theirs, event_body(2), secret="other-secret")
        assert answer.json() == {"status": "accepted"}
        # And for what a hook nearly always gets, on the same one.
        answers = [await deliver(house.client, mine, event_body(number)) for number in range(3, 27)]
        assert [answer.json()["status"] for answer in answers] == ["accepted"] * 24


@pytest.mark.parametrize("seconds", [-WINDOW_MS / 1000 - 5, WINDOW_MS / 1000 + 5, None])
async def test_what_the_headers_give_away_is_refused_before_the_body(
    house: RelayHarness, seconds: float | None
) -> None:
    path = await make_hook(house.relay, TENANT, "hook-one")
    headers = {} if seconds is None else signed(b"", at=time.time() + seconds)
    async with wired(str(house.client.base_url)) as wire:
        assert await status(await wire.begin(path, headers, MIB)) == 401


async def test_a_body_that_stops_coming_is_to_be_sent_again_and_gives_its_room_back(
    house: RelayHarness,
) -> None:
    path = await make_hook(house.relay, TENANT, "hook-one")
    body = event_body(1, data={"text": "x" * 5000})
    room = Room(6000, 6000)
    async with (
        bounded(house, Bounds(silence=0.2), room) as client,
        wired(str(client.base_url)) as wire,
    ):
        silent = await wire.begin(path, signed(body), len(body), body[:-1])
        await until(lambda: not _has_room(room, 2000))
        answer = await asyncio.wait_for(silent.read(), 4)  # to the end: the connection is closed
        assert answer.startswith(b"HTTP/1.1 503") and b"retry-after: 5" in answer
        assert (await deliver(client, path, body)).json() == {"status": "accepted"}


async def test_a_body_that_trickles_for_too_long_is_not_waited_for(house: RelayHarness) -> None:
    path = await make_hook(house.relay, TENANT, "hook-one")
    async with (
        bounded(house, Bounds(silence=3.0, whole=0.3), Room(MIB, MIB)) as client,
        wired(str(client.base_url)) as wire,
    ):
        reader = await wire.begin(path, signed(b""), MIB)
        answer = asyncio.create_task(status(reader))
        while not answer.done():
            wire.writers[0].write(b"x")
            await asyncio.wait([answer], timeout=0.02)
        assert answer.result() == 503


async def test_a_sender_that_hangs_up_gives_its_room_back(house: RelayHarness) -> None:
    path = await make_hook(house.relay, TENANT, "hook-one")
    body = event_body(1, data={"text": "x" * 5000})
    room = Room(6000, 6000)
    async with (
        bounded(house, Bounds(), room) as client,
        wired(str(client.base_url)) as wire,
    ):
        await wire.begin(path, signed(body), len(body), body[:-1])
        await until(lambda: not _has_room(room, 2000))
        wire.writers[0].close()
        await until(lambda: _has_room(room, 6000))
        assert (await deliver(client, path, body)).status_code == 200


def _has_room(room: Room, size: int) -> bool:
    try:
        with HeldBytes(room, "test") as held:
            held.add(size)
    except CrowdedError:
        return False
    return True

"""The relay is killed again and again while events come in: each is posted once, in order."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import time
from collections import defaultdict

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as WebRoute

from bot.core.routes.appearance import PLAIN, Appearance, Threading
from bot.storage.engine.database import Database
from tests import forked
from tests.relay import child as its_own
from tests.relay.conftest import KEY, make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    event_body,
    make_hook,
    route,
    serving,
    signed,
    until,
)

KILLS = 6
FEW_KILLS = 3
# Channels that recognise a repeated key, as Discord does; in the others messages can be looked up.
RECOGNISING = {"9001", "9002"}


class MessageServer:
    """A platform that is slow at random, before and after it takes a message."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.messages: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)

    async def post(self, request: Request) -> Response:
        """Take a message."""
        channel = request.path_params["channel"]
        content = await request.json()
        await asyncio.sleep(self._chance.random() * 0.01)
        standing = self.messages[channel]
        known = channel.partition("-")[0] in RECOGNISING and content["key"] in [key for key, _ in standing]
        if not known:
            standing.append((content["key"], content["text"]))
        await asyncio.sleep(self._chance.random() * 0.01)
        return JSONResponse({"id": content["key"]})

    async def find(self, request: Request) -> Response:
        """The ids of the messages with a key."""
        standing = self.messages[request.path_params["channel"]]
        return JSONResponse([key for key, _ in standing if key == request.query_params["key"]])

    def app(self) -> Starlette:
        """The application."""
        path = "/{channel}"
        return Starlette(
            routes=[
                WebRoute(path, self.post, methods=["POST"]),
                WebRoute(path, self.find, methods=["GET"]),
            ]
        )


class Sender:
    """Xquik: one delivery after another, each repeated as it was until it is answered with 200."""

    def __init__(self, address: str, path: str) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=2.0)
        self._path = path
        self.sent = 0
        self.stopping = False

    async def run(self) -> None:
        """Send until told to stop."""
        async with self._client:
            body, headers = self._next()
            while not self.stopping:
                if await self._accepted(body, headers):
                    self.sent += 1
                    body, headers = self._next()
                else:
                    await asyncio.sleep(0.02)

    def _next(self) -> tuple[bytes, dict[str, str]]:
        body = event_body(self.sent)
        return body, signed(body)

    async def _accepted(self, body: bytes, headers: dict[str, str]) -> bool:
        try:
            answer = await self._client.post(self._path, content=body, headers=headers)
        except httpx.HTTPError:
            return False
        assert answer.status_code in (200, 503)
        return answer.status_code == 200


async def _prepare(url: str, look: Appearance) -> tuple[str, str]:
    db = await Database.open(url)
    relay = make_relay(db, RecordingMessenger())
    for tenant, channels in ((TENANT, ("C1", "C2")), (OTHER, ("9001", "9002"))):
        for channel in channels:
            await relay.routes.add(route(channel, channel, tenant, appearance=look), time.time())
    paths = await make_hook(relay, TENANT, "hook-one"), await make_hook(relay, OTHER, "hook-two")
    await db.close()
    return paths


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("apart", ["yes", "no"])
async def test_killed_at_any_moment_it_posts_every_event_once_and_in_order(
    sqlite_url: str, apart: str
) -> None:
    stands, expected = await _relayed(sqlite_url, PLAIN, KILLS, apart=apart)
    assert stands == expected


async def test_killed_at_any_moment_it_posts_into_one_thread_and_publishes_every_message(
    sqlite_url: str,
) -> None:
    look = Appearance(threading=Threading.ACCOUNT, publish=True)
    stands, expected = await _relayed(sqlite_url, look, FEW_KILLS, thread="-nasa")
    published = {place: len(texts) for place, texts in stands.items() if place.endswith("-published")}
    assert {place: texts for place, texts in stands.items() if place.endswith("-nasa")} == expected
    assert {place: stands[place] for place in ("C1", "C2", "9001", "9002")} == {
        place: ["@nasa"] for place in ("C1", "C2", "9001", "9002")
    }
    # Publishing twice is as good as once.
    assert all(published[f"{place}-published"] >= len(texts) for place, texts in expected.items())


async def _relayed(
    sqlite_url: str, look: Appearance, kills: int, thread: str = "", apart: str = "yes"
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What stands where after many kills, and what should. thread: where in its channel a message goes.

    apart: whether a process of its own stores.
    """
    chance = random.Random(20260227)
    paths = await _prepare(sqlite_url, look)
    server = MessageServer(chance)
    port = _free_port()
    senders = [Sender(f"http://127.0.0.1:{port}", path) for path in paths]
    async with serving(server.app()) as platform:
        settings = {
            "DB": sqlite_url,
            "VAULT": KEY.get_secret_value(),
            "PORT": str(port),
            "PLATFORM": platform,
            "APART": apart,
        }
        feeds = [asyncio.create_task(sender.run()) for sender in senders]
        for _ in range(kills):
            child = await _start(settings)
            await _accepting(senders)
            await asyncio.sleep(chance.random() * 0.25)
            child.send_signal(signal.SIGKILL)
            await child.wait()
        child = await _start(settings)
        await _accepting(senders)
        for sender in senders:
            sender.stopping = True
        await asyncio.wait_for(asyncio.gather(*feeds), 20.0)
        expected = {
            channel + thread: [f"Tweet number {n}" for n in range(sender.sent)]
            for sender, channels in zip(senders, (("C1", "C2"), ("9001", "9002")), strict=True)
            for channel in channels
        }
        await until(lambda: all(len(server.messages[at]) >= len(said) for at, said in expected.items()), 30.0)
        if look.publish:
            await until(lambda: all(_published(server, at) >= len(expected[at]) for at in expected), 30.0)
        await asyncio.sleep(0.2)  # time for one too many to show itself
        child.send_signal(signal.SIGKILL)
        await child.wait()
    assert min(len(texts) for texts in expected.values()) >= kills
    return {channel: [text for _, text in said] for channel, said in server.messages.items()}, expected


async def _accepting(senders: list[Sender]) -> None:
    """Wait until each sender got something accepted."""
    before = [sender.sent for sender in senders]
    await until(lambda: all(s.sent > b for s, b in zip(senders, before, strict=True)), 20.0)


def _published(server: MessageServer, place: str) -> int:
    return len({key for key, _ in server.messages[f"{place}-published"]})


async def _start(settings: dict[str, str]) -> forked.Forked:
    return await forked.start(its_own.run, settings)

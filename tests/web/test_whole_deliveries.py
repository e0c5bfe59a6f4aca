"""Deliveries that are answered where their bytes arrive, and those that go the usual way: nobody sees it."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest
from starlette.types import Receive, Scope, Send

from bot.app.server import WebServer
from bot.core.errors import StorageUnavailable
from bot.relay.receiving.intake import Intake
from bot.relay.receiving.signature import WINDOW_MS
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.web.whole_deliveries import Headers, Say
from tests.relay.conftest import make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    application,
    event_body,
    make_hook,
    serving_hooks,
    signed,
    until,
)
from tests.web.bounds.harness import Talk

SECRET = "shared-secret-of-both"
_DATE = re.compile(rb"date: [^\r]*")


@pytest.fixture
async def relay(sqlite: Database) -> Relay:
    """A relay that is not running, with two hooks that are in memory."""
    relay = make_relay(sqlite, RecordingMessenger())
    for tenant, hook in ((TENANT, "hook-one"), (OTHER, "hook-two")):
        await make_hook(relay, tenant, hook, SECRET)
        assert await relay.keys.find(hook)
    return relay


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


def request(
    body: bytes,
    *fields: str,
    hook: str = "hook-one",
    line: str = "POST {} HTTP/1.1",
    changed: Mapping[str, str | None] = MappingProxyType({}),
) -> bytes:
    """A whole request. fields: further lines. changed: of the signing headers; None leaves one out."""
    headers: dict[str, str | None] = {**signed(body, secret=SECRET), "Content-Length": str(len(body))}
    headers.update(changed)
    lines = [line.format(f"/hooks/xquik/{hook}"), "Host: x", *fields]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer(talk: Talk) -> bytes:
    """The next answer as it stands on the connection, but for its moment."""
    async with asyncio.timeout(10):
        head = await talk.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None
        return _DATE.sub(b"date: then", head) + await talk.reader.readexactly(int(length[1]))


class Usual:
    """An application that counts what comes to it."""

    def __init__(self, relay: Relay) -> None:
        self._app = application(relay)
        self.hooks = self._app.hooks
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.asked.append(f"{scope['method']} {scope['path']}")
        await self._app(scope, receive, send)


@asynccontextmanager
async def counted(relay: Relay) -> AsyncIterator[tuple[Usual, int]]:
    """A server, what came to its application, and its port."""
    app = Usual(relay)
    server = WebServer(app, "127.0.0.1", 0, deliveries=app.hooks)
    await server.start()
    yield app, server.port
    await server.stop()


def _port(base: str) -> int:
    return int(base.rpartition(":")[2])


def _far(seconds: float) -> str:
    return str(int((time.time() + seconds) * 1000))


async def test_both_ways_give_the_same_answers_byte_for_byte(relay: Relay) -> None:
    """Each hook has its own events and nonces, so that what one way has stored is nothing to the other."""
    first, nonce = event_body(1), "ab" * 16
    stamp = signed(first, secret=SECRET)
    sent: list[tuple[bytes, dict[str, str | None]]] = [
        (first, dict(stamp)),
        (first, dict(stamp)),
        (first, {}),
        (event_body(2), {"X-Xquik-Signature": "sha256=" + "0" * 64}),
        (event_body(2), {"X-Xquik-Signature": None}),
        (event_body(2), {"X-Xquik-Timestamp": _far(WINDOW_MS / 1000 + 60)}),
        (event_body(2), {"X-Xquik-Timestamp": _far(-WINDOW_MS / 1000 - 60)}),
        (b"no JSON", {}),
        (b"[]", {}),
        (b'{"eventType":"webhook.test"}', {}),
        (event_body(3), dict(signed(event_body(3), secret=SECRET, nonce=nonce))),
        (event_body(4), dict(signed(event_body(4), secret=SECRET, nonce=nonce))),
        (event_body(5), {"Connection": "close"}),
    ]
    found: dict[str, list[bytes]] = {}
    for hook, whole in (("hook-one", True), ("hook-two", False)):
        async with serving_hooks(relay, whole=whole) as base, await Talk.open(_port(base)) as talk:
            said = found.setdefault(hook, [])
            for body, changes in sent:
                await talk.send(request(body, hook=hook, changed=changes))
                said.append(await answer(talk))
            assert await talk.closed(5) == b""
    assert found["hook-one"] == found["hook-two"]
    statuses = [int(one.split(b" ", 2)[1]) for one in found["hook-one"]]
    assert statuses == [200, 200, 200, 401, 401, 401, 401, 400, 400, 200, 200, 401, 200]


@pytest.mark.parametrize("code", ["full", "share", "closed"])
async def test_both_ways_say_alike_that_nothing_could_be_stored(
    relay: Relay, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object) -> asyncio.Future[object]:
        raise StorageUnavailable("not now", code=code)

    monkeypatch.setattr(Intake, "begin", begin)
    said = []
    for whole in (True, False):
        async with serving_hooks(relay, whole=whole) as base, await Talk.open(_port(base)) as talk:
            await talk.send(request(event_body(1)))
            said.append(await answer(talk))
    assert said[0] == said[1]
    assert b" 503 " in said[0]
    assert b"retry-after" in said[0]


async def test_a_plain_delivery_needs_no_application_in_one_piece_or_two(relay: Relay) -> None:
    async with counted(relay) as (app, port), await Talk.open(port) as talk:
        await talk.send(request(event_body(1)))
        assert b'"accepted"' in await answer(talk)
        head, _, body = request(event_body(2)).partition(b"\r\n\r\n")
        await talk.send(head + b"\r\n\r\n")
        await asyncio.sleep(0)
        await talk.send(body)
        assert b'"accepted"' in await answer(talk)
    assert len(await relay.events.recent(TENANT, 5)) == 2
    # The second may have come too late for that on a busy machine; the first never does.
    assert len(app.asked) <= 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (partial(request, event_body(1), hook="hook-one?a=b"), 200),
        (partial(request, event_body(1), hook="hook%2Done"), 200),
        (partial(request, event_body(1), hook="nobody"), 404),
        (partial(request, event_body(1), line="POST {} HTTP/1.0"), 200),
        (partial(request, event_body(1), "Expect: 100-continue"), 100),
        # What follows a head that asks for another protocol is not read as a body.
        (partial(request, event_body(1), "Connection: upgrade", "Upgrade: websocket"), 401),
        (partial(request, event_body(1, data={"text": "x" * 100_000})), 200),
        (partial(request, event_body(1), line="PUT {} HTTP/1.1"), 405),
    ],
    ids=["query", "escaped", "unknown", "1.0", "expect", "upgrade", "large", "PUT"],
)
async def test_what_is_less_plain_goes_the_usual_way(
    relay: Relay, sent: Callable[[], bytes], status: int
) -> None:
    async with counted(relay) as (app, port), await Talk.open(port) as talk:
        await talk.send(sent())
        assert await talk.status() == status
        assert len(app.asked) == 1


async def test_a_key_that_is_not_in_memory_is_looked_up_the_usual_way(relay: Relay) -> None:
    async with counted(relay) as (app, port), await Talk.open(port) as talk:
        for number, usual in ((1, 1), (2, 1)):
            if number == 1:
                relay.keys.forget("hook-one")
            await talk.send(request(event_body(number)))
            assert b'"accepted"' in await answer(talk)
            assert len(app.asked) == usual


async def test_a_slow_body_goes_the_usual_way_and_is_taken(relay: Relay) -> None:
    async with counted(relay) as (app, port), await Talk.open(port) as talk:
        whole = request(event_body(1))
        await talk.send(whole[:-20])
        await until(lambda: app.asked)
        await talk.send(whole[-20:])
        assert b'"accepted"' in await answer(talk)


async def test_deliveries_sent_before_the_first_answer_are_answered_in_order(relay: Relay) -> None:
    async with counted(relay) as (_, port), await Talk.open(port) as talk:
        bodies = [event_body(1), b"no JSON", event_body(2), event_body(1), b'{"eventType":"webhook.test"}']
        await talk.send(b"".join(request(body) for body in bodies))
        said = [(await answer(talk)).rpartition(b'": "')[2].rstrip(b'"}') for _ in bodies]
    assert said == [b"accepted", b"the body is not JSON", b"accepted", b"duplicate", b"test"]


async def test_what_cannot_be_parsed_behind_a_delivery_ends_the_connection_after_its_answer(
    relay: Relay,
) -> None:
    async with counted(relay) as (_, port), await Talk.open(port) as talk:
        await talk.send(request(event_body(1)) + b"nonsense\r\n\r\n")
        said = await talk.closed(10)
    assert said.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in said
    assert said.count(b"HTTP/1.1") == 1


async def test_whoever_hangs_up_before_the_answer_disturbs_nobody(relay: Relay, sqlite_url: str) -> None:
    async with counted(relay) as (_, port):
        with _locked(sqlite_url):
            async with await Talk.open(port) as gone:
                await gone.send(request(event_body(1)))
        async with await Talk.open(port) as talk:
            await talk.send(request(event_body(2)))
            assert b'"accepted"' in await answer(talk)


async def test_a_server_that_stops_gives_the_answer_that_is_due_first(relay: Relay, sqlite_url: str) -> None:
    app = Usual(relay)
    server = WebServer(app, "127.0.0.1", 0, deliveries=app.hooks)
    await server.start()
    async with await Talk.open(server.port) as talk:
        with _locked(sqlite_url):
            await talk.send(request(event_body(1)))
            await until(lambda: relay.intake.busy)
            stopping = asyncio.create_task(server.stop())
            await asyncio.sleep(0)
        said = await talk.closed(10)
        await stopping
    assert said.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in said
    assert app.asked == []


class _Mistaken:
    def knows(self, _hook: str) -> bool:
        return True

    def take(self, _hook: str, _headers: Headers, _raw: bytes, _say: Say) -> bool:
        raise LookupError("a mistake of ours")


async def test_a_mistake_of_ours_is_answered_by_the_application() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("the same mistake")

    server = WebServer(failing, "127.0.0.1", 0, deliveries=_Mistaken())
    await server.start()
    async with await Talk.open(server.port) as talk:
        await talk.send(request(event_body(1)))
        assert await talk.status() == 500
        await talk.send(request(event_body(1)))
        assert await talk.status() == 500
    await server.stop()


def _locked(url: str) -> closing[sqlite3.Connection]:
    """Another process that writes: nothing is stored until the block ends."""
    other = sqlite3.connect(Path(url.removeprefix("sqlite:///")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)

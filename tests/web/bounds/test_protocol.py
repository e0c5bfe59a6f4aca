"""One connection, just past each bound, over real sockets; only the clock of the look is ours."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from bot.core.http.clients import ClientAddresses
from bot.web.connections import ServerConnections, Stage, most_connections
from bot.web.protocol import FIELDS, HEAD_BYTES, PIPELINED, VANISHED, BoundedProtocol
from tests.web.bounds.harness import HOST, Talk

App = Callable[[Any, Any, Any], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Served:
    """A server whose connections are looked at when a test says so."""

    port: int
    connections: ServerConnections
    told: list[str]
    seen: list[Any] = field(default_factory=list)

    def stages(self) -> list[Stage]:
        return [connection.standing()[0] for connection in self.connections]

    async def until(self, *stages: Stage) -> None:
        async with asyncio.timeout(10.0):
            while self.stages() != list(stages):  # noqa: ASYNC110 - a protocol tells nobody
                await asyncio.sleep(0.001)


@asynccontextmanager
async def served(app: App, most: int = 100, proxies: tuple[str, ...] = ()) -> AsyncIterator[Served]:
    told: list[str] = []
    connections = ServerConnections(most, ClientAddresses(proxies), told.append)
    config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none", proxy_headers=False)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: BoundedProtocol(config, state, {}, connections=connections), HOST, 0
    )
    try:
        yield Served(server.sockets[0].getsockname()[1], connections, told)
    finally:
        server.close()
        for connection in connections:
            connection.drop()


async def whole(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message["body"]
        more = message["more_body"]
    return body


async def answer(send: Any, body: bytes = b"ok", status: int = 200) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Echo:
    """Answers with the body; remembers how many requests came and what their fields were at the end."""

    def __init__(self) -> None:
        self.fields: list[list[tuple[bytes, bytes]]] = []
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await whole(receive)
        except ConnectionResetError:
            self.gone += 1
            return
        self.fields.append(scope["headers"])
        await answer(send, body)


async def test_trailers_are_no_fields_of_the_head_and_have_their_bound() -> None:
    echo = Echo()
    trailers = b"".join(b"X-%d: 1\r\n" % number for number in range(FIELDS))
    async with served(echo) as server:
        async with await Talk.open(server.port) as talk:
            await talk.send(CHUNKED + b"2\r\nok\r\n0\r\n" + trailers + b"\r\n")
            assert await talk.status() == 200
        async with await Talk.open(server.port) as talk:
            await talk.send(CHUNKED + b"2\r\nok\r\n0\r\n" + trailers + b"X-More: 1\r\n\r\n")
            assert await talk.status() == 431
        async with await Talk.open(server.port) as talk:
            await talk.send(CHUNKED + b"2\r\nok\r\n0\r\nX-Pad: " + b"p" * (2 * HEAD_BYTES + 1))
            assert await talk.status() == 431
    assert echo.fields == [[(b"host", b"x"), (b"transfer-encoding", b"chunked")]]
    assert server.told == ["large", "large"]


async def test_chunk_sizes_and_their_extensions_count_but_not_those_of_usual_chunks() -> None:
    echo = Echo()
    async with served(echo) as server:
        async with await Talk.open(server.port) as talk:
            await talk.send(CHUNKED + (b"20\r\n" + b"b" * 32 + b"\r\n") * 20_000 + b"0\r\n\r\n")
            assert await talk.status() == 200
        for chunk in (b"1;" + b"e" * 2000 + b"\r\nb\r\n", b"1\r\nb\r\n"):
            async with await Talk.open(server.port) as talk:
                await talk.send(CHUNKED)
                for _ in range(2 * (2 * HEAD_BYTES) // len(chunk)):
                    if not await talk.send(chunk):
                        break
                assert await talk.status() == 431
    assert (len(echo.fields), echo.gone) == (1, 2)


async def test_a_large_body_in_one_piece_after_a_large_head_comes_whole() -> None:
    async with served(Echo()) as server, await Talk.open(server.port) as talk:
        body = b"b" * 1_000_000
        for _ in range(3):
            head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\nX-Pad: \r\n\r\n" % len(body)
            head = head.replace(b"X-Pad: ", b"X-Pad: " + b"p" * (HEAD_BYTES - len(head)))
            await talk.send(head + body)
            assert b"200 OK" in await talk.reader.readuntil(b"\r\n\r\n")
            assert await talk.reader.readexactly(len(body)) == body


async def test_white_space_around_a_value_is_not_part_of_it() -> None:
    echo = Echo()
    async with served(echo) as server, await Talk.open(server.port) as talk:
        await talk.send(b"GET / HTTP/1.1\r\nX-Word:\t  two words \t \r\nX-None:   \r\n\r\n")
        assert await talk.status() == 200
    assert echo.fields == [[(b"x-word", b"two words"), (b"x-none", b"")]]


async def test_a_few_requests_may_be_sent_ahead_and_no_more() -> None:
    echo = Echo()
    async with served(echo) as server:
        async with await Talk.open(server.port) as talk:
            await talk.send(GET * (PIPELINED + 1))
            assert [await talk.status() for _ in range(PIPELINED + 1)] == [200] * (PIPELINED + 1)
            await talk.send(GET)
            assert await talk.status() == 200
        async with await Talk.open(server.port) as talk:
            await talk.send(GET * 1000)
            got = (await talk.closed(10.0)).count(b"200 OK")
    assert got == PIPELINED + 1
    assert len(echo.fields) == 2 * (PIPELINED + 1) + 1


async def test_nothing_is_answered_after_a_request_that_closes() -> None:
    echo = Echo()
    last = GET.replace(b"Host: x", b"Connection: close")
    for first in (last, last.replace(b"1.1", b"1.0"), last.replace(b"close", b"Upgrade\r\nUpgrade: h2c")):
        async with served(echo) as server, await Talk.open(server.port) as talk:
            await talk.send(first + GET)
            got = await talk.closed(10.0)
            assert (got.count(b"200 OK"), got.count(b"connection: close")) == (1, 1)
    assert len(echo.fields) == 3


async def test_a_bad_request_behind_a_good_one_does_not_take_its_answer() -> None:
    async with served(Echo()) as server, await Talk.open(server.port) as talk:
        await talk.send(GET + b"nonsense\r\n\r\n")
        got = await talk.closed(10.0)
    assert got.count(b"HTTP/1.1") == got.count(b"200 OK") == 1


async def test_a_body_that_does_not_come_gets_408_and_the_application_is_told() -> None:
    echo = Echo()
    async with served(echo) as server, await Talk.open(server.port) as talk:
        await talk.send(b"POST / HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n1")
        assert b"100 Continue" in await talk.reader.readuntil(b"\r\n\r\n")
        await server.until(Stage.BODY)
        server.connections.look(0.0)
        server.connections.look(29.0)
        await server.until(Stage.BODY)
        server.connections.look(30.0)
        assert await talk.status() == 408
        await server.until(Stage.REFUSED)
        server.connections.look(31.0)
        server.connections.look(33.0)
        assert await talk.closed(10.0) == b""
    assert (echo.gone, server.told) == (1, ["body"])


@pytest.mark.parametrize("size", [300_000, 1_500_000])
@pytest.mark.parametrize("close", ["asked for", "version", "answered", "chunks"])
async def test_an_answer_before_the_body_is_read_arrives_though_the_connection_ends(
    size: int, close: str
) -> None:
    async def refuses(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"5")] + [(b"connection", b"close")] * (close == "answered")
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": b"large"})

    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    body = b"b" * size
    if close == "version":
        head = head.replace(b"1.1", b"1.0")
    elif close == "answered":
        head = head.replace(b"Connection: close\r\n", b"")
    elif close == "chunks":
        head = head.replace(b"Content-Length: %d" % size, b"Transfer-Encoding: chunked")
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (size, body)
    async with served(refuses) as server:
        for _ in range(5):
            async with await Talk.open(server.port) as talk:
                talk.writer.write(head + body)
                await talk.writer.drain()
                got = await talk.reader.read()  # all of it, and no reset
                assert (got.count(b"HTTP/1.1 413"), got[-5:]) == (1, b"large")
        await server.until()


async def test_who_never_ends_sending_after_the_answer_is_left_alone_soon() -> None:
    async def refuses(_scope: Any, _receive: Any, send: Any) -> None:
        await answer(send, status=413)

    async with served(refuses) as server, await Talk.open(server.port) as talk:
        await talk.send(b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 9\r\n\r\n1")
        assert await talk.status() == 413
        assert await talk.closed(10.0) == b""
        await server.until(Stage.REFUSED)
        server.connections.look(0.0)
        server.connections.look(2.0)
        await server.until()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async def generous(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b"b" * 100_000, "more_body": True})

    async with served(generous) as server, await Talk.open(server.port) as talk:
        talk.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads
        await talk.send(GET)
        await server.until(Stage.UNREAD)
        server.connections.look(0.0)
        server.connections.look(30.0)
        await server.until()
    assert server.told == ["unread"]


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"),
    reason="TCP_USER_TIMEOUT is an option of Linux. Elsewhere the bot sets nothing, and how often the "
    "system sends again before it gives up is the system's own",
)
async def test_who_vanished_is_given_up_by_the_system() -> None:
    """Without a word on the line: what is sent to it is never acknowledged."""
    async with served(Echo()) as server, await Talk.open(server.port):
        await server.until(Stage.NEW)
        (connection,) = server.connections
        sock = connection.transport.get_extra_info("socket")  # type: ignore[attr-defined]  # a protocol's
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == VANISHED * 1000


async def test_work_of_ours_takes_as_long_as_it_takes() -> None:
    go_on = asyncio.Event()

    async def thinks(_scope: Any, receive: Any, send: Any) -> None:
        await go_on.wait()
        await answer(send, await whole(receive))

    async with served(thinks) as server, await Talk.open(server.port) as talk:
        # More than is read ahead: that the rest does not come is our doing.
        await talk.send(b"POST / HTTP/1.1\r\nContent-Length: 500000\r\n\r\n" + b"b" * 500_000)
        await server.until(Stage.WORKING)
        server.connections.look(0.0)
        server.connections.look(10_000.0)
        go_on.set()
        assert await talk.status() == 200


async def test_the_idle_go_first_then_who_keeps_us_waiting_and_never_who_is_answered() -> None:
    go_on = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/slow":
            await go_on.wait()
        await answer(send, await whole(receive))

    async with served(app, most=4, proxies=(HOST,)) as server:
        at_work, silent, idle, late = [await Talk.open(server.port) for _ in range(4)]
        await at_work.send(GET.replace(b"/ ", b"/slow "))
        await idle.send(GET)
        assert await idle.status() == 200
        await server.until(Stage.WORKING, Stage.NEW, Stage.IDLE, Stage.NEW)
        server.connections.look(0.0)
        more = [await Talk.open(server.port)]
        await server.until(Stage.WORKING, Stage.NEW, Stage.NEW, Stage.NEW)
        assert await idle.closed(5.0) == b""
        more.append(await Talk.open(server.port))
        assert await silent.closed(5.0) == b""
        for talk in (late, *more):
            await talk.send(GET.replace(b"/ ", b"/slow "))
        await server.until(*[Stage.WORKING] * 4)
        refused = await Talk.open(server.port)
        got = await refused.closed(5.0)
        assert (b"503" in got, b"retry-after" in got) == (True, True)
        go_on.set()
        assert [await talk.status() for talk in (at_work, late, *more)] == [200] * 4
    assert server.told == ["crowded", "crowded", "connections"]


async def test_one_client_has_half_of_the_room_unless_it_speaks_for_others() -> None:
    go_on = asyncio.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await go_on.wait()
        await answer(send, await whole(receive))

    for proxies, most, here in (((), 8, 4), (("127.0.0.0/8",), 8, 8)):
        go_on.clear()
        async with served(app, most=most, proxies=proxies) as server:
            talks = [await Talk.open(server.port) for _ in range(here)]
            for talk in talks:
                await talk.send(GET)
            await server.until(*[Stage.WORKING] * here)
            assert b"503" in await (await Talk.open(server.port)).closed(5.0)
            other = await Talk.open(server.port, "127.0.0.2")
            await other.send(GET)
            go_on.set()
            assert await other.status() == (200 if here < most else 503)


def test_connections_stay_below_what_the_process_may_open() -> None:
    assert [most_connections(limit) for limit in (64, 256, 1024, 4096, 1_000_000)] == [8, 64, 448, 3520, 4096]

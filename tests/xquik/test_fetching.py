"""Fetching media of strangers: over real sockets, bounded in bytes and time, and never from inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.core.errors import Rejected
from bot.xquik.transport.fetching import MediaFetcher
from tests.media import png

CDN = "https://cdn.example.com"
PICTURE = png(noise=5000)
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A server of a stranger. heads: of the requests that came; gone: set once a client hung up early."""

    answers: dict[str, Answer] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    origin: str = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        try:
            await self.answers[head.split()[1]](writer)
            await writer.drain()
        except ConnectionError:
            self.gone.set()
        finally:
            writer.close()


@asynccontextmanager
async def _serving() -> AsyncIterator[Server]:
    server = Server()
    async with await asyncio.start_server(server.handle, "127.0.0.1", 0) as listening:
        server.origin = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with _serving() as serving:
        yield serving


def fetcher(
    server: Server, *, seconds: float = 10.0, addresses: Collection[str] | None = None
) -> MediaFetcher:
    async def resolve(host: str, _port: int) -> Collection[str]:
        if addresses is not None and host != "127.0.0.1":
            return addresses
        return [host]

    return MediaFetcher(instead={CDN: server.origin}, seconds=seconds, resolve=resolve)


def whole(body: bytes, *, status: str = "200 OK", **headers: str) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)

    return answer


async def why(fetch: Awaitable[bytes]) -> str:
    with pytest.raises(Rejected) as refused:
        await fetch
    assert refused.value.option == "media"
    assert "Nothing was sent to X." in refused.value.remedy
    return refused.value.detail


async def test_the_bytes_come_as_they_are_and_nothing_of_ours_is_sent(server: Server) -> None:
    server.answers["/moon.png?ex=1"] = whole(PICTURE, Content_Type="text/html", Set_Cookie="a=b")
    assert await fetcher(server).fetch(f"{CDN}/moon.png?ex=1") == PICTURE
    (head,) = server.heads
    names = {line.partition(":")[0].lower() for line in head.splitlines()[1:] if line}
    assert names <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert "accept-encoding: identity" in head.lower()


async def test_no_more_is_read_than_fits_whatever_the_server_says_of_the_length(server: Server) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(PICTURE)
            await writer.drain()

    server.answers["/endless.png"] = endless
    said = await why(fetcher(server).fetch(f"{CDN}/endless.png", most=100_000))
    assert said == "endless.png is too large: 100 KB fit."
    await asyncio.wait_for(server.gone.wait(), 10)


@pytest.mark.parametrize("length", ["10", "99999999"])
async def test_a_length_that_is_a_lie_gives_no_file(server: Server, length: str) -> None:
    server.answers["/a.png"] = whole(PICTURE, Content_Length=length)
    got: bytes | str
    try:
        got = await fetcher(server).fetch(f"{CDN}/a.png")
    except Rejected as refused:
        got = refused.detail
    assert got in (PICTURE[:10], "a.png could not be fetched: the connection failed (RemoteProtocolError).")


async def test_a_server_that_is_slow_is_given_up(server: Server) -> None:
    async def dripping(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + PICTURE[:10])
        await writer.drain()
        await server.gone.wait()

    server.answers["/slow.png"] = dripping
    said = await why(fetcher(server, seconds=0.3).fetch(f"{CDN}/slow.png"))
    server.gone.set()
    assert said == "slow.png could not be fetched: it took longer than 0.3 s."


async def test_a_compressed_answer_is_not_unpacked(server: Server) -> None:
    server.answers["/a.png"] = whole(b"\x1f\x8b packed", Content_Encoding="gzip")
    assert await fetcher(server).fetch(f"{CDN}/a.png") == b"\x1f\x8b packed"


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "file:///etc/passwd",
        "ftp://img.example.com/x",
        "https://user:pass@img.example.com/x",
        "//10.0.0.1/x",
        "",
    ],
)
async def test_a_redirect_leads_to_nothing_inside(server: Server, to: str) -> None:
    server.answers["/go"] = whole(b"", status="302 Found", Location=to)
    said = await why(fetcher(server).fetch(f"{CDN}/go"))
    assert "public https addresses alone" in said or "no such host" in said or "passed on too often" in said
    assert {head.split()[1] for head in server.heads} == {"/go"}


async def test_a_redirect_to_no_address_is_no_redirect(server: Server) -> None:
    server.answers["/go"] = whole(b"", status="302 Found", Location="https://img.example.com:port/x")
    assert "the connection failed" in await why(fetcher(server).fetch(f"{CDN}/go"))


async def test_redirects_in_the_open_are_followed_a_few_times(server: Server) -> None:
    server.answers["/1"] = whole(b"", status="301 Moved", Location="/2")
    server.answers["/2"] = whole(b"", status="307 Moved", Location=f"{CDN}/3")
    server.answers["/3"] = whole(PICTURE)
    assert await fetcher(server).fetch(f"{CDN}/1") == PICTURE
    server.answers["/loop"] = whole(b"", status="302 Found", Location="/loop")
    assert "passed on too often" in await why(fetcher(server).fetch(f"{CDN}/loop"))


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["8.8.8.8", "127.0.0.1"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_asked_nothing(server: Server, addresses: list[str]) -> None:
    fetch = fetcher(server, addresses=addresses).fetch("https://rebound.example.com/x.png")
    assert "public https addresses alone" in await why(fetch)
    assert server.heads == []


async def test_what_is_looked_at_is_what_is_asked(server: Server) -> None:
    """A name that answers otherwise the second time gains nothing: it is asked once, and by its address."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Collection[str]:
        asked.append(f"{host}:{port}")
        return ["192.0.2.1"] if len(asked) > 1 else ["127.0.0.1"]

    fetching = MediaFetcher(instead={CDN: server.origin.replace("127.0.0.1", "copy.test")}, resolve=resolve)
    server.answers["/a.png"] = whole(PICTURE)
    assert await fetching.fetch(f"{CDN}/a.png") == PICTURE
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"{CDN}/gone.png", "gone.png could not be fetched: the server answered 404."),
        ("https://nowhere.example.com/", "file could not be fetched: there is no such host."),
    ],
)
async def test_what_is_not_there_is_said(server: Server, url: str, said: str) -> None:
    server.answers["/gone.png"] = whole(b"", status="404 Not Found")

    async def resolve(host: str, _port: int) -> Collection[str]:
        if host.startswith("nowhere"):
            raise OSError(-2, "Name or service not known")
        return [host]

    fetching = MediaFetcher(instead={CDN: server.origin}, resolve=resolve)
    assert await why(fetching.fetch(url)) == said

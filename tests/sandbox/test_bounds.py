"""What comes before a body has its bounds in the sandbox too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from bot.sandbox.protocol import FIELDS, HEAD_BYTES, HEAD_SECONDS, TARGET_BYTES
from bot.sandbox.server import serve_sandbox

LINE = b"GET /_control/state HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serve_sandbox() as sandbox:
        yield urlsplit(sandbox.base_url).port or 0


async def answers(port: int, *pieces: bytes) -> list[int]:
    """The statuses until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece.replace(b"PORT", b"%05d" % port))  # ports of tests have as many digits
        got = await asyncio.wait_for(reader.read(), HEAD_SECONDS + 5)
    except ConnectionError:
        return []
    finally:
        writer.close()
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


def padded(size: int) -> bytes:
    size -= len("01234") - len("PORT")
    end = b"\r\nConnection: close\r\n\r\n"
    return LINE + b"X-Pad: " + b"p" * (size - len(LINE) - 7 - len(end)) + end


async def test_a_head_may_have_64_kib_and_100_fields_and_no_more(port: int) -> None:
    fields = b"".join(b"X-%d: 1\r\n" % number for number in range(FIELDS - 2)) + b"Connection: close\r\n"
    assert await answers(port, padded(HEAD_BYTES)) == [200]
    assert await answers(port, padded(HEAD_BYTES + 1)) in ([431], [])
    assert await answers(port, LINE + fields + b"\r\n") == [200]
    assert await answers(port, LINE + fields + b"X-More: 1\r\n\r\n") == [431]


async def test_an_address_may_have_8_kib_and_no_more(port: int) -> None:
    def asks(query: bytes) -> bytes:
        return LINE.replace(b"state", b"state?" + query) + b"Connection: close\r\n\r\n"

    room = TARGET_BYTES - len(b"/_control/state?")
    assert await answers(port, asks(b"q" * room)) not in ([414], [])
    assert await answers(port, asks(b"q" * (room + 1))) == [414]
    assert await answers(port, asks(b"a&" * FIELDS)) == [414]


async def test_a_request_after_a_large_one_is_counted_anew(port: int) -> None:
    first = padded(HEAD_BYTES - 100).replace(b"close", b"other")
    assert await answers(port, first, first, padded(HEAD_BYTES)) == [200, 200, 200]


async def test_silence_and_unfinished_heads_end(port: int) -> None:
    silent, unfinished = await asyncio.gather(answers(port), answers(port, LINE))
    assert (silent, unfinished) == ([], [408])

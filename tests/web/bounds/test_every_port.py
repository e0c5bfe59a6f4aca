"""Every port of the product, in the processes that people run, just past each bound."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.web.bounds.harness import HOST, Child, Door, Talk, latency, running_bot

HEAD_BYTES = 64 * 1024
FIELDS = 100
PATH_BYTES, QUERY_BYTES, QUERY_FIELDS = 1024, 4096, 100
MEGABYTE = 1024 * 1024
# What another client waits at most while somebody is at it; the platforms hang up after three seconds.
PATIENCE = 1.0
# Beyond the ten seconds: the server looks twice a second, and the machine may be busy.
LATE = 4.0


def padded(door: Door, size: int) -> bytes:
    """A head of exactly that many bytes, in few fields."""
    rest = size - len(door.head("X-Pad: "))
    return door.head(f"X-Pad: {'p' * rest}")


async def answered(door: Door, data: bytes) -> int:
    async with await Talk.open(door.port) as talk:
        await talk.send(data)
        return await talk.status()


async def test_a_head_may_have_64_kib_and_no_more(door: Door) -> None:
    assert await answered(door, padded(door, HEAD_BYTES)) not in (0, 431)
    assert await answered(door, padded(door, HEAD_BYTES + 1)) == 431


async def test_white_space_counts_as_much_as_letters(door: Door) -> None:
    spaces = HEAD_BYTES + 1 - len(door.head("X-Pad: x"))
    assert await answered(door, door.head(f"X-Pad: {' ' * spaces}x")) == 431


async def test_a_head_may_have_100_fields_and_no_more(door: Door) -> None:
    fields = [f"X-{number}: 1" for number in range(FIELDS - 1)]  # and Host
    assert await answered(door, door.head(*fields)) not in (0, 431)
    assert await answered(door, door.head(*fields, "X-More: 1")) == 431


async def test_an_address_has_its_own_bounds_before_it_is_decoded(door: Door) -> None:
    def asks(target: str) -> bytes:
        method, _, version = door.line.split(" ")
        return f"{method} {target} {version}\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n".encode()

    path = door.line.split(" ")[1]
    within = (
        "/" + "p" * (PATH_BYTES - 1),
        f"{path}?{'q' * QUERY_BYTES}",
        f"{path}?{'a=1&' * (QUERY_FIELDS - 1)}",
    )
    for target in within:
        assert await answered(door, asks(target)) not in (0, 400, 414, 431), target
        more = f"{target}a=1&" if "&" in target else f"{target}x"
        assert await answered(door, asks(more)) == 414, target
    assert await answered(door, asks(f"{path}?{'q' * HEAD_BYTES}")) == 414
    for broken in ("/%", "/%2", "/%zz", "/?q=%"):
        assert await answered(door, asks(broken)) == 400, broken


async def test_many_addresses_at_the_bounds_keep_nobody_waiting(door: Door) -> None:
    method, path, version = door.line.split(" ")
    query = "a&" * (QUERY_FIELDS - 1) + "%7e" * 1299
    head = f"{method} {path}?{query} {version}\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n".encode()
    talks = [await Talk.open(door.port) for _ in range(15)]
    for talk in talks:
        await talk.send(head * 4)
    assert await latency(door.port) < PATIENCE
    for talk in talks:
        assert await talk.status() not in (0, 414)
        talk.writer.close()


async def test_a_head_that_never_ends_takes_no_memory_and_no_time(door: Door) -> None:
    before = door.child.resident
    waits = [await latency(door.port)]
    for line in (b"X-Pad: ", b"X-Short: 1\r\n" * 90 + b"X-Pad: "):
        async with await Talk.open(door.port) as talk:
            await talk.send(door.head()[:-2] + line)
            for _ in range(64):  # 4 MiB, of which it may keep 64 KiB
                if not await talk.send(b"p" * HEAD_BYTES):
                    break
            waits.append(await latency(door.port))
            assert await talk.status() == 431
    assert max(waits) < PATIENCE
    assert door.child.resident - before < 16 * MEGABYTE


async def test_trailers_that_never_end_take_no_memory_and_no_time(door: Door) -> None:
    """Whether the answer comes before the body is read or because of it, the connection ends."""
    before = door.child.resident
    waits = [await latency(door.port)]
    _, path, version = door.line.split(" ")
    head = f"POST {path} {version}\r\nHost: {HOST}:{door.port}\r\nTransfer-Encoding: chunked\r\n\r\n"
    for line in (b"X-Pad: ", b"X-Short: 1\r\n" * FIELDS + b"X-Pad: "):
        async with await Talk.open(door.port) as talk:
            await talk.send(head.encode() + b"2\r\nok\r\n0\r\n" + line)
            for _ in range(64):  # 4 MiB
                if not await talk.send(b"p" * HEAD_BYTES):
                    break
            waits.append(await latency(door.port))
            assert await talk.status() in (400, 401, 403, 404, 405, 431)
            await talk.closed(5.0 + LATE)
    assert max(waits) < PATIENCE
    assert door.child.resident - before < 16 * MEGABYTE


async def test_many_unfinished_heads_take_little_memory(door: Door) -> None:
    before = door.child.resident
    talks = [await Talk.open(door.port) for _ in range(15)]
    for talk in talks:
        await talk.send(padded(door, HEAD_BYTES)[:-8])
    assert await latency(door.port) < PATIENCE
    assert door.child.resident - before < 16 * MEGABYTE
    for talk in talks:
        talk.writer.close()


async def test_slow_and_silent_connections_end(clients: dict[str, Door]) -> None:
    """All ports at once, because it takes its ten seconds."""

    async def silent(door: Door) -> float:
        began = time.monotonic()
        async with await Talk.open(door.port) as talk:
            assert await talk.closed(10.0 + LATE) == b""
        return time.monotonic() - began

    async def slow(door: Door) -> float:
        began = time.monotonic()
        async with await Talk.open(door.port) as talk:
            await talk.send(door.head()[:-2] + b"X-Slow: ")
            reading = asyncio.create_task(talk.status(10.0 + LATE))
            while not reading.done():
                await talk.send(b"s")
                await asyncio.wait({reading}, timeout=1.0)
            assert reading.result() == 408
        return time.monotonic() - began

    async def idle(door: Door) -> float:
        async with await Talk.open(door.port) as talk:
            await talk.send(door.head("Content-Length: 0"))
            assert await talk.status() != 0
            began = time.monotonic()
            await talk.closed(10.0)
        return time.monotonic() - began

    async def rest(door: Door) -> float:
        """Answered before its body came, which then never comes."""
        head = f"POST /nowhere HTTP/1.1\r\nHost: {HOST}:{door.port}\r\nContent-Length: 9\r\n\r\n"
        async with await Talk.open(door.port) as talk:
            await talk.send(head.encode() + b"1")
            assert await talk.status() not in (0, 200)
            began = time.monotonic()
            await talk.closed(10.0)
        return time.monotonic() - began

    found = await asyncio.gather(
        *(way(door) for door in clients.values() for way in (silent, slow, idle, rest))
    )
    for index, seconds in enumerate(found):
        least = 9.5 if index % 4 < 2 else 4.5
        assert least < seconds < least + LATE, (list(clients)[index // 4], index % 4)


async def test_what_is_no_http_gets_400_and_few_lines(door: Door) -> None:
    before = len(door.child.lines())
    for _ in range(200):
        assert await answered(door, b"\x16\x03\x01 nonsense\r\n\r\n") == 400
    assert await answered(door, door.head("Content-Length: 0")) not in (0, 400)
    assert len(door.child.lines()) - before < 20


async def test_a_protocol_that_is_not_spoken_makes_no_line_a_request(door: Door) -> None:
    before = len(door.child.lines())
    for name in ("websocket", "h2c"):
        for _ in range(30):
            async with await Talk.open(door.port) as talk:
                await talk.send(door.head("Connection: Upgrade", f"Upgrade: {name}", "Content-Length: 0"))
                assert await talk.status() not in (0, 101)
                await talk.closed(5.0)
    assert len(door.child.lines()) - before < 20


async def test_silent_connections_do_not_use_up_the_descriptors(tmp_path: Path) -> None:
    """Of 256 descriptors half are ours and 64 may come at once: strangers have 64, one of them 32."""
    with running_bot(tmp_path, descriptors=256) as child:
        one = [await Talk.open(child.port) for _ in range(100)]
        assert await latency(child.port) < PATIENCE
        assert child.descriptors < 100
        many = [await Talk.open(child.port, f"127.0.0.{2 + n % 50}") for n in range(300)]
        assert await latency(child.port) < PATIENCE
        assert child.descriptors < 150
        await _figures_are_there(child)
        assert _lines_about(child, "accept") == 0
        assert _lines_about(child, "request refused") < 10
        for talk in [*one, *many]:
            talk.writer.close()


async def test_slow_heads_do_not_keep_others_out(tmp_path: Path) -> None:
    with running_bot(tmp_path, descriptors=256) as child:
        door = Door("hooks", child, child.port, "POST /hooks/xquik/x HTTP/1.1")
        slow: list[Talk] = []
        waits = []
        for number in range(200):
            slow.append(await Talk.open(child.port, f"127.0.0.{2 + number % 50}"))
            await slow[-1].send(door.head()[:-2])
            if number % 20 == 0:
                waits.append(await latency(child.port))
        assert max(waits) < PATIENCE
        assert child.descriptors < 150
        for talk in slow:
            talk.writer.close()


async def _figures_are_there(child: Child) -> None:
    async with await Talk.open(child.metrics) as talk:
        await talk.send(f"GET /metrics HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert await talk.status() == 200


def _lines_about(child: Child, word: str) -> int:
    return sum(word in line for line in child.lines())

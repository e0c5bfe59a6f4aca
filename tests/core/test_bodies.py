"""Reading a body: at once where it is there, within its bounds where it comes in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from bot.core.http.bodies import (
    SMALL,
    Bounds,
    CrowdedError,
    HeldBytes,
    HungUpError,
    Room,
    SlowError,
    TooLargeError,
    read_body,
)

BOUNDS = Bounds(size=20, silence=0.2, whole=0.4)


class Sender:
    """Sends pieces; a number is a pause of so many seconds, None the end of the connection."""

    def __init__(self, *pieces: bytes | float | None) -> None:
        self._pieces = list(pieces)
        self.cancelled = False

    async def __call__(self) -> MutableMapping[str, Any]:
        try:
            if isinstance(pause := self._pieces[0], float):
                del self._pieces[0]
                await asyncio.sleep(pause)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        piece = self._pieces.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        more = any(not isinstance(left, float) for left in self._pieces)
        return {"type": "http.request", "body": piece, "more_body": more}


def _held() -> HeldBytes:
    return HeldBytes(Room(100, 100), "one")


async def test_a_body_that_is_there_is_read_without_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "timeout", None)
    held = _held()
    assert await read_body(Sender(b"whole"), held, BOUNDS) == b"whole"
    assert held.size == 5


@pytest.mark.parametrize(
    "pieces",
    [
        (b"whole ", b"body"),
        (0.01, b"whole body"),
        (0.01, b"whole ", 0.01, b"body"),
        (b"whole ", 0.01, b"bo", 0.01, b"dy"),
        (b"", b"whole body", b""),
        (0.0, b"", 0.0, b"whole body"),
    ],
)
async def test_a_body_in_pieces_is_put_together(pieces: tuple[bytes | float, ...]) -> None:
    held = _held()
    assert await read_body(Sender(*pieces), held, BOUNDS) == b"whole body"
    assert held.size == 10


@pytest.mark.parametrize("before", [(), (0.01,), (b"some",), (b"some", 0.01)])
async def test_whoever_goes_away_is_told_apart(before: tuple[bytes | float, ...]) -> None:
    with pytest.raises(HungUpError):
        await read_body(Sender(*before, None), _held(), BOUNDS)


@pytest.mark.parametrize("pieces", [(b"x" * 21,), (0.01, b"x" * 21), (b"x" * 15, b"x" * 6)])
async def test_more_than_the_bound_is_refused(pieces: tuple[bytes | float, ...]) -> None:
    with pytest.raises(TooLargeError):
        await read_body(Sender(*pieces), _held(), BOUNDS)


@pytest.mark.parametrize("before", [(), (b"some",)])
async def test_silence_ends_it_and_whoever_receives_learns_of_it(before: tuple[bytes, ...]) -> None:
    sender = Sender(*before, 30.0, b"late")
    with pytest.raises(SlowError):
        await read_body(sender, _held(), BOUNDS)
    assert sender.cancelled


async def test_a_cancelled_reader_cancels_what_it_waits_for() -> None:
    sender = Sender(30.0, b"late")
    reading = asyncio.ensure_future(read_body(sender, _held(), BOUNDS))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert sender.cancelled


def test_a_quarter_of_a_room_and_of_a_share_is_kept_for_small_bodies() -> None:
    room = Room(total=16 * SMALL, each=8 * SMALL)
    with HeldBytes(room, "one") as one, HeldBytes(room, "two") as two:
        for held in (one, two):
            held.add(SMALL)  # still small
            held.add(5 * SMALL)
            with pytest.raises(CrowdedError):
                held.add(1)
        with HeldBytes(room, "three") as third:
            third.add(SMALL)
            with pytest.raises(CrowdedError):  # it would be large from here on
                third.add(1)
        with HeldBytes(room, "one") as small, HeldBytes(room, "one") as another:
            small.add(SMALL)
            another.add(SMALL)
            with pytest.raises(CrowdedError), HeldBytes(room, "one") as more:
                more.add(1)
            with HeldBytes(room, "four") as fourth:
                fourth.add(SMALL)
    with HeldBytes(room, "three") as alone:  # all was given back
        alone.add(6 * SMALL)
    assert room._by_name == room._large_by_name == {}
    assert room._held == room._large == 0

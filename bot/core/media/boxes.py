"""The boxes of ISO base media files (ISO 14496-12): which there are, and how long a video is. Pure.

A file of a stranger is walked, never trusted: a box that says it is longer than what holds it ends the walk,
and there are only so many that are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_MOST_BOXES: Final = 100_000
_MOST_BRANDS: Final = 64


class Box(NamedTuple):
    """One box: its name, and where its content begins and ends."""

    name: bytes
    begin: int
    end: int


def brands(data: bytes) -> frozenset[bytes]:
    """What the file says it can be read as; none where it does not begin as one of these."""
    if data[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(data[:4], "big"), len(data), 16 + 4 * _MOST_BRANDS)
    return frozenset({data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))})


def complete(data: bytes, needed: bytes) -> bool:
    """Whether the boxes fill the file to its end, and that one is among them."""
    found, at = False, 0
    for box in _boxes(data, 0, len(data)):
        found, at = found or box.name == needed, box.end
    return found and at == len(data)


def seconds(data: bytes) -> float | None:
    """How long a video is; None where it does not say. One that is in fragments is added up."""
    moov = _first(data, 0, len(data), b"moov")
    if moov is None:
        return None
    header = _first(data, moov.begin, moov.end, b"mvhd")
    scale, length = (0, 0) if header is None else _timed(data, header)
    if not length and (extends := _first(data, moov.begin, moov.end, b"mvex")) is not None:
        whole = _first(data, extends.begin, extends.end, b"mehd")
        length = 0 if whole is None else _number(data, whole.begin + 4, 8 if data[whole.begin] else 4)
    if scale and length:
        return length / scale
    return _of_fragments(data, moov)


def _of_fragments(data: bytes, moov: Box) -> float | None:
    scales, defaults = _tracks(data, moov)
    lengths: dict[int, int] = {}
    for moof in (box for box in _boxes(data, 0, len(data)) if box.name == b"moof"):
        for traf in (box for box in _boxes(data, moof.begin, moof.end) if box.name == b"traf"):
            head = _first(data, traf.begin, traf.end, b"tfhd")
            if head is None:
                continue
            track, each = _fragment(data, head)
            each = defaults.get(track, 0) if each is None else each
            runs = (box for box in _boxes(data, traf.begin, traf.end) if box.name == b"trun")
            lengths[track] = lengths.get(track, 0) + sum(_run(data, run, each) for run in runs)
    told = [length / scales[track] for track, length in lengths.items() if scales.get(track) and length]
    return max(told, default=None)


def _tracks(data: bytes, moov: Box) -> tuple[dict[int, int], dict[int, int]]:
    """Of each track, by its number: its units a second, and how many of them a sample lasts by default."""
    scales: dict[int, int] = {}
    for trak in (box for box in _boxes(data, moov.begin, moov.end) if box.name == b"trak"):
        head = _first(data, trak.begin, trak.end, b"tkhd")
        mdia = _first(data, trak.begin, trak.end, b"mdia")
        timed = None if mdia is None else _first(data, mdia.begin, mdia.end, b"mdhd")
        if head is not None and timed is not None:
            number = _number(data, head.begin + (20 if data[head.begin] else 12), 4)
            scales[number] = _timed(data, timed)[0]
    defaults: dict[int, int] = {}
    if (mvex := _first(data, moov.begin, moov.end, b"mvex")) is not None:
        for trex in (box for box in _boxes(data, mvex.begin, mvex.end) if box.name == b"trex"):
            defaults[_number(data, trex.begin + 4, 4)] = _number(data, trex.begin + 12, 4)
    return scales, defaults


def _timed(data: bytes, box: Box) -> tuple[int, int]:
    """Units a second and length of a `mvhd` or `mdhd`; a length of all ones is not known."""
    wide = box.begin < box.end and data[box.begin] == 1
    at, size = (box.begin + 20, 8) if wide else (box.begin + 12, 4)
    length = _number(data, at + 4, size)
    return _number(data, at, 4), 0 if length == 256**size - 1 else length


def _fragment(data: bytes, head: Box) -> tuple[int, int | None]:
    """The track of a `tfhd`, and how long a sample of it lasts, where it says so."""
    flags = _number(data, head.begin + 1, 3)
    at = head.begin + 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return _number(data, head.begin + 4, 4), _number(data, at, 4) if flags & 0x8 else None


def _run(data: bytes, run: Box, each: int) -> int:
    """The length of a `trun`. each: of a sample, where it does not say."""
    flags, count = _number(data, run.begin + 1, 3), _number(data, run.begin + 4, 4)
    if not flags & 0x100:
        return count * each
    at = run.begin + 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    step = 4 * sum(1 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    count = min(count, max(0, run.end - at) // step)
    return sum(_number(data, at + step * sample, 4) for sample in range(count))


def _first(data: bytes, begin: int, end: int, name: bytes) -> Box | None:
    return next((box for box in _boxes(data, begin, end) if box.name == name), None)


def _boxes(data: bytes, begin: int, end: int) -> Iterator[Box]:
    """The boxes between two places, as long as each stays within them."""
    at = begin
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, head = _number(data, at, 4), 8
        if size == 1:
            size, head = _number(data, at + 8, 8), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        yield Box(data[at + 4 : at + 8], at + head, at + size)
        at += size


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")

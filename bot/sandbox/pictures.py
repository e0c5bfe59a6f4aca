"""Pictures the sandbox draws itself: a landscape for each key, as PNG, with nothing but zlib.

Rows are built from whole spans of one colour, so that a 960 × 600 picture takes milliseconds.
"""

from __future__ import annotations

import math
import random
import struct
import zlib
from functools import lru_cache
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

# sky top, sky bottom, sun, then mountains from far to near
_PALETTES: list[list[Colour]] = [
    [(255, 183, 120), (255, 94, 98), (255, 241, 208), (196, 69, 105), (116, 47, 94), (58, 28, 66)],
    [(13, 27, 62), (62, 84, 148), (240, 240, 255), (44, 62, 110), (27, 40, 79), (12, 19, 44)],
    [(144, 224, 239), (237, 246, 249), (255, 214, 102), (93, 176, 163), (53, 122, 114), (24, 71, 74)],
    [(226, 209, 249), (255, 222, 222), (255, 255, 255), (170, 139, 201), (116, 92, 160), (67, 56, 110)],
    [(20, 30, 28), (64, 145, 108), (216, 243, 220), (45, 106, 79), (27, 67, 50), (8, 28, 21)],
    [(255, 229, 180), (255, 159, 28), (255, 255, 240), (203, 94, 60), (138, 55, 52), (74, 31, 38)],
]


def _mix(first: Colour, second: Colour, share: float) -> bytes:
    return bytes(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


def _paint(row: bytearray, start: float, end: float, colour: bytes, width: int) -> None:
    left, right = max(0, round(start)), min(width, round(end))
    if right > left:
        row[left * 3 : right * 3] = colour * (right - left)


def _sun_span(y: int, centre: tuple[float, float], radius: float) -> tuple[float, float] | None:
    rise = radius * radius - (y - centre[1]) ** 2
    if rise <= 0:
        return None
    half = math.sqrt(rise)
    return centre[0] - half, centre[0] + half


def _peaks(rng: random.Random, base: float, width: int, height: int) -> list[tuple[float, float, float]]:
    """Five mountains of one range: where each summit is, and how fast it widens downwards."""
    return [
        (rng.uniform(-0.1, 1.1) * width, height * (base + rng.uniform(-0.08, 0.08)), rng.uniform(0.7, 1.6))
        for _ in range(5)
    ]


@lru_cache(maxsize=64)
def landscape(key: str, width: int = 960, height: int = 600) -> bytes:
    """A PNG of ``width`` × ``height`` pixels, always the same one for a key."""
    rng = random.Random(f"picture:{key}")
    top, bottom, sun, *ranges = rng.choice(_PALETTES)
    centre = (width * rng.uniform(0.2, 0.8), height * rng.uniform(0.22, 0.45))
    radius = height * rng.uniform(0.08, 0.16)
    stars = [(rng.randrange(width), rng.randrange(height // 2)) for _ in range(40)] if sum(top) < 160 else []
    peaks = [_peaks(rng, base, width, height) for base in (0.5, 0.62, 0.76)]
    rows = bytearray()
    for y in range(height):
        row = bytearray(_mix(top, bottom, min(1.0, y / (height * 0.8))) * width)
        for star_x, star_y in stars:
            if abs(star_y - y) <= 1:
                _paint(row, star_x, star_x + 2, b"\xff\xff\xff", width)
        span = _sun_span(y, centre, radius)
        if span is not None:
            _paint(row, *span, bytes(sun), width)
        for colour, layer in zip(ranges, peaks, strict=True):
            for peak_x, peak_y, slope in layer:
                if y > peak_y:
                    _paint(
                        row,
                        peak_x - (y - peak_y) * slope,
                        peak_x + (y - peak_y) * slope,
                        bytes(colour),
                        width,
                    )
        rows += b"\x00" + row
    return _png(width, height, bytes(rows))


@lru_cache(maxsize=256)
def face(key: str, size: int = 96) -> bytes:
    """A square avatar: a symmetric 6 × 6 pattern in two colours."""
    rng = random.Random(f"face:{key}")
    palette = rng.choice(_PALETTES)
    ground, ink = bytes(palette[1]), bytes(palette[4])
    cells = [[rng.random() < 0.5 for _ in range(3)] for _ in range(6)]
    cell = size // 6
    rows = bytearray()
    for half in cells:
        line = b"".join((ink if on else ground) * cell for on in [*half, *half[::-1]])
        rows += (b"\x00" + line) * cell
    return _png(cell * 6, cell * 6, bytes(rows))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body

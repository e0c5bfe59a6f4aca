"""Real small files of each kind, made here: what X takes, and what only looks like it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence


def png(width: int = 2, height: int = 2, *, noise: int = 0) -> bytes:
    """A PNG. noise: bytes of a further chunk, so that it is larger."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xff\x80\x00" * width for _ in range(height))
    more = chunk(b"teXt", b"\0" * noise) if noise else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xdb\x00\x43\x00" + b"\x10" * 64 + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\xd2\xcf\x20\xff\xd9"
)
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


def box(name: bytes, *content: bytes) -> bytes:
    """One box of an ISO file."""
    data = b"".join(content)
    return struct.pack(">I", 8 + len(data)) + name + data


def ftyp(major: bytes, *others: bytes) -> bytes:
    """The box that such a file begins with."""
    return box(b"ftyp", major, b"\0\0\2\0", *others)


AVIF = ftyp(b"avif", b"mif1") + box(b"meta", b"\0" * 12) + box(b"mdat", b"\1" * 20)


def mp4(seconds: float = 3.0, *, scale: int = 1000, wide: bool = False, rest: bytes = b"") -> bytes:
    """A video of that length, as its header says. wide: with 64 bits for times. rest: of its data."""
    length = round(seconds * scale)
    times = (
        struct.pack(">BxxxQQIQ", 1, 0, 0, scale, length)
        if wide
        else struct.pack(">BxxxIIII", 0, 0, 0, scale, length)
    )
    return (
        ftyp(b"isom", b"mp42")
        + box(b"moov", box(b"mvhd", times, b"\0" * 80))
        + box(b"mdat", rest or b"\2" * 16)
    )


def fragmented(samples: Sequence[int], *, scale: int = 1000, each: int | None = None) -> bytes:
    """A video in fragments, whose header says no length. samples: the length of each in units; each: given
    once for all instead."""
    track = box(
        b"trak",
        box(b"tkhd", struct.pack(">BxxxIII", 0, 0, 0, 1), b"\0" * 68),
        box(b"mdia", box(b"mdhd", struct.pack(">BxxxIIII", 0, 0, 0, scale, 0), b"\0" * 4)),
    )
    moov = box(
        b"moov",
        box(b"mvhd", struct.pack(">BxxxIIII", 0, 0, 0, scale, 0), b"\0" * 80),
        track,
        box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, each or 0, 0, 0))),
    )
    flags = 0 if each else 0x100
    runs = struct.pack(">II", flags, len(samples)) + (
        b"" if each else b"".join(struct.pack(">I", one) for one in samples)
    )
    moof = box(b"moof", box(b"traf", box(b"tfhd", struct.pack(">II", 0, 1)), box(b"trun", runs)))
    return ftyp(b"iso5", b"dash") + moov + moof + box(b"mdat", b"\3" * 8)


ALL = {"avif": AVIF, "gif": GIF, "jpeg": JPEG, "png": png(), "webp": WEBP, "mp4": mp4()}
"""One of each kind, by the end of its content type."""

"""What a file is, read from its first bytes and never from its name. Pure; nothing is ever unpacked.

Sources: PNG (W3C), JPEG (ITU T.81), GIF89a, RIFF WebP, and ISO 14496-12 (MP4, AVIF).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.core.media import boxes


class MediaKind(StrEnum):
    """A kind of file that Xquik takes, by its content type."""

    AVIF = "image/avif"
    GIF = "image/gif"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    MP4 = "video/mp4"

    @property
    def ending(self) -> str:
        """Of a name, with its dot."""
        return ".jpg" if self is MediaKind.JPEG else f".{self.value.partition('/')[2]}"

    @property
    def word(self) -> str:
        """As people call it: "PNG"."""
        return "WebP" if self is MediaKind.WEBP else self.name

    @property
    def video(self) -> bool:
        """Whether it is one."""
        return self is MediaKind.MP4


_MP4_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"}
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})


def kind_of(data: bytes) -> MediaKind | None:
    """What it is, by its beginning; None for everything that Xquik does not take."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaKind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return MediaKind.JPEG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return MediaKind.GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaKind.WEBP
    brands = boxes.brands(data)
    if brands & _AVIF_BRANDS:
        return MediaKind.AVIF
    return MediaKind.MP4 if brands & _MP4_BRANDS else None


def whole(kind: MediaKind, data: bytes) -> bool:
    """Whether it goes on to its own end: False for one that was cut off. What stands behind that end, as
    phones put it there, is not looked at."""
    match kind:
        case MediaKind.PNG:
            return _png_ends(data)
        case MediaKind.JPEG:
            return data.rfind(b"\xff\xd9") > data.find(b"\xff\xda") > 0
        case MediaKind.GIF:
            return len(data) > 13 and b"\x3b" in data[-64:]
        case MediaKind.WEBP:
            return len(data) >= 20 and len(data) >= 8 + int.from_bytes(data[4:8], "little")
        case MediaKind.AVIF:
            return boxes.complete(data, b"meta")
        case MediaKind.MP4:
            return boxes.complete(data, b"moov")


def _png_ends(data: bytes) -> bool:
    at = 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return at <= len(data)
    return False

"""What Xquik takes of media: how large, how many, how long.

Source: the vendor's SDK 0.19, which is newer than its documents where they differ: an upload of any kind,
multipart too, is at most 15 MB, and Xquik answers a larger one with 413 before it looks at anything else. A
video of 100 MB goes by its link alone, which X fetches (`media` of a tweet).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from bot.core.errors import Rejected, UsageError
from bot.core.media.boxes import seconds
from bot.core.media.kinds import MediaKind, kind_of, whole
from bot.core.messages.message import Joined, JoinedBy, Message, msg

UPLOAD: Final = 15_728_640
"""Bytes of a file that is uploaded."""
PICTURES: Final = 4
"""Pictures of a tweet; a video comes alone."""
LONG_VIDEO: Final = 140.0
"""Seconds above which a video is said to be long (`is_long_video`)."""
AVATAR: Final = 700_000
"""Bytes of the picture of a profile."""
BANNER: Final = 2_000_000
"""Bytes of the banner of a profile."""
TOO_LARGE: Final = "media_too_large"
"""The code of Xquik's for a file that is too large, and ours."""
_SMALLEST: Final = 24
ANY: Final = tuple(MediaKind)
FACES: Final = (MediaKind.JPEG, MediaKind.PNG, MediaKind.GIF)
"""What a profile takes."""


class Measured(msgspec.Struct, frozen=True):
    """What a file was found to be. seconds: of a video that says so."""

    kind: MediaKind
    size: int
    seconds: float | None = None

    @property
    def long(self) -> bool:
        """Whether it is a long video."""
        return (self.seconds or 0.0) > LONG_VIDEO


def measured(
    name: str, data: bytes, *, most: int = UPLOAD, kinds: Collection[MediaKind] = ANY, option: str = "media"
) -> Measured:
    """What a file is; Rejected, naming it, for one that Xquik would not take. option: where it was given."""
    if len(data) > most:
        raise too_large(name, most, option)
    kind = kind_of(data)
    if not data:
        raise _refused(msg("{name} is empty.", name=name), kinds, option)
    if kind is None or kind not in kinds:
        found = msg("{name} is not such a file, by its content.", name=name)
        if kind is not None:
            found = msg("{name} is a {kind} by its content.", name=name, kind=kind.word)
        raise _refused(found, kinds, option)
    if len(data) < _SMALLEST or not whole(kind, data):
        raise _refused(msg("{name} is cut off or damaged.", name=name), kinds, option)
    return Measured(kind, len(data), seconds(data) if kind.video else None)


def too_large(name: str, most: int, option: str = "media") -> Rejected:
    """The error for a file of more bytes than are taken."""
    return Rejected(
        msg("{name} is too large: {most} fit.", name=name, most=size_words(most)),
        remedy=msg("Make it smaller, and attach it again. Nothing was sent to X."),
        code=TOO_LARGE,
        option=option,
    )


def check_together(kinds: Sequence[MediaKind | None], option: str = "media") -> None:
    """UsageError for what does not go into one tweet. kinds: None for a picture or video behind a link."""
    videos = sum(1 for kind in kinds if kind is not None and kind.video)
    if len(kinds) > PICTURES or (videos and len(kinds) > 1):
        raise UsageError(
            msg("A tweet takes up to four images or one MP4, not both."),
            remedy=msg("Leave some of them out. Nothing was sent to X."),
            code="unsupported_media_combination",
            option=option,
        )


def size_words(size: int) -> Message:
    """A number of bytes for people, as files are shown elsewhere: 1 MB is 1,000,000 bytes."""
    if size >= 1_000_000:
        return msg("{number} MB", number=f"{size / 1_000_000:.1f}")
    return msg("{number} KB", number=f"{max(1, round(size / 1000))}")


def _refused(what: Message, kinds: Collection[MediaKind], option: str) -> Rejected:
    words = tuple(kind.word for kind in kinds)
    return Rejected(
        what,
        remedy=msg("Attach another file: {kinds}. Nothing was sent to X.", kinds=Joined(words, JoinedBy.OR)),
        code="invalid_media",
        option=option,
    )

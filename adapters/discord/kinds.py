"""Discord's numbers for components, and the shape they have in requests."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeAlias

Component: TypeAlias = dict[str, Any]


class Type(IntEnum):
    """Kinds of components (Discord's component reference)."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    INPUT = 4
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19


class Callback(IntEnum):
    """Kinds of first answers to an interaction."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    CHOICES = 8
    MODAL = 9


EPHEMERAL = 1 << 6
ANNOUNCEMENTS = 5
THREADS = (10, 11, 12)
FORUM, MEDIA_FORUM = 15, 16
FORUMS = (FORUM, MEDIA_FORUM)
# Where something can be posted, as far as Discord lets people choose it for an option or in a form:
# text, announcements, the three kinds of threads, and forums.
OFFERED_CHANNELS = (0, ANNOUNCEMENTS, *THREADS, FORUM)
POSTABLE_CHANNELS = (*OFFERED_CHANNELS, MEDIA_FORUM)

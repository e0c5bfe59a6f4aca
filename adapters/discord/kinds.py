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
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


class Callback(IntEnum):
    """Kinds of first answers to an interaction."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    CHOICES = 8
    MODAL = 9


EPHEMERAL = 1 << 6
# Where messages can be written: text, announcements, and the three kinds of threads.
WRITABLE_CHANNELS = (0, 5, 10, 11, 12)
THREADS = (10, 11, 12)
FORUMS = (15, 16)

"""Sharing the limits of a key among processes: what each asks for, and what it gets.

A key's windows are Xquik's, and count the requests of all processes together. So each process has a part of
every window that it uses, leased for some seconds, and counts its own requests against that. The parts of
all are never more than the window: what a process gives back is what it has not used within the window, and
what one had that died comes back once its lease and the window after it are over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

import msgspec


class Portion(msgspec.Struct, frozen=True):
    """Requests of a window. total: in all; people: of them, by people (the rest is the reserve)."""

    total: int = 0
    people: int = 0


class Wish(msgspec.Struct, frozen=True):
    """What a process asks for of one window. name: of the window; whole: all that there is of it; seconds:
    its length; kept: what is used or held and goes on; more: what is lacking beyond that; by_person: how much
    those used who used most, by a digest of each."""

    name: str
    whole: Portion
    seconds: float
    kept: Portion
    more: Portion
    by_person: Mapping[str, int] = msgspec.field(default_factory=dict)


class Share(msgspec.Struct, frozen=True):
    """What a process has of one window from now on. holders: processes that use it, this one too; lacking:
    what all others did not get; unmet: what this one did not get; elsewhere: how much persons used by way of
    others, by a digest of each."""

    part: Portion
    holders: int = 1
    lacking: Portion = msgspec.field(default_factory=Portion)
    unmet: Portion = msgspec.field(default_factory=Portion)
    elsewhere: Mapping[str, int] = msgspec.field(default_factory=dict)


class Allotted(msgspec.Struct, frozen=True):
    """shares: by name of the window. held: seconds for which Xquik wants no request of a class of windows, as
    another process learned."""

    shares: Mapping[str, Share]
    held: Mapping[str, float]


Pressed: TypeAlias = Callable[[str, Mapping[str, Share]], None]
"""Told by bucket that another process lacks something: what, and how many use it, by name of the window."""
HeldBack: TypeAlias = Callable[[str, str, float], None]
"""Told that Xquik answered another process with 429: bucket, class of windows, seconds."""
Missed: TypeAlias = Callable[[], None]
"""Told that something of that may have been missed."""


class SharedWindows(Protocol):
    """The one place that knows every process's parts.

    lease: seconds for which an answer holds, from before it was asked for."""

    lease: float

    async def ask(self, bucket: str, wishes: Mapping[str, Wish]) -> Allotted:
        """Renew what is kept, and get what is there of what is lacking. StorageUnavailable when nobody can
        say."""

    async def hold(self, bucket: str, group: str, seconds: float) -> None:
        """Tell every process that Xquik wants no request of that class for so long."""

    async def leave(self, bucket: str, wishes: Mapping[str, Wish]) -> None:
        """Give back at once all but what is used and counts on."""

    def tell(self, pressed: Pressed, held: HeldBack, missed: Missed) -> None:
        """Whom to tell what other processes say, from the event loop."""

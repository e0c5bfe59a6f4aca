"""What can become of a message that was handed to a platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it. message: the platform's id of it ("" where nothing was posted)."""

    message: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Not taken, try again. retry_after: seconds, as the platform asked, or our own backoff's floor."""

    retry_after: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The channel, the permission or the workspace is no longer there; trying again cannot help.

    reason: what happened; remedy: what a manager can do about it.
    """

    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not take this message; another one may well pass."""

    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The bytes left and no answer came: it may or may not be there."""

    detail: str


DeliveryResult: TypeAlias = Delivered | Busy | Gone | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """Our message with that key stands in the channel."""

    message: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The recent messages were read and ours is not among them."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The channel's messages cannot be read by us, so nothing is known."""


Lookup: TypeAlias = Found | Absent | Unreadable

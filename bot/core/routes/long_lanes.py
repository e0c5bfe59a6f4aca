"""Lanes in which much waits, as an operator is shown them."""

from __future__ import annotations

import msgspec

from bot.core.chat.ids import Destination


class LongLane(msgspec.Struct, frozen=True):
    """A lane with what waits in it. destination: the place it is named after. stands: its channel is gone
    or somebody paused it, and it waits for a person.

    not_before: when its head is due. error: what the head's last try ended with.
    """

    lane: str
    destination: Destination
    waiting: int
    oldest: float
    not_before: float
    attempts: int
    error: str
    stands: bool

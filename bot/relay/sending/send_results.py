"""What can become of a claimed delivery: what a platform says, and what is decided before it is asked."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Refused
from bot.core.messages.message import Message, msg


class Dead(msgspec.Struct, frozen=True):
    """It cannot be delivered; reason: why, for the dead letters."""

    reason: str


class Skipped(msgspec.Struct, frozen=True):
    """It is not posted, because a rule says so or nothing is left to do; reason: which, in words."""

    reason: str


class Early(msgspec.Struct, frozen=True):
    """It waits for another message, and is no failure however long that takes; reason: for what."""

    reason: str


SendResult: TypeAlias = DeliveryResult | Dead | Skipped | Early

_NAMES: dict[type, str] = {
    Delivered: "delivered",
    Busy: "busy",
    Gone: "gone",
    Refused: "refused",
    Dead: "dead",
    Skipped: "skipped",
    Early: "early",
}


def outcome_name(outcome: SendResult) -> str:
    """The outcome as a label of figures."""
    return _NAMES.get(type(outcome), "unknown")


def in_the_messenger(error: Exception) -> Message:
    """What is written down of a messenger that raised: which error, and nothing that it quotes."""
    return msg("{error} in the messenger", error=type(error).__name__)

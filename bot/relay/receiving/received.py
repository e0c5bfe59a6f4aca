"""A verified delivery, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from bot.core.chat.ids import TenantId
from bot.storage.intake.events import NewEvent


class Received(StrEnum):
    """What became of a delivery; all but NONCE_REUSED are the words of the answer's `status`."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    TEST = "test"
    NONCE_REUSED = "nonce"


class WebhookDelivery(msgspec.Struct, frozen=True):
    """A verified delivery. tenant, hook: whose; nonce: None where there is none (stream).

    event: None for `webhook.test`; data: what is in it.
    """

    tenant: TenantId
    hook: str
    nonce: str | None
    digest: bytes
    event: NewEvent | None
    data: Mapping[str, Any]
    at: float


class StoredDelivery(msgspec.Struct, frozen=True):
    """received: the answer. id: of an event that is new."""

    received: Received
    id: int | None = None


def accepted(number: int) -> StoredDelivery:
    """Of a new event. number: its id of ours."""
    return StoredDelivery(Received.ACCEPTED, number)


NONCE_REUSED: Final = StoredDelivery(Received.NONCE_REUSED)
TEST: Final = StoredDelivery(Received.TEST)
DUPLICATE: Final = StoredDelivery(Received.DUPLICATE)

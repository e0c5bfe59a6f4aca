"""What an event and its messages write, by column; the store process knows no tables of SQLAlchemy's."""

from __future__ import annotations

from typing import Final

EVENT: Final = (
    "tenant",
    "identity",
    "body_hash",
    "type",
    "username",
    "query",
    "data",
    "occurred_at",
    "received_at",
    "via",
    "account_id",
)
NONCE: Final = ("hook", "nonce", "body_hash", "seen_at")
COUNTED: Final = ("tenant", "kind", "bytes")
DELIVERY: Final = (
    "tenant",
    "lane",
    "channel",
    "thread",
    "kind",
    "event",
    "route",
    "purpose",
    "card",
    "edit_message",
    "person",
    "key",
    "created_at",
    "about",
    "not_before",
    "state",
    "error",
    "settled_at",
    "attachment",
)

"""The outbox: one row a message that has to reach a place. Lanes keep the order of `id`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.core.routes.deliveries import OPEN, DeliveryState
from bot.storage.tables.base import Id, SaidText, ascending_id, metadata

# The conditions of the partial indexes, as they are stored: literals, no parameters.
IN_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_IS_DEAD = text(f"state = '{DeliveryState.DEAD}'")
_IS_OPEN = text(f"state IN ({IN_OPEN})")

deliveries = Table(
    "deliveries",
    metadata,
    ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # A `DeliveryKind`.
    Column("kind", String(16), nullable=False),
    Column("event", Id),
    Column("route", String(40)),
    # Unique per lane (`bot.core.routes.dedup_keys`). Rows have it under the name that is stored.
    Column("purpose", String(80), key="dedup_key", nullable=False),
    Column("card", Text),
    # Instead of a new message: edit this one first, and tell this person when nothing else works.
    Column("edit_message", String(120)),
    Column("person", String(80)),
    Column("key", String(25), nullable=False),
    # A `DeliveryState`.
    Column("state", String(8), nullable=False, server_default=DeliveryState.WAITING.value),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False, server_default="0"),
    Column("sending_since", Float),
    # A resend after a send whose outcome is unknown is marked as possibly the second of its kind.
    Column("ambiguous", Boolean, nullable=False, server_default=text("false")),
    Column("message", String(120)),
    Column("error", SaidText),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    # The dedup_key of another row of the same place: the opener of the thread that this one belongs in,
    # or the message that something is done to.
    Column("about", String(80)),
    # The file that goes with it, as whoever queued it names that (`bot.core.ports.Attachments`).
    Column("attachment", Text),
    UniqueConstraint("lane", "dedup_key"),
    Index(
        "ix_deliveries_dead",
        "tenant",
        "id",
        sqlite_where=_IS_DEAD,
        postgresql_where=_IS_DEAD,
    ),
    # What is unsettled is few; what is settled is many and never looked at by the lanes.
    Index(
        "ix_deliveries_open",
        "lane",
        "id",
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    Index("ix_deliveries_event", "event"),
    sqlite_autoincrement=True,
)

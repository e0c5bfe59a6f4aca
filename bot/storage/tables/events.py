"""Events on their way in: webhooks, what has come, and how far it was looked at."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.tables.base import ascending_id, metadata

hooks = Table(
    "hooks",
    metadata,
    # 128 random bits: the last part of POST /hooks/xquik/<id>.
    Column("id", String(64), primary_key=True),
    Column("tenant", String(120), nullable=False, unique=True),
    Column("webhook", String(40)),  # the id at Xquik, once registered
    Column("url", Text, nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    Column("last_delivery_at", Float),
)

hook_nonces = Table(
    "hook_nonces",
    metadata,
    Column("hook", String(64), primary_key=True),
    Column("nonce", String(32), primary_key=True),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("seen_at", Float, nullable=False, index=True),
)

events = Table(
    "events",
    metadata,
    ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("identity", String(120), nullable=False),
    Column("body_hash", LargeBinary(32), nullable=False),
    Column("type", String(80), nullable=False),
    Column("username", String(40)),
    Column("query", Text),
    Column("data", Text, nullable=False),
    Column("occurred_at", Float, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("via", String(16), nullable=False),
    # X's id of the account whose monitor saw it: it stays when the username changes.
    Column("account_id", String(40)),
    UniqueConstraint("tenant", "identity"),
    # A tenant that lags behind the others is read by itself, and people ask for its newest.
    Index("ix_events_tenant", "tenant", "id"),
    sqlite_autoincrement=True,
)

# What each tenant's events and messages take, counted with them (`bot.storage.engine.stored_bytes`).
stored_bytes = Table(
    "stored_bytes",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # events, messages
    Column("kind", String(8), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

# How far the events of a tenant are known to be stored; see `bot.storage.intake.watermarks`.
watermarks = Table(
    "watermarks",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # Xquik's ids. NULL: not begun; "": begun when there was no event yet.
    Column("event", String(60)),
    Column("happened_at", Float, nullable=False),
    Column("streamed", String(60)),
    # When the key was stored that this was written under, and whether Xquik refused that key.
    Column("key_at", Float, nullable=False),
    Column("refused", Boolean, nullable=False, server_default=text("false")),
)

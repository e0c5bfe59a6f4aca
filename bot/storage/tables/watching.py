"""What the watch over quiet places remembers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, String, Table, Text

from bot.storage.tables.base import metadata

# Why a tenant's places are quiet, until that is over: see `bot.core.routes.silences`.
silences = Table(
    "silences",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("cause", String(16), primary_key=True),
    # "account:<id of the monitor>" or "keyword:<…>"; "" for the whole tenant.
    Column("subject", String(60), primary_key=True),
    # Names it to buttons.
    Column("id", String(40), nullable=False),
    Column("since", Float, nullable=False),
    # JSON: what is quiet, and which places were told and are quiet still.
    Column("detail", Text, nullable=False),
)

# Monitors that were seen running for a tenant: one that is gone at Xquik is missed.
watched_monitors = Table(
    "watched_monitors",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # As in `silences`.
    Column("subject", String(60), primary_key=True),
    # The username or the search, and X's id of the account, "" where it is not known.
    Column("watched", Text, nullable=False),
    Column("account", Text, nullable=False),
    # When the key was stored under which it was seen: with another key come other monitors.
    Column("key_at", Float, nullable=False),
    # Somebody of the place removed it, so it is not missed.
    Column("unwanted", Boolean, nullable=False),
)

# Monitors that `apply` could not start yet.
wanted_monitors = Table(
    "wanted_monitors",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # account or keyword
    Column("kind", String(8), primary_key=True),
    Column("watched", String(600), primary_key=True),
    # JSON: event types.
    Column("events", Text, nullable=False),
    # Until when the running bot tries it, 0 for not any more.
    Column("until", Float, nullable=False),
    Column("reason", Text, nullable=False),
)

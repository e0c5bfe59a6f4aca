"""What the watch over quiet places remembers."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, Text

from bot.storage.tables.base import metadata

# Why a tenant's places are quiet, until that is over: see `bot.core.silences`.
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

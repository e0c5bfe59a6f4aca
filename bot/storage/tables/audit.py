"""The record of what people did: a chain for each tenant, and the keys of the persons in it."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from bot.storage.tables.base import metadata

# Records are never changed. body: the canonical text (`bot.core.audit`); hash: of it, named by the next.
audit_records = Table(
    "audit_records",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # The pseudonym of who did it, by which a person's own are found; it stands in the body too.
    Column("who", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_records_who", "tenant", "who", "number"),
)

# Whoever's row is deleted cannot be told from their records any more: neither by the pseudonym, which is
# made of the key, nor by what is sealed under it.
audit_people = Table(
    "audit_people",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("person", String(120), primary_key=True),
    Column("pseudonym", String(32), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("made_at", Float, nullable=False),
    UniqueConstraint("tenant", "pseudonym"),
)

# What was begun and is recorded once it has ended, or once it is clear that a process died meanwhile.
audit_intents = Table(
    "audit_intents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("who", String(32), nullable=False),
    # JSON: the record without its place in the chain.
    Column("fields", Text, nullable=False),
    Column("begun_at", Float, nullable=False, index=True),
)

"""Pictures and videos that wait to be confirmed, and the record of what became of them."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Table, Text

from bot.storage.tables.base import metadata

# One file that somebody attached. id: 128 random bits. Its bytes are `media_parts`, under a key of its own,
# which is sealed here and gone with them.
media_files = Table(
    "media_files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("person", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    # Where it came from, as the hand-off log says it: an address, or its name.
    Column("source", Text, nullable=False),
    Column("content_type", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("seconds", Float),
    Column("sha256", String(64), nullable=False),
    Column("sealed_key", LargeBinary),
    # The proposal that it belongs to, and the key under which it is uploaded for it.
    Column("proposal", String(40)),
    Column("upload_key", String(80)),
    # What came of that.
    Column("write_action", String(80)),
    Column("media_id", String(80)),
    Column("media_url", Text),
    Column("charged", Integer),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("ix_media_files_tenant", "tenant"),
    Index("ix_media_files_proposal", "proposal"),
    Index("ix_media_files_expires", "expires_at"),
)

media_parts = Table(
    "media_parts",
    metadata,
    Column("file", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(120), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("ix_media_parts_expires", "expires_at"),
)

# The hand-off log (seeds: xquik-media-handoff.jsonl): a row an upload, and a row a write that used media.
media_handoff = Table(
    "media_handoff",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("tenant", String(120), nullable=False),
    # upload, post, reply, dm
    Column("event", String(16), nullable=False),
    Column("at", Float, nullable=False),
    # Its fields, as JSON.
    Column("fields", Text, nullable=False),
    Index("ix_media_handoff_tenant", "tenant", "at", "id"),
)

"""What the platforms need to keep: installations of the Slack app, the playground's page, and what the
processes of one Discord bot share."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.tables.base import ascending_id, metadata

slack_installations = Table(
    "slack_installations",
    metadata,
    # "E…/T…", "E…/-" for an org-wide install, "-/T…".
    Column("key", String(80), primary_key=True),
    Column("enterprise", String(40)),
    Column("team", String(40)),
    Column("bot_user", String(40), nullable=False, server_default=""),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("installed_at", Float, nullable=False),
    # When Slack said so; an older removal that arrives late must not undo a newer installation.
    Column("removed_at", Float),
    Index("ix_slack_installations_removed_at", "removed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("state", String(80), primary_key=True),
    Column("expires_at", Float, nullable=False, index=True),
)

playground_messages = Table(
    "playground_messages",
    metadata,
    ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("channel", String(80), nullable=False),
    # Who may see it: "" is everyone in the channel.
    Column("viewer", String(80), nullable=False, server_default=""),
    Column("author", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("key", String(40)),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    Column("at", Float, nullable=False),
    UniqueConstraint("tenant", "channel", "key"),
    Index("ix_playground_messages_channel", "tenant", "channel", "id"),
    Index("ix_playground_messages_at", "at"),
    # Pages ask for what is newer than an id, so an id must not come back after a removal.
    sqlite_autoincrement=True,
)

playground_channels = Table(
    "playground_channels",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("topic", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
)

# Files that came with a card of the playground, fetched by the page under a random id.
playground_files = Table(
    "playground_files",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("content_type", String(120), nullable=False),
    Column("content", LargeBinary, nullable=False),
    # Who may fetch it: "" is everyone.
    Column("viewer", String(80), nullable=False, server_default=""),
    Column("at", Float, nullable=False),
    Index("ix_playground_files_at", "at"),
)

# From which moment on something may be done again, by the clock of the database: a request, an IDENTIFY.
turns = Table(
    "turns",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("due", Float, nullable=False, index=True),
)

# Sessions at Discord's gateway, for the process that takes a shard over.
gateway_sessions = Table(
    "gateway_sessions",
    metadata,
    # As in "discord:4711:3/16": of the application 4711, shard 3 of 16.
    Column("name", String(80), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

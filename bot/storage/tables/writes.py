"""Proposals, what was spent, and what was read for files."""

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

from bot.storage.tables.base import SaidText, metadata

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("requester", String(80), nullable=False),
    Column("requester_name", String(120), nullable=False, server_default=""),
    Column("payload", Text, nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("preview", Text, nullable=False),
    # Not used any more: what Edit opens is said by the kind (`bot.proposals.kinds`).
    Column("editable", Text, nullable=False, server_default="[]"),
    Column("credits", Integer, nullable=False, server_default="0"),
    Column("idempotency_key", String(64), nullable=False),
    # open, claimed, dispatching, polling, done, failed, unknown, cancelled, expired
    Column("state", String(16), nullable=False),
    Column("decided_by", String(80)),
    Column("decided_by_name", String(120)),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    Column("message", String(120)),
    Column("locale", String(16), nullable=False, server_default="en"),
    Column("write_action", String(80)),
    Column("poll_at", Float),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("result", Text),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("claimed_at", Float),
    Column("settled_at", Float),
    # As which accounts it could be done instead, as (label, username) pairs.
    Column("accounts", Text, nullable=False, server_default="[]"),
    # The draw that came of it, by which what it was asked for is found again.
    Column("draw", String(80)),
    # What a press puts in its place, as JSON.
    Column("alternative", Text),
    # Who had it stopped while it was carried out.
    Column("stopped_by", String(120)),
    # The words of the command that it came of, whose rules hold for who decides it.
    Column("command", String(80), nullable=False, server_default=""),
    # What is private in it, as ciphertext of the vault; empty once it is settled.
    Column("sealed", LargeBinary),
    Index(
        "ix_proposals_draw",
        "tenant",
        "draw",
        sqlite_where=text("draw IS NOT NULL"),
        postgresql_where=text("draw IS NOT NULL"),
    ),
    # The job of an extraction, by which what it was asked for is found again.
    Index(
        "ix_proposals_write_action",
        "tenant",
        "write_action",
        sqlite_where=text("write_action IS NOT NULL"),
        postgresql_where=text("write_action IS NOT NULL"),
    ),
    Index(
        "ix_proposals_unsettled",
        "state",
        "expires_at",
        sqlite_where=text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
        postgresql_where=text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
    ),
    # How many of a person's wait to be decided; and what came to nothing, which goes with time.
    Index(
        "ix_proposals_open",
        "tenant",
        "requester",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_proposals_void",
        "created_at",
        sqlite_where=text("state IN ('cancelled', 'expired')"),
        postgresql_where=text("state IN ('cancelled', 'expired')"),
    ),
)

# One row a download request (the manifest of seeds/000): written before the call, settled after.
media_manifest = Table(
    "media_manifest",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("requester", String(80), nullable=False),
    Column("requested", Text, nullable=False),  # JSON list of tweet ids
    # requested, done, failed, unknown
    Column("state", String(16), nullable=False),
    Column("gallery_url", Text),
    Column("tweet", String(40)),
    Column("cache_hit", Boolean),
    Column("successful_tweets", Integer),
    Column("media_items", Integer),
    Column("error", SaidText),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    Index("ix_media_manifest_tenant", "tenant", "created_at"),
)

# Backups of a draw that have moved up and whose place each took, so that none is ever called twice, and
# nobody replaced twice.
draw_backups = Table(
    "draw_backups",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("draw", String(80), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("moved_by", String(80), nullable=False),
    Column("moved_at", Float, nullable=False),
    Column("replaces", String(16)),
    Column("moved_by_name", String(120)),
    Index("ix_draw_backups_replaces", "tenant", "draw", "replaces", unique=True),
)

# Xquik's drafts belong to its account; whose they are among the people of a place is kept here.
draft_authors = Table(
    "draft_authors",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("draft", String(120), primary_key=True),
    Column("author", String(120), nullable=False),
    Column("saved_at", Float, nullable=False),
    Index("ix_draft_authors_of", "tenant", "author", "saved_at"),
)

# What a place calls its draws and drafts: #3. kind: draw, draft; item: Xquik's id.
local_numbers = Table(
    "local_numbers",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("item", String(120), nullable=False),
    # What may be shown of the key with which it was seen last; "": not known.
    Column("key_hint", String(40), nullable=False, server_default=""),
    UniqueConstraint("tenant", "kind", "item"),
)

# The last number that was given, so that one whose item was deleted is not given again.
local_counts = Table(
    "local_counts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("last", Integer, nullable=False),
)

# The parts of a thread that is being posted, and what stands of them on X: `bot.storage.writes.thread_parts`.
thread_parts = Table(
    "thread_parts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("proposal", String(40), primary_key=True),
    # From 1.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Of the request of this part, stored before the first of them leaves.
    Column("key", String(64), nullable=False),
    Column("action", String(80)),
    Column("tweet", String(40)),
    Column("charged", Integer, nullable=False),
)

# Pages of a listing that were read, and paid for, to make files of them. reading: 128 random bits, the same
# for whoever goes on with it.
listing_pages = Table(
    "listing_pages",
    metadata,
    Column("reading", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(120), nullable=False),
    # The cursor of the page after it, "" where the list ends.
    Column("after", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("credits", Integer, nullable=False),
    # Its columns and rows: JSON, deflated.
    Column("content", LargeBinary, nullable=False),
    Column("read_at", Float, nullable=False),
    Index("ix_listing_pages_age", "read_at"),
)

# Checkouts for credits that were begun here, until it is known how they ended.
topups = Table(
    "topups",
    metadata,
    # The proposal that was confirmed.
    Column("proposal", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("session", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("dollars", Integer, nullable=False),
    # Who confirmed it, and where.
    Column("person", String(80), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # processing, paid, failed, expired, lost
    Column("state", String(16), nullable=False),
    Column("begun_at", Float, nullable=False),
    # When it is looked at next, in epoch seconds; NULL once it has ended.
    Column("look_at", Float),
    Index(
        "ix_topups_look_at",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
    Index("ix_topups_tenant", "tenant"),
)

# How many credits may be spent in a day or a month.
budgets = Table(
    "budgets",
    metadata,
    Column("tenant", String(120), primary_key=True),
    # place, person, channel, route
    Column("scope", String(8), primary_key=True),
    # The id of a person, channel or route; "" of the place.
    Column("subject", String(80), primary_key=True),
    # day, month
    Column("period", String(8), primary_key=True),
    Column("credits", Integer, nullable=False),
    # The beginning of the period in which it was warned of, in epoch seconds.
    Column("warned", Float, nullable=False, server_default="0"),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Float, nullable=False),
    # In whose place charges of the person stand that were made before their data was deleted; "" for none.
    Column("former", String(80), nullable=False, server_default=""),
)

# What was spent, and what is reserved until it is known what it cost.
charges = Table(
    "charges",
    metadata,
    # Of the proposal, or of its own.
    Column("id", String(64), primary_key=True),
    Column("tenant", String(120), nullable=False),
    Column("at", Float, nullable=False),
    Column("person", String(80), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("route", String(40), nullable=False, server_default=""),
    # The command; of what was confirmed in an earlier version the kind of proposal.
    Column("what", String(60), nullable=False),
    Column("draw", String(80), nullable=False, server_default=""),
    Column("reserved", Integer, nullable=False),
    # Credits; NULL until it is known, and where nobody says: what was reserved counts then.
    Column("charged", Integer),
    # What it costs an hour from `at` until `ended_at`, for as long as it runs.
    Column("hourly", Integer, nullable=False, server_default="0"),
    Column("monitor", String(80), nullable=False, server_default=""),
    Column("ended_at", Float),
    # JSON: what it watches, as `bot.core.routes.watched` has it.
    Column("watched", Text, nullable=False, server_default="[]"),
    Index("ix_charges_tenant_at", "tenant", "at"),
    Index(
        "ix_charges_running",
        "tenant",
        sqlite_where=text("hourly > 0"),
        postgresql_where=text("hourly > 0"),
    ),
)

# Below which balance a channel is told of it.
balance_alerts = Table(
    "balance_alerts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("below", Integer, nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # Since when it is below, as was told, in epoch seconds; 0 while it is not.
    Column("told_at", Float, nullable=False, server_default="0"),
)

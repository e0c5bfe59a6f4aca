"""Routes, and what routing and schedule remember."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.tables.base import Id, SaidText, ascending_id, metadata

routes = Table(
    "routes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(120), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("accounts", Text, nullable=False, server_default="[]"),
    Column("keywords", Text, nullable=False, server_default="[]"),
    Column("events", Text, nullable=False, server_default="[]"),
    Column("paused_reason", SaidText),
    Column("created_by", String(80), nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    # JSON of `bot.core.routes.route_json`: filters, appearance, schedule and policies; what is left out is
    # usual.
    Column("settings", Text, nullable=False, server_default="{}"),
    Column("changed_at", Float, nullable=False, server_default="0"),
    # Else it is paused because all of its places are lost, and goes on collecting.
    Column("paused_by_person", Boolean, nullable=False, server_default=text("true")),
    # When a person paused it (epoch seconds), and the id of the last event that was routed by then.
    Column("paused_at", Float),
    Column("paused_after", BigInteger),
    # JSON: X's ids of the accounts, as far as they are known, each with the username among `accounts`.
    Column("account_ids", Text, nullable=False, server_default="{}"),
    UniqueConstraint("tenant", "name"),
)

# How accounts on X are called that a tenant's routes and mutes name, by X's id, which stays.
known_accounts = Table(
    "known_accounts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("account", String(40), primary_key=True),
    # Lower case, and the moment of what told it (epoch seconds).
    Column("username", String(40), nullable=False),
    Column("since", Float, nullable=False),
    # JSON: pairs of a username before it and the moment until which it was that, the last one last.
    Column("former", Text, nullable=False, server_default="[]"),
    # Else somebody else is known to have the username by now.
    Column("holds", Boolean, nullable=False, server_default=text("true")),
    # What threads of the account are found by.
    Column("thread", String(64), nullable=False),
)

# Where a route leads: at least one place, each with how it does there.
route_places = Table(
    "route_places",
    metadata,
    Column("route", String(40), primary_key=True),
    Column("lane", String(240), primary_key=True),
    Column("tenant", String(120), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # The place cannot be reached; a route whose places are all lost is paused as a whole.
    Column("lost_reason", SaidText),
    Column("last_success_at", Float),
    Column("last_failure", SaidText),
    # Of a lost place: since when; whether somebody stopped it; when it is looked at next (epoch seconds);
    # and how many messages for it grew too old, or were too many, meanwhile.
    Column("lost_at", Float),
    Column("lost_by_person", Boolean, nullable=False, server_default=text("false")),
    Column("check_at", Float),
    Column("left_out", Integer, nullable=False, server_default="0"),
    Index("ix_route_places_lane", "lane"),
    # Each lane asks whether its place is lost before it sends, and finds it here alone: with the reason in it
    # SQLite prefers this index to that of all places, of which a channel may have a thousand.
    Index(
        "ix_route_places_lost",
        "lane",
        "lost_reason",
        sqlite_where=text("lost_reason IS NOT NULL"),
        postgresql_where=text("lost_reason IS NOT NULL"),
    ),
    Index(
        "ix_route_places_check",
        "check_at",
        sqlite_where=text("lost_reason IS NOT NULL"),
        postgresql_where=text("lost_reason IS NOT NULL"),
    ),
)

# Accounts that a channel does not want to see, whatever its routes say.
muted_accounts = Table(
    "muted_accounts",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("muted_by", String(80), nullable=False),
    Column("muted_at", Float, nullable=False),
    # X's id, once it is known: the account follows it.
    Column("account_id", String(40)),
)

# Tenants that have more to route than their share of a batch: their events behind `position`, up to
# `upto`, are routed beside the others' and not by the common cursor.
router_lags = Table(
    "router_lags",
    metadata,
    Column("tenant", String(120), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
)

# What a route's schedule needs to remember in each place. Times: epoch seconds.
rate_counters = Table(
    "tempo",
    metadata,
    Column("route", String(40), primary_key=True),
    Column("lane", String(240), primary_key=True),
    Column("window_began", Float, nullable=False, server_default="0"),
    Column("in_window", Integer, nullable=False, server_default="0"),
    Column("day", String(10), nullable=False, server_default=""),
    Column("in_day", Integer, nullable=False, server_default="0"),
    Column("next_at", Float, nullable=False, server_default="0"),
)

# Events that wait to become one message with others: a digest, quiet hours, a burst, what was missed.
held = Table(
    "held",
    metadata,
    ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("route", String(40), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    Column("event", Id, nullable=False, index=True),
    # As in deliveries: the same tweet is held once in a place, and posted once.
    Column("purpose", String(80), key="dedup_key", nullable=False),
    # digest, quiet, burst, missed
    Column("reason", String(8), nullable=False),
    Column("due_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    # Once released: the dedup_key of the message in the same lane it became part of, or "" when it was
    # left out.
    Column("released_as", String(80)),
    UniqueConstraint("lane", "dedup_key"),
    Index(
        "ix_held_due",
        "due_at",
        sqlite_where=text("released_as IS NULL"),
        postgresql_where=text("released_as IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# Which tenants use which monitor of Xquik: with its last user it is removed there. Xquik's ids of
# monitors are its own and the same for everybody, so they tell accounts apart as well.
monitor_uses = Table(
    "monitor_uses",
    metadata,
    # account or keyword
    Column("kind", String(8), primary_key=True),
    Column("monitor", String(40), primary_key=True),
    Column("tenant", String(120), primary_key=True),
    Column("since", Float, nullable=False),
)

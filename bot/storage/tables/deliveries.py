"""The outbox: one row a message that has to reach a place. Lanes keep the order of `id`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.storage.tables.base import Id, ascending_id, metadata

deliveries = Table(
    "deliveries",
    metadata,
    ascending_id(),
    Column("tenant", String(120), nullable=False),
    Column("lane", String(240), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("thread", String(80)),
    # "event": rendered from `event` when sent. "card": `card` as it stands (outcomes, notices).
    # "notice": `card`, a word about the place; left out where it cannot be posted.
    # "list": `card`, made of several events of a route. "opener": `card`, which begins a thread.
    # "edit": a card for `edit_message` alone. "tell": a card for `person` alone.
    # "mark", "remove", "publish": something done to the message that `about` names, or to one of its lines.
    Column("kind", String(16), nullable=False),
    Column("event", Id),
    Column("route", String(40)),
    # Unique per lane: "e:<event id>", "p:<proposal id>", … The same purpose is sent once.
    Column("purpose", String(80), nullable=False),
    Column("card", Text),
    # Instead of a new message: edit this one first, and tell this person when nothing else works.
    Column("edit_message", String(120)),
    Column("person", String(80)),
    Column("key", String(25), nullable=False),
    # waiting, sending, sent, dead; skipped: not posted, because a rule of its route says so
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Float, nullable=False, server_default="0"),
    Column("sending_since", Float),
    # A resend after a send whose outcome is unknown is marked as possibly the second of its kind.
    Column("ambiguous", Boolean, nullable=False, server_default=text("false")),
    Column("message", String(120)),
    Column("error", Text),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    # The purpose of another row of the same place: the opener of the thread that this one belongs in,
    # or the message that something is done to.
    Column("about", String(80)),
    UniqueConstraint("lane", "purpose"),
    Index(
        "ix_deliveries_dead",
        "tenant",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    # What is unsettled is few; what is settled is many and never looked at by the lanes.
    Index(
        "ix_deliveries_open",
        "lane",
        "id",
        sqlite_where=text("state IN ('waiting', 'sending')"),
        postgresql_where=text("state IN ('waiting', 'sending')"),
    ),
    Index("ix_deliveries_event", "event"),
    sqlite_autoincrement=True,
)

"""Databases to measure on: made by the real migrations, filled set-based so that it is quick.

Only filling them leaves the disk out (`synchronous=OFF`); the bot opens the file with its own
settings afterwards.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.storage.migrate import migrate

# What one delivery tells about; every text of it is as long as the usual one.
TWEET = {
    "id": "1893456789012345678",
    "text": "We are go for launch. Follow along live as the crew heads to the pad this morning 🚀",
    "author": {"id": "11348282", "username": "nasa", "name": "NASA", "verified": True},
    "createdAt": "2026-02-27T12:00:00.000Z",
    "likeCount": 1204,
    "retweetCount": 310,
    "replyCount": 88,
}
NOW = 1_772_193_600.0


def new_database(directory: Path, name: str = "bot.db") -> Path:
    """An empty database of this version."""
    path = directory / name
    asyncio.run(migrate(url(path)))
    return path


def url(path: Path) -> str:
    """Its `storage.url`."""
    return f"sqlite:///{path}"


@contextmanager
def filling(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to fill a database with, in one transaction."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-262144")
        with connection:
            yield connection
        # The log is folded in, so that what is measured begins with an empty one.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def add_event(connection: sqlite3.Connection, tenant: str, username: str = "nasa") -> int:
    """Store one event; its id."""
    row = connection.execute(
        "INSERT INTO events (tenant, identity, body_hash, type, username, data, occurred_at, received_at,"
        " via) VALUES (?, 'e:1', zeroblob(32), 'tweet.new', ?, ?, ?, ?, 'webhook')",
        (tenant, username, json.dumps(TWEET), NOW, NOW),
    )
    return int(row.lastrowid or 0)


def add_backlog(path: Path, tenant: str, lanes: int, messages: int) -> None:
    """Let that many deliveries wait, dealt out over the lanes in turn. The channels are C0, C1, …"""
    with filling(path) as connection:
        event = add_event(connection, tenant)
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
            " INSERT INTO deliveries (tenant, lane, channel, kind, event, route, purpose, key, created_at)"
            " SELECT :tenant, :tenant || '/C' || (i % :lanes), 'C' || (i % :lanes), 'event', :event,"
            " 'r' || (i % :lanes), 'e:' || i, printf('%025d', i), :now FROM n",
            {"last": messages - 1, "tenant": tenant, "lanes": lanes, "event": event, "now": NOW},
        )
        add_routes(connection, tenant, lanes)
        # Its event is routed already.
        connection.execute("INSERT INTO cursors (name, position) VALUES ('router', ?)", (event,))
        connection.execute("ANALYZE")


def add_routes(connection: sqlite3.Connection, tenant: str, count: int, account: str = "nasa") -> None:
    """One route into each of the channels C0, C1, …, for one account. Ids: r0, r1, …"""
    connection.executemany(
        "INSERT INTO routes (id, tenant, name, accounts, created_at) VALUES (?, ?, ?, ?, ?)",
        ((f"r{i}", tenant, f"r{i}", json.dumps([account]), NOW + i) for i in range(count)),
    )
    connection.executemany(
        "INSERT INTO route_places (route, lane, tenant, position, channel) VALUES (?, ?, ?, 0, ?)",
        ((f"r{i}", f"{tenant}/C{i}", tenant, f"C{i}") for i in range(count)),
    )
    connection.execute("INSERT INTO cursors (name, position) VALUES (?, 1)", (f"routes:{tenant}",))

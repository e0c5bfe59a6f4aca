"""Databases to measure on: made by the real migrations, filled set-based so that it is quick.

Only filling them leaves the disk out (`synchronous=OFF`); the bot opens the file with its own
settings afterwards.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from bot.storage.engine.addresses import address
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
def filling(url: str) -> Iterator[Connection]:
    """A connection to fill a database with, in one transaction. url: as `storage.url`."""
    parsed = address(url)
    is_file = parsed.get_backend_name() == "sqlite"
    engine = create_engine(parsed.set(drivername="sqlite") if is_file else parsed)
    with engine.connect() as connection:
        if is_file:
            for setting in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-262144"):
                connection.exec_driver_sql(f"PRAGMA {setting}")
        yield connection
        connection.commit()
        if is_file:
            # The log is folded in, so that what is measured begins with an empty one.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def add_event(connection: Connection, tenant: str, username: str = "nasa") -> int:
    """Store one event; its id."""
    statement = (
        "INSERT INTO events (tenant, identity, body_hash, type, username, data, occurred_at, received_at,"
        " via) VALUES (:tenant, 'e:1', :hash, 'tweet.new', :username, :data, :now, :now, 'webhook')"
        " RETURNING id"
    )
    tweet = json.dumps(TWEET)
    values = {"tenant": tenant, "hash": bytes(32), "username": username, "data": tweet, "now": NOW}
    return int(connection.execute(text(statement), values).scalar_one())


def add_events(url: str, tenant: str, count: int) -> None:
    """Store that many events of a tenant, on PostgreSQL."""
    with filling(url) as connection:
        connection.execute(
            text(
                "INSERT INTO events (tenant, identity, body_hash, type, username, data, occurred_at,"
                " received_at, via) SELECT :tenant, 'e:' || i, sha256(CAST(CAST(i AS TEXT) AS BYTEA)),"
                " 'tweet.new', 'nasa', :data, :now, :now, 'webhook' FROM generate_series(1, :count) AS i"
            ),
            {"tenant": tenant, "data": json.dumps(TWEET), "now": NOW, "count": count},
        )


def add_backlog(url: str, tenant: str, lanes: int, messages: int) -> None:
    """Let that many deliveries wait, dealt out over the lanes in turn. The channels are C0, C1, …"""
    add_backlogs(url, [tenant], lanes, messages)


def add_backlogs(url: str, tenants: Sequence[str], lanes: int, messages: int) -> None:
    """The same for several tenants, which share the messages; lanes: of each."""
    with filling(url) as connection:
        event = 0
        for place, tenant in enumerate(tenants):
            share = messages // len(tenants) + (place < messages % len(tenants))
            event = add_event(connection, tenant)
            prefix = f"r{place}-" if place else "r"
            _add_waiting(connection, tenant, event, lanes, share, prefix)
            add_routes(connection, tenant, lanes, prefix=prefix)
        # Their events are routed already.
        _add_cursor(connection, "router", event)
        connection.execute(text("ANALYZE"))


def _add_waiting(
    connection: Connection, tenant: str, event: int, lanes: int, messages: int, prefix: str
) -> None:
    key = "printf('%025d', i)" if connection.dialect.name == "sqlite" else "lpad(CAST(i AS TEXT), 25, '0')"
    connection.execute(
        text(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last),"
            " c(i, channel) AS (SELECT i, CAST(i % :lanes AS TEXT) FROM n)"
            " INSERT INTO deliveries"
            " (tenant, lane, channel, kind, event, route, purpose, key, created_at)"
            " SELECT CAST(:tenant AS TEXT), CAST(:tenant AS TEXT) || '/C' || channel, 'C' || channel,"
            f" 'event', :event, CAST(:prefix AS TEXT) || channel, 'e:' || CAST(i AS TEXT), {key}, :now FROM c"
        ),
        {
            "last": messages - 1,
            "tenant": tenant,
            "lanes": lanes,
            "event": event,
            "prefix": prefix,
            "now": NOW,
        },
    )


def add_routes(
    connection: Connection, tenant: str, count: int, account: str = "nasa", prefix: str = "r"
) -> None:
    """One route into each of the channels C0, C1, …, for one account. Ids: r0, r1, … by the prefix."""
    routes = [
        {"id": f"{prefix}{i}", "tenant": tenant, "accounts": json.dumps([account]), "at": NOW + i}
        for i in range(count)
    ]
    places = [
        {"id": f"{prefix}{i}", "lane": f"{tenant}/C{i}", "tenant": tenant, "to": f"C{i}"}
        for i in range(count)
    ]
    for statement, rows in (
        (
            "INSERT INTO routes (id, tenant, name, accounts, created_at)"
            " VALUES (:id, :tenant, :id, :accounts, :at)",
            routes,
        ),
        (
            "INSERT INTO route_places (route, lane, tenant, position, channel)"
            " VALUES (:id, :lane, :tenant, 0, :to)",
            places,
        ),
    ):
        connection.execute(text(statement), rows)
    _add_cursor(connection, f"routes:{tenant}", 1)


def _add_cursor(connection: Connection, name: str, position: int) -> None:
    statement = "INSERT INTO cursors (name, position) VALUES (:name, :position)"
    connection.execute(text(statement), {"name": name, "position": position})

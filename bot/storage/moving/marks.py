"""What a database says of the copy that was made into it, and a file of where it was moved to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import URL, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.database import Database
from bot.storage.tables import facts

# The keys in `facts`. They speak of this database alone, so they are no part of what is copied.
MARK = "copied"
MOVED = "moved"
OWN = (MARK, MOVED)

_FIND = select(facts.c.value).where(facts.c.key == MARK)
_FIND_MOVED = select(facts.c.value).where(facts.c.key == MOVED)
_HAS_FACTS = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'facts'")
_FORGET = delete(facts).where(facts.c.key == MOVED)


@dataclass(frozen=True, slots=True)
class CopyMark:
    """digest: of all tables, as `bot.storage.moving.digests.whole` makes it. alone: nobody had the file open
    while it was copied, so that nothing is missing."""

    digest: str
    alone: bool

    @classmethod
    def read(cls, stored: str) -> CopyMark:
        """Of what `stored` made."""
        found = json.loads(stored)
        return cls(str(found["digest"]), bool(found["alone"]))

    def stored(self) -> str:
        """As it is kept in `facts`."""
        return json.dumps({"digest": self.digest, "alone": self.alone})


async def require_whole(database: Database) -> None:
    """DatabaseUnusable for a copy that was made while a bot ran on the file: what that stored since is not in
    it. StorageUnavailable when the database does not answer."""
    if database.dialect != "postgresql":
        return

    async def work(connection: AsyncConnection) -> str | None:
        return (await connection.execute(_FIND)).scalar_one_or_none()

    stored = await database.read(work)
    if stored is not None and not CopyMark.read(stored).alone:
        raise DatabaseUnusable(
            "The database holds a copy of a SQLite file that was made while a bot ran on that file.",
            remedy="Stop that bot and run `xquik-bot migrate --from` once more: it brings what is missing.",
            code="copied_while_running",
        )


def named(url: URL) -> str:
    """A database on a server, in words that hold no name of a user and no password: database at host:port."""
    host = url.host or url.query.get("host") or "the local server"
    return f"{url.database or 'the default database'} at {host}{f':{url.port}' if url.port else ''}"


async def moved_to(database: Database) -> str | None:
    """Where the installation in this file was moved to, as `named` says it; None where it was not.
    StorageUnavailable when the database does not answer."""
    if database.dialect != "sqlite":
        return None

    async def work(connection: AsyncConnection) -> str | None:
        if (await connection.execute(_HAS_FACTS)).first() is None:
            return None
        return (await connection.execute(_FIND_MOVED)).scalar_one_or_none()

    return await database.read(work)


async def require_not_moved(database: Database) -> None:
    """DatabaseUnusable for a file whose installation was moved: a bot on it would post everything a second
    time. StorageUnavailable when the database does not answer."""
    if (where := await moved_to(database)) is not None:
        raise DatabaseUnusable(
            f"What was in this file was moved to PostgreSQL ({where}): a bot on both would post twice.",
            remedy="Set storage.url to that database. To go back to the file: let no bot run on that one, "
            "then run `xquik-bot migrate --forget-move`.",
            code=MOVED,
        )


async def forget_move(database: Database) -> None:
    """Let a bot start on the file again."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(_FORGET)

    await database.write(work)

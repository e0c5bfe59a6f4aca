"""What a database says of the copy that was made into it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import DatabaseUnusable
from bot.storage.engine.database import Database
from bot.storage.tables import facts

# The key in `facts`. It speaks of this database alone, so it is no part of what is copied.
MARK = "copied"

_FIND = select(facts.c.value).where(facts.c.key == MARK)


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

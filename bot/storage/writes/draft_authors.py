"""Who saved which draft: Xquik keeps the texts, and knows of one account alone."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import delete, func, select

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import LimitReached
from bot.core.messages.message import msg, nmsg
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting, read_all
from bot.storage.tables import draft_authors

# Of one person: saving is free and open to everyone.
MOST = 100
_PUT = putting(draft_authors)


class OwnDraft(msgspec.Struct, frozen=True):
    """A draft that somebody saved here. saved_at: epoch seconds."""

    draft: str
    saved_at: float


class DraftAuthors:
    """Over the table of authors. clock: epoch seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def room(self, tenant: TenantId, author: str) -> None:
        """LimitReached when the person keeps as many drafts as one may. Of several that are saved at the
        same moment each may find the same room."""
        query = select(func.count().label("number")).select_from(draft_authors)
        [row] = await read_all(
            self._database,
            query.where(draft_authors.c.tenant == str(tenant), draft_authors.c.author == author),
        )
        if row.number >= MOST:
            raise LimitReached(
                nmsg(
                    "You have {n} draft, which is the limit for one person.",
                    "You have {n} drafts, which is the limit for one person.",
                    n=int(row.number),
                ),
                remedy=msg("`draft list` shows yours, and `draft delete` makes room."),
            )

    async def note(self, tenant: TenantId, draft: str, author: str) -> None:
        """The person saved the draft."""
        row = {"tenant": str(tenant), "draft": draft, "author": author, "saved_at": self._clock()}
        await self._database.write(lambda c: c.execute(_PUT[self._database.dialect], row))

    async def author(self, tenant: TenantId, draft: str) -> str | None:
        """Who saved it; None where that is not known."""
        query = select(draft_authors.c.author).where(
            draft_authors.c.tenant == str(tenant), draft_authors.c.draft == draft
        )
        rows = await read_all(self._database, query)
        return str(rows[0].author) if rows else None

    async def of(self, tenant: TenantId, author: str) -> tuple[OwnDraft, ...]:
        """The drafts of a person, the newest first."""
        query = (
            select(draft_authors.c.draft, draft_authors.c.saved_at)
            .where(draft_authors.c.tenant == str(tenant), draft_authors.c.author == author)
            .order_by(draft_authors.c.saved_at.desc(), draft_authors.c.draft.desc())
        )
        return tuple(OwnDraft(row.draft, row.saved_at) for row in await read_all(self._database, query))

    async def forget(self, tenant: TenantId, drafts: Collection[str]) -> None:
        """These drafts are gone."""
        if not drafts:
            return
        gone = (draft_authors.c.tenant == str(tenant), draft_authors.c.draft.in_(tuple(drafts)))
        await self._database.write(lambda c: c.execute(delete(draft_authors).where(*gone)))

"""What was asked for with extractions that were confirmed here, by the ids of their jobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.tables import proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.proposal_rows import StoredProposal

_T = proposals.c


class ExtractionRequests:
    """Over the table `proposals`, whose `write_action` holds the id of the job."""

    def __init__(self, database: Database, kind: str) -> None:
        """kind: of the proposals that begin one."""
        self._db = database
        self._kind = kind

    async def of(self, tenant: TenantId, jobs: Collection[str]) -> Mapping[str, StoredProposal]:
        """Those of these jobs that the tenant began here, by id."""
        query = select(proposals).where(
            _T.tenant == str(tenant),
            _T.write_action.in_(sorted(jobs)),
            _T.write_action.is_not(None),
            _T.kind == self._kind,
        )

        async def work(connection: AsyncConnection) -> dict[str, StoredProposal]:
            found = map(rows.read, (await connection.execute(query)).mappings())
            return {one.write_action or "": one for one in found}

        return await self._db.read(work)

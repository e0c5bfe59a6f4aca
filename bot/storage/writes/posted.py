"""What was posted from here and has been deleted from X since. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.storage.tables import proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.proposal_rows import DELETED, StoredProposal

_T = proposals.c


async def mark_deleted(
    connection: AsyncConnection, tenant: TenantId, tweet: str, kinds: Collection[str]
) -> tuple[StoredProposal, ...]:
    """Note of the tenant's posts with that id that they are deleted; as they stand then. tweet: its id;
    kinds: of proposals that post one.

    None where it was not posted from here. Deletions are rare, so the tenant's posts are looked through.
    """
    # The stored form is one only (`dump`), so the id is found as it was written.
    told = rows.dump({"tweet_id": tweet}).strip("{}")
    query = select(proposals).where(
        _T.tenant == str(tenant),
        _T.kind.in_(kinds),
        _T.state == ProposalState.DONE.value,
        _T.result.contains(told, autoescape=True),
    )
    found = [rows.read(row) for row in (await connection.execute(query)).mappings()]
    marked: list[StoredProposal] = []
    for one in found:
        result = dict(one.result or {})
        if result.get("tweet_id") != tweet:
            continue
        change = (
            update(proposals)
            .where(_T.id == one.id)
            .values(result=rows.dump({**result, DELETED: True}))
            .returning(*proposals.c)
        )
        marked.append(rows.read((await connection.execute(change)).mappings().one()))
    return tuple(marked)

"""What was posted from here, and what has been deleted from X since. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.storage.tables import proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.proposal_rows import DELETED, StoredProposal

POSTED: Final = "posted"
"""In the result of a thread: the ids of the tweets that came of it, in order."""
GONE: Final = "gone"
"""In the result of a thread: those of them that were deleted from here since."""
WRITES: Final = "writes"
"""In the result of a thread: the ids of Xquik's records of its parts."""
BEFORE: Final = "before"
"""In the result of the rest of a thread: what the parts before it cost, in credits."""
# A thread that ended early has made tweets as well.
_MADE: Final = (ProposalState.DONE.value, ProposalState.FAILED.value, ProposalState.UNKNOWN.value)

_T = proposals.c


def made_by(result: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of all tweets that came of a proposal, in order."""
    single = result.get("tweet_id")
    return tuple(map(str, result.get(POSTED) or ((single,) if single else ())))


def standing_of(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of them that were not deleted from here."""
    gone = result.get(GONE) or ()
    return () if result.get(DELETED) else tuple(one for one in made_by(result) if one not in gone)


async def mark_deleted(
    connection: AsyncConnection, tenant: TenantId, tweet: str, kinds: Collection[str]
) -> tuple[StoredProposal, ...]:
    """Note of the tenant's posts with that id that they are deleted; as they stand then. tweet: its id;
    kinds: of proposals that post one.

    None where it was not posted from here. Deletions are rare, so the tenant's posts are looked through.
    """
    # The stored form is one only (`dump`), so the id is found as it was written.
    told = rows.dump({"id": tweet}).strip("{}").partition(":")[2]
    query = select(proposals).where(
        _T.tenant == str(tenant),
        _T.kind.in_(kinds),
        _T.state.in_(_MADE),
        _T.result.contains(told, autoescape=True),
    )
    found = [rows.read(row) for row in (await connection.execute(query)).mappings()]
    marked: list[StoredProposal] = []
    for one in found:
        result = dict(one.result or {})
        if tweet not in made_by(result) or result.get("replaced_by"):
            # What took its place has its message, and knows what stands.
            continue
        if POSTED in result:
            result[GONE] = sorted({*result.get(GONE, ()), tweet})
        if not set(made_by(result)) - set(result.get(GONE, made_by(result))):
            result[DELETED] = True
        change = (
            update(proposals).where(_T.id == one.id).values(result=rows.dump(result)).returning(*proposals.c)
        )
        marked.append(rows.read((await connection.execute(change)).mappings().one()))
    return tuple(marked)

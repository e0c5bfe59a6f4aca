"""What happens to attached files in the transactions of the proposals that they belong to.

A payload names its files under `attached`: `[{"id", "name", "content_type", "size", "sha256", "seconds"}]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import case, delete, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.proposal_states import ProposalState
from bot.storage.tables import media_files, media_parts
from bot.storage.writes.proposal_rows import StoredProposal, load

ATTACHED: Final = "attached"
LIFETIME: Final = 86_400.0
"""Seconds for which a file is kept at most, from when it is proposed."""
AGAIN: Final = 15 * 60.0
"""Seconds for which the files of what failed can be used for a new attempt."""
_F, _P = media_files.c, media_parts.c


async def adopt(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """The files of a new proposal are its own, each with the key it will be uploaded under; one that is
    uploaded already keeps what it has. Expired where a file is not there any more. row: of the proposal."""
    if f'"{ATTACHED}"' not in row["payload"]:
        return
    until = row["created_at"] + LIFETIME
    for number, file in enumerate(load(row["payload"]).get(ATTACHED) or (), start=1):
        new = _F.media_url.is_(None)
        change = (
            update(media_files)
            .where(_F.id == file["id"], _F.tenant == row["tenant"], _F.expires_at > row["created_at"])
            .where(or_(_F.sealed_key.is_not(None), _F.media_url.is_not(None)))
            .values(
                proposal=row["id"],
                expires_at=until,
                upload_key=case((new, f"xqb-{row['id']}-{number}"), else_=_F.upload_key),
                write_action=case((new, None), else_=_F.write_action),
            )
        )
        if (await connection.execute(change)).rowcount != 1:
            raise Expired(
                msg("The attached file {name} is not kept any more.", name=str(file["name"])),
                remedy=msg("Attach it again, and run the command again."),
            )
        await connection.execute(update(media_parts).where(_P.file == file["id"]).values(expires_at=until))


async def ended(connection: AsyncConnection, changed: StoredProposal, now: float) -> None:
    """Erase the bytes that a proposal had, once it has ended. Where a new attempt may be made of it, they
    stay a little longer."""
    if not changed.state.settled or ATTACHED not in changed.payload:
        return
    own = _F.proposal == changed.id
    if changed.state is ProposalState.FAILED and (changed.result or {}).get("again"):
        until = now + AGAIN
        ids = await connection.execute(
            update(media_files).where(own).values(expires_at=until).returning(_F.id)
        )
        files = [row.id for row in ids]
        await connection.execute(update(media_parts).where(_P.file.in_(files)).values(expires_at=until))
        return
    ids = await connection.execute(update(media_files).where(own).values(sealed_key=None).returning(_F.id))
    await connection.execute(delete(media_parts).where(_P.file.in_([row.id for row in ids])))

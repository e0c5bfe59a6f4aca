"""How many previews of a person wait to be decided, and that they are not too many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.storage.tables import proposals

MOST_OPEN: Final = 50
"""Previews of one person in one place that wait to be decided."""
_T = proposals.c


async def require_room(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """LimitReached where the person of a row that is to be inserted has as many as may be open there."""
    waiting = (
        select(func.count())
        .select_from(proposals)
        .where(
            _T.tenant == values["tenant"],
            _T.requester == values["requester"],
            text("state = 'open'"),  # as the index says it
            _T.expires_at > values["created_at"],
        )
    )
    if (await connection.execute(waiting)).scalar_one() >= MOST_OPEN:
        raise LimitReached(
            msg("You have {most} open previews here, which is the limit.", most=MOST_OPEN),
            remedy=msg(
                "Confirm or cancel some of them, or wait until they expire; then run the command again."
            ),
        )

"""`draft list`: one's own; everyone's for who may VIEW. Which of the two is decided for each page."""

from __future__ import annotations

import json
from typing import Final

from bot.cards.writing import drafts_blocks
from bot.core.access import Permission
from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows
from bot.core.commands.permits import require
from bot.core.messages.message import msg
from bot.core.policy import Deed
from bot.features.services import CommandCall
from bot.features.shared.numbers import numbers_of
from bot.features.shared.own_drafts import own_page, sees_all
from bot.storage.places.local_numbers import Numbered
from bot.storage.writes.draft_authors import OwnDraft
from bot.xquik.models import Draft, moment

# A cursor says of which list it is: of everyone's drafts it is Xquik's, of one's own the last one shown.
_ALL, _OWN = "all:", "own:"


async def drafts(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[Draft]:
    """A page of one's own, or of everyone's. NotPermitted where those have become hidden meanwhile."""
    if cursor.startswith(_OWN) or not (cursor or await sees_all(call)):
        return await _own(call, cursor.removeprefix(_OWN), size)
    await require(call.services.grants, call.invocation, Deed(Permission.VIEW))
    xquik = await call.xquik()
    page = await xquik.drafts.list(cursor.removeprefix(_ALL) or None, limit=size)
    after = f"{_ALL}{page.next_cursor}" if page.has_more and page.next_cursor else ""
    return PageRows(page.items, after, unreadable=page.unreadable)


async def _own(call: CommandCall, cursor: str, size: int) -> PageRows[Draft]:
    page = await own_page(call, OwnDraft(*json.loads(cursor)) if cursor else None, size)
    after = "" if page.last is None else _OWN + json.dumps([page.last.draft, page.last.saved_at])
    return PageRows(page.drafts, after, total=page.total, start=page.start)


async def draw(call: CommandCall, _args: NoArgs, rows: PageRows[Draft]) -> tuple[Block, ...]:
    """A table of them, and how one is opened."""
    # The oldest of those that have no number yet gets the lowest.
    numbers = await numbers_of(call, Numbered.DRAFT, (draft.id for draft in reversed(rows.items)))
    return drafts_blocks(rows.items, numbers)


async def frame(call: CommandCall, _args: NoArgs, rows: PageRows[Draft]) -> PageFrame:
    """Whose they are."""
    own = _OWN in (rows.at[:4], rows.after[:4]) or not (rows.at or rows.after or await sees_all(call))
    return PageFrame(title=msg("Your drafts") if own else "")


DRAFTS: Final = Listing(
    title=lambda _args: msg("Drafts"),
    fetch=drafts,
    identity=lambda draft: draft.id,
    draw=draw,
    empty=lambda _args: line(msg("No drafts yet."), " ", msg('Save one with `draft save "your text"`.')),
    frame=frame,
    columns=(
        Column("id", lambda draft: draft.id),
        Column("text", lambda draft: draft.text),
        Column("topic", lambda draft: draft.topic),
        Column("goal", lambda draft: draft.goal),
        Column("created_at", lambda draft: moment(draft.created_at)),
    ),
    file_size=50,
)

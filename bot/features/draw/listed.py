"""`draw list`: past draws, newest first."""

from __future__ import annotations

from typing import Final

from bot.cards.draws import draws_blocks, tweet_url
from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.numbers import numbers_of
from bot.storage.places.local_numbers import Numbered
from bot.xquik.models import Draw, moment


async def draws(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[Draw]:
    """A page of past draws."""
    xquik = await call.xquik()
    page = await xquik.draws.list(cursor or None, limit=size)
    return PageRows(page.items, page.next_cursor or "" if page.has_more else "", unreadable=page.unreadable)


async def draw(call: CommandCall, _args: NoArgs, rows: PageRows[Draw]) -> tuple[Block, ...]:
    """A table of them, and how one is opened."""
    numbers = await numbers_of(call, Numbered.DRAW, (draw.id for draw in reversed(rows.items)))
    return draws_blocks(rows.items, numbers)


DRAWS: Final = Listing(
    title=lambda _args: msg("Draws"),
    fetch=draws,
    identity=lambda draw: draw.id,
    draw=draw,
    empty=lambda _args: line(msg("No draws yet. Run one with `draw run`.")),
    size=15,
    columns=(
        Column("id", lambda draw: draw.id),
        Column("status", lambda draw: draw.status),
        Column("tweet_url", tweet_url),
        Column("total_entries", lambda draw: draw.total_entries),
        Column("valid_entries", lambda draw: draw.valid_entries),
        Column("created_at", lambda draw: moment(draw.created_at)),
    ),
)

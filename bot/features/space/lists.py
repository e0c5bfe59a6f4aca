"""Spaces by their titles, or by the tweets that share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import SPACES
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.space.cards import spaces_table
from bot.xquik.models import Space, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceSearchArgs:
    """What the Spaces are about, and which of them."""

    query: Annotated[str, Option("Words of the title", main=True, max_length=200)]
    which: Annotated[
        Literal["live", "upcoming", "latest", "top"],
        Option("On air or to come by title; or what the newest or best liked tweets share"),
    ] = "live"


async def search(call: CommandCall, args: SpaceSearchArgs, cursor: str, size: int) -> PageRows[Space]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.spaces.search(args.query, of=args.which, cursor=cursor or None, rows=size))


async def draw(_call: Any, _args: SpaceSearchArgs, rows: PageRows[Space]) -> tuple[Block, ...]:
    """The Spaces of a page."""
    return (spaces_table(rows.items),)


FOUND: Final = Listing(
    title=lambda args: msg("Spaces: {query}", query=args.query),
    fetch=search,
    identity=lambda found: found.id,
    draw=draw,
    empty=lambda _args: line(
        msg("No Space is found. Try `which:upcoming` or `which:latest`, or more common words.")
    ),
    columns=(
        Column("id", lambda found: found.id),
        Column("url", lambda found: found.url),
        Column("title", lambda found: found.about),
        Column("state", lambda found: found.state),
        Column("host", lambda found: found.host.username if found.host else None),
        Column("scheduled", lambda found: moment(found.scheduled_start)),
        Column("started", lambda found: moment(found.started_at)),
        Column("ended", lambda found: moment(found.ended_at)),
        Column("in_it_now", lambda found: found.participant_count),
        Column("listened_live", lambda found: found.total_live_listeners),
        Column("played", lambda found: found.total_replay_watched),
        Column("recorded", lambda found: found.is_available_for_replay),
    ),
    cost=SPACES,
)

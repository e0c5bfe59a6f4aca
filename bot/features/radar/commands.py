"""`radar show`: news and topics of seven sources, a page at a time. Free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal

from bot.cards.topics import SOURCE_NAMES, radar_blocks
from bot.core.chat.cards import Block, Bold, line
from bot.core.commands.declaring import Group, Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.presets import SHOWN, listing_command
from bot.core.messages.message import Argument, Joined, JoinedBy, msg
from bot.features.services import CommandCall
from bot.xquik.models import RadarItem, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarArgs:
    """Filters of the radar; everything is optional."""

    source: Annotated[
        Literal["github", "google_trends", "hacker_news", "polymarket", "reddit", "trustmrr", "wikipedia"]
        | None,
        Option(
            "Only from this source",
            choices={label: value for value, label in SOURCE_NAMES.items()},
            main=True,
        ),
    ] = None
    category: Annotated[
        Literal["general", "tech", "dev", "science", "culture", "politics", "business", "entertainment"]
        | None,
        Option("Only in this category"),
    ] = None
    hours: Annotated[int, Option("How far back, in hours", ge=1, le=72, unit=timedelta(hours=1))] = 24
    region: Annotated[
        Literal["global", "US", "GB", "TR", "ES", "DE", "FR", "JP", "IN", "BR", "CA", "MX"] | None,
        Option("Only for this region"),
    ] = None


async def topics(call: CommandCall, args: RadarArgs, cursor: str, size: int) -> PageRows[RadarItem]:
    """A page of the radar."""
    xquik = await call.xquik()
    page = await xquik.radar.list(
        source=args.source,
        category=args.category,
        hours=args.hours,
        region=args.region,
        limit=size,
        after=cursor or None,
    )
    after = page.next_cursor or "" if page.has_more else ""
    return PageRows(
        page.items, after, unreadable=page.unreadable, note=line(msg("Strongest first; the radar is free."))
    )


async def draw(_call: CommandCall, _args: RadarArgs, rows: PageRows[RadarItem]) -> tuple[Block, ...]:
    """The items, one after another."""
    return radar_blocks(rows.items)


def _title(args: RadarArgs) -> str:
    named = (SOURCE_NAMES.get(args.source or "", ""), args.category or "", args.region or "")
    filters: list[Argument] = [word for word in named if word]
    filters.append(msg("last {hours} h", hours=args.hours))
    return msg("Radar: {filters}", filters=Joined(tuple(filters), JoinedBy.COMMA))


TOPICS: Final = Listing(
    title=_title,
    fetch=topics,
    identity=lambda item: f"{item.source} {item.id}",
    draw=draw,
    empty=lambda _args: line(
        msg(
            "Nothing matches. Try more {hours}, or leave out the source or category.",
            hours=Bold("hours"),  # no message: the name of an option
        )
    ),
    size=8,
    columns=(
        Column("source", lambda item: item.source),
        Column("category", lambda item: item.category),
        Column("title", lambda item: item.title),
        Column("description", lambda item: item.description),
        Column("score", lambda item: item.score),
        Column("published_at", lambda item: moment(item.published_at)),
        Column("url", lambda item: item.url),
    ),
)

RADAR = Group(
    "radar",
    "What is trending elsewhere: GitHub, Hacker News, Reddit and more",
    (
        listing_command(
            "radar show",
            TOPICS,
            SHOWN,
            "Show news and topics from seven sources, strongest first",
            "radar source:github",
            "radar category:tech hours:12",
            operations=("GET /radar",),
        ),
    ),
    default="show",
)

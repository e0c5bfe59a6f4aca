"""`trends history`: what a place talked about, from the archive, oldest first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec

from bot.cards.figures import epoch
from bot.cards.tweets import web_url
from bot.core.chat.cards import Block, Inline, Line, Link, Text, Timestamp, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import CellOf, Column, Listing, PageFrame, PageRows
from bot.core.commands.price_list import TREND_LISTS
from bot.core.errors import NotFound, Rejected, UsageError
from bot.core.messages.message import msg
from bot.core.text.shortening import shorten
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.trends.places import RegionOption, named_place, unknown_place
from bot.xquik.models import Trend, TrendSnapshot, moment
from bot.xquik.resources.trends import MOST_LISTS

_SHOWN: Final = 6
_NAMED: Final = 8
_IN_FILE: Final = 20
_DAY: Final = 86_400
_KEPT: Final = 775 * _DAY  # Xquik keeps its lists for 25 months
_STEP: Final = 300  # and makes one every five minutes
_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryArgs:
    """Where, when, and how closely."""

    region: RegionOption = "Worldwide"  # no message: a name
    since: Annotated[
        timedelta | None, Option("How far back, like 24h or 7d; a day if left out", ge=_STEP, le=_KEPT)
    ] = None
    until: Annotated[timedelta | None, Option("Only until this long ago, like 1d", ge=0, le=_KEPT)] = None
    every: Annotated[
        timedelta | None,
        Option("One list for each, like 15m or 1d; an hour if left out", ge=_STEP, le=30 * _DAY),
    ] = None


class _Stretch(msgspec.Struct, frozen=True):
    """since, until: seconds ago; every: seconds."""

    since: int
    until: int
    every: int


def _stretch(args: HistoryArgs) -> _Stretch:
    until = int((args.until or timedelta()).total_seconds())
    since = int(args.since.total_seconds()) if args.since else until + _DAY
    if since <= until:
        raise UsageError(
            msg("until must be less long ago than since."),
            option="until",
            example="trends history region:Japan since:2d until:1d",
        )
    return _Stretch(since, until, int((args.every or timedelta(hours=1)).total_seconds()))


async def history(call: CommandCall, args: HistoryArgs, cursor: str, size: int) -> PageRows[TrendSnapshot]:
    """A page of the lists. The cursor keeps the moment of the first page, so no page moves."""
    asked = _stretch(args)
    place = await named_place(call, args.region)
    xquik = await call.xquik()
    try:
        page = await xquik.trends.history(
            place,
            since=asked.since,
            until=asked.until,
            every=asked.every,
            count=_IN_FILE,
            cursor=cursor or None,
            rows=size,
        )
    except (Rejected, NotFound) as error:
        # A page that cannot be opened any more is none of a place that is not there.
        raise (error if cursor else unknown_place(error)) from error
    return rows_of(page)


async def how_many(_call: CommandCall, args: HistoryArgs) -> int | None:
    """One for each step at most."""
    asked = _stretch(args)
    return math.ceil((asked.since - asked.until) / asked.every)


async def _draw(_call: Any, _args: Any, rows: PageRows[TrendSnapshot]) -> tuple[Block, ...]:
    return tuple(Text(_told(one)) for one in rows.items)


def _told(snapshot: TrendSnapshot) -> Line:
    """When it was, and what was highest."""
    at = epoch(snapshot.captured_at)
    parts: list[Inline] = [Timestamp(at) if at is not None else "–", "\n"]
    for number, trend in enumerate(snapshot.trends[:_NAMED]):
        parts.extend([" · ", _linked(trend)] if number else [_linked(trend)])
    return tuple(parts)


def _linked(trend: Trend) -> Inline:
    name, url = shorten(trend.name, _NAME), web_url(trend.url)
    return Link(name, url) if url else name


def _trend(place: int) -> CellOf[TrendSnapshot]:
    return lambda row: row.trends[place].name if place < len(row.trends) else None


def _tweets(place: int) -> CellOf[TrendSnapshot]:
    return lambda row: row.trends[place].tweet_volume if place < len(row.trends) else None


async def _frame(call: CommandCall, args: HistoryArgs, rows: PageRows[TrendSnapshot]) -> PageFrame:
    """In which order they stand, and how many pages there are at most: each costs credits."""
    lists = await how_many(call, args) or 0
    if not rows.items or lists <= _SHOWN:
        return PageFrame()
    said = msg(
        "Oldest first: up to {lists} lists on {pages} pages. `until:` and `every:` make them fewer.",
        lists=lists,
        pages=math.ceil(lists / _SHOWN),
    )
    return PageFrame(above=(Text(line(said), subtle=True),))


HISTORY: Final = Listing(
    title=lambda args: msg("Past trends: {region}", region=args.region),
    fetch=history,
    identity=lambda one: one.captured_at,
    draw=_draw,
    empty=lambda _args: line(
        msg("Xquik has no lists of that time: its archive begins in October 2026. Choose a later since.")
    ),
    frame=_frame,
    size=_SHOWN,
    columns=(
        Column("at", lambda row: moment(row.captured_at)),
        *(
            column
            for place in range(_IN_FILE)
            for column in (
                Column(f"trend_{place + 1}", _trend(place)),
                Column(f"tweets_{place + 1}", _tweets(place)),
            )
        ),
    ),
    file_size=MOST_LISTS,
    cost=TREND_LISTS,
    count=how_many,
)

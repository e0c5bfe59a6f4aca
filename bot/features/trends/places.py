"""`trends places`: where X has trends. What was listed here is offered to who types from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from bot.core.afterwards import or_else
from bot.core.chat.cards import Block, Choice, Table, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import TREND_PLACES
from bot.core.errors import BotError, NotFound
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.suggesting import fitting
from bot.xquik.models import TrendLocation, parse
from bot.xquik.resources.regions import REGIONS, PlaceAsked, country_asked, no_such_place, place_asked
from bot.xquik.resources.trends import MOST_PLACES

REMEMBERED_SECONDS: Final = 30 * 86_400.0
_KEY: Final = "trends:places"
_SHOWN: Final = 20
_LONGEST: Final = 80
_UNKNOWN: Final = frozenset({"invalid_params", "invalid_input", "not_found"})

RegionOption: TypeAlias = Annotated[
    str,
    Option("A country or town, like US or Istanbul", main=True, max_length=_LONGEST, suggest="regions"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesArgs:
    """What is looked for; everything where neither is given."""

    query: Annotated[str | None, Option("Words of its name, like york", main=True, max_length=_LONGEST)] = (
        None
    )
    country: Annotated[
        str | None,
        Option("Only this country and its towns, like Japan or TR", max_length=_LONGEST, suggest="countries"),
    ] = None


async def places(call: CommandCall, args: PlacesArgs, _cursor: str, size: int) -> PageRows[TrendLocation]:
    """The first of those that match. Xquik turns no pages of them."""
    xquik = await call.xquik()
    found = await xquik.trends.locations(args.query, country=_country(args), rows=size)
    await remember(call, found.locations)
    total = max(found.total, len(found.locations))
    more = msg("These are the first. Name more of it, or take all of them as a file.")
    return PageRows(found.locations, total=total, partial=more if total > len(found.locations) else "")


def _country(args: PlacesArgs) -> str | None:
    return None if args.country is None else country_asked(args.country)


async def how_many(call: CommandCall, args: PlacesArgs) -> int | None:
    """As Xquik says with one of them, for the price of one."""
    xquik = await call.xquik()
    return (await xquik.trends.locations(args.query, country=_country(args), rows=1)).total


async def _draw(_call: Any, _args: Any, rows: PageRows[TrendLocation]) -> tuple[Block, ...]:
    cells = tuple(((one.name,), (one.country or "–",), (one.place_type or "–",)) for one in rows.items)
    return (Table((msg("Place"), msg("Country"), msg("Kind")), cells, total=rows.total),)


PLACES: Final = Listing(
    title=lambda _args: msg("Places with trends"),
    fetch=places,
    identity=lambda one: str(one.woeid),
    draw=_draw,
    empty=lambda _args: line(
        msg("X has no trends for such a place. Try fewer letters, or the country alone.")
    ),
    size=_SHOWN,
    columns=(
        Column("woeid", lambda one: str(one.woeid)),
        Column("name", lambda one: one.name),
        Column("country", lambda one: one.country),
        Column("country_code", lambda one: one.country_code),
        Column("kind", lambda one: one.place_type),
    ),
    file_size=MOST_PLACES,
    cost=TREND_PLACES,
    count=how_many,
)


async def remember(call: CommandCall, found: Sequence[TrendLocation]) -> None:
    """Keep these, so that they are offered here from now on, where that is possible."""
    unread = "the places with trends cannot be read"  # no message: for the log
    known = await or_else(known_places(call), None, what=unread)
    if known is None:
        return
    kept = {one.woeid: one for one in (*known, *found)}
    newest = list(kept.values())[-MOST_PLACES:]
    body = msgspec.json.encode(newest).decode()
    await call.services.answers.put(call.tenant, _KEY, body, lifetime=REMEMBERED_SECONDS)


async def known_places(call: CommandCall) -> tuple[TrendLocation, ...]:
    """Those that were listed here."""
    kept = await call.services.answers.get(call.tenant, _KEY)
    return () if kept is None else parse(tuple[TrendLocation, ...], msgspec.json.decode(kept.body))


async def named_place(call: CommandCall, text: str) -> PlaceAsked:
    """The place that somebody means."""
    return place_asked(text, await known_places(call))


def unknown_place(error: BotError) -> BotError:
    """The error of a place that X does not know, in place of one that speaks of parameters."""
    if error.code not in _UNKNOWN:
        return error
    known = no_such_place()
    return NotFound(known.detail, remedy=known.remedy, code=error.code)


async def suggest_regions(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The regions of which a name or the code contains what was typed, and places that were listed here."""
    folded = typed.casefold()
    found = [
        Choice(region.name, region.name)
        for region in REGIONS
        if any(folded in name.casefold() for name in (region.name, region.code, *region.aliases))
    ]
    names = {choice.value for choice in found}
    places = [one.full_name for one in await known_places(call) if one.full_name not in names]
    return (*found, *fitting([Choice(name, name) for name in sorted(places)], typed))

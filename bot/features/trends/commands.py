"""`trends show`: what a place talks about, kept 15 minutes a tenant; `trends history`, `trends places`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from bot.cards.topics import trends_card
from bot.core.chat.answers import Reply
from bot.core.commands import price_list
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.errors import NotFound, Rejected
from bot.features.services import CommandCall
from bot.features.trends.history import HISTORY
from bot.features.trends.places import PLACES, RegionOption, named_place, remember, unknown_place
from bot.features.trends.story import STORY
from bot.features.trends.suggested import SUGGESTED
from bot.xquik.models import Trends, parse
from bot.xquik.resources.regions import PlaceAsked

KEEP_SECONDS = 15 * 60.0
# Xquik charges a request, not a row, so all rows are asked for once and kept.
ASKED_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendsArgs:
    """region: by name or code; count: rows shown."""

    region: RegionOption = "Worldwide"  # no message: a name
    count: Annotated[int, Option("How many trends", ge=1, le=50)] = 15


async def show(call: CommandCall, args: TrendsArgs) -> Reply:
    """The trends of a place, from the last 15 minutes or asked now."""
    place = await named_place(call, args.region)
    services = call.services
    kept = await services.answers.get(call.tenant, f"trends:{place.key}")
    if kept is not None:
        trends, fetched_at = parse(Trends, msgspec.json.decode(kept.body)), kept.fetched_at
    else:
        trends, fetched_at = await _asked(call, place), services.clock()
        body = msgspec.json.encode(trends).decode()
        await services.answers.put(call.tenant, f"trends:{place.key}", body, lifetime=KEEP_SECONDS)
    name = trends.location.full_name if trends.location is not None else place.name
    card = trends_card(trends, name, shown=args.count, fetched_at=fetched_at, cached=kept is not None)
    return Reply(card, charged=None if kept is None else 0)


async def _asked(call: CommandCall, place: PlaceAsked) -> Trends:
    """What Xquik says now; the place is offered to who types from then on."""
    xquik = await call.services.xquik.of(call)
    try:
        trends = await xquik.trends.show(place, ASKED_ROWS)
    except (Rejected, NotFound) as error:
        raise unknown_place(error) from error
    if trends.location is not None:
        await remember(call, (trends.location,))
    return trends


TRENDS = Group(
    "trends",
    "What people are talking about on X",
    (
        command(
            "trends show",
            show,
            SPENDING,
            "Show the trends of a country or town",
            "trends region:US",
            "trends region:Istanbul count:10",
            cost=price_list.TRENDS,
            operations=("GET /x/trends",),
        ),
        listing_command(
            "trends history",
            HISTORY,
            SPENDING,
            "Show what a country or town talked about, oldest first",
            "trends history region:Japan",
            "trends history region:US since:7d every:1d",
            operations=("GET /x/trends/history",),
        ),
        listing_command(
            "trends places",
            PLACES,
            SPENDING,
            "Find the countries and towns that have trends",
            "trends places york",
            "trends places country:Turkey",
            operations=("GET /x/trends/locations",),
        ),
        listing_command(
            "trends story",
            STORY,
            SPENDING,
            "See how a news story that X writes has changed",
            "trends story https://x.com/i/trending/1890000000000000001",
            operations=("GET /x/news/{id}/versions",),
        ),
        listing_command(
            "trends suggest",
            SUGGESTED,
            SPENDING,
            "Find hashtags and topics that X suggests for words",
            "trends suggest space",
            "trends suggest #giv only:hashtags",
            operations=("GET /x/search/autocomplete",),
        ),
    ),
    default="show",
)

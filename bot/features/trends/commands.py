"""`trends show`: what X talks about in twelve regions, kept 15 minutes a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from bot.cards.topics import trends_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Choice
from bot.core.commands import price_list
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING, command
from bot.features.services import CommandCall
from bot.xquik.models import Trends, parse
from bot.xquik.resources.regions import REGIONS, find_region

KEEP_SECONDS = 15 * 60.0
# Xquik charges a request, not a row, so all rows are asked for once and kept.
ASKED_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendsArgs:
    """region: by name or code; count: rows shown."""

    region: Annotated[
        str, Option("A region by name or code, like US or Japan", main=True, suggest="regions")
    ] = "Worldwide"  # no message: a name
    count: Annotated[int, Option("How many trends", ge=1, le=50)] = 15


async def show(call: CommandCall, args: TrendsArgs) -> Reply:
    """The trends of a region, from the last 15 minutes or asked now."""
    region = find_region(args.region)
    services = call.services
    kept = await services.answers.get(call.tenant, f"trends:{region.woeid}")
    if kept is not None:
        trends, fetched_at = parse(Trends, msgspec.json.decode(kept.body)), kept.fetched_at
    else:
        xquik = await services.xquik.of(call)
        trends, fetched_at = await xquik.trends.show(region.woeid, ASKED_ROWS), services.clock()
        body = msgspec.json.encode(trends).decode()
        await services.answers.put(call.tenant, f"trends:{region.woeid}", body, lifetime=KEEP_SECONDS)
    card = trends_card(trends, region.name, shown=args.count, fetched_at=fetched_at, cached=kept is not None)
    return Reply(card)


async def suggest_regions(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The regions whose name, code or other name begins with or contains what was typed."""
    folded = typed.casefold()
    found = [
        region
        for region in REGIONS
        if any(folded in name.casefold() for name in (region.name, region.code, *region.aliases))
    ]
    return tuple(Choice(region.name, str(region.name)) for region in found)


TRENDS = Group(
    "trends",
    "What people are talking about on X",
    (
        command(
            "trends show",
            show,
            SPENDING,
            "Show the trends of a region",
            "trends region:US",
            "trends region:Japan count:10",
            cost=price_list.TRENDS,
            operations=("GET /x/trends",),
        ),
    ),
    default="show",
)

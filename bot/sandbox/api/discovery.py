"""Trends and radar."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation, cursor_of, read_cursor
from bot.sandbox.credits import ROW, TRENDS
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.world import radar, trends

_DEFAULT_TRENDS = 30


def _trends(call: ApiCall) -> tuple[list[dict[str, Any]], int]:
    woeid = call.integer("woeid", 1, 1, 2**31)
    count = call.integer("count", _DEFAULT_TRENDS, 1, trends.LONGEST)
    region = trends.BY_WOEID.get(woeid)
    if region is None:
        raise ApiProblem(400, "invalid_params", "No trends are offered for this woeid.")
    call.sandbox.credits.charge(call.owner, TRENDS)
    return trends.trends_of(region, count, call.now, call.sandbox.config.seed), woeid


async def get_x_trends(call: ApiCall) -> Response:
    found, woeid = _trends(call)
    return json_response({"trends": found, "count": len(found), "woeid": woeid})


async def get_trends(call: ApiCall) -> Response:
    found, woeid = _trends(call)
    return json_response({"trends": found, "total": len(found), "woeid": woeid})


async def trend_locations(call: ApiCall) -> Response:
    """Newer than the specification file: one credit a location that is returned."""
    call.only("country", "placeType", "q", "limit")
    country, text = (call.query("country") or "").lower(), (call.query("q") or "").lower()
    kind = (call.query("placeType") or "").lower()
    matching = [
        region
        for region in trends.REGIONS
        if (not country or country in {region.code.lower(), region.name.lower()})
        and text in region.name.lower()
        and (not kind or kind == ("country" if region.code else "worldwide"))
    ]
    limit = min(
        call.integer("limit", len(trends.REGIONS), 1, 1_000),
        call.sandbox.credits.affordable(call.owner, ROW),
    )
    shown = matching[:limit]
    call.sandbox.credits.charge(call.owner, len(shown) * ROW)
    body: dict[str, Any] = {
        "locations": [region.json() for region in shown],
        "count": len(shown),
        "total": len(matching),
    }
    if not matching:
        body["message"] = "No location matches. Send no filter to see all."
    return json_response(body)


async def get_radar(call: ApiCall) -> Response:
    source = call.choice("source", radar.SOURCES)
    category = call.choice("category", radar.CATEGORIES)
    region = call.query("region") or "global"
    if region not in radar.REGIONS:
        raise ApiProblem(400, "invalid_params", f"region must be one of: {', '.join(radar.REGIONS)}.")
    hours = call.integer("hours", 6, 1, 72)
    limit = call.integer("limit", 50, 1, 100)
    end, start_after = _radar_position(call)
    sources = (source,) if source else radar.SOURCES
    found = radar.items_between(end - hours * 3_600, end, call.sandbox.config.seed, region, sources)
    items = [
        item
        for item in found
        if category in {None, item.category}
        and (start_after is None or (-item.score, -item.id) > start_after)
    ]
    page, more = items[:limit], len(items) > limit
    body: dict[str, Any] = {"items": [item.body for item in page], "hasMore": more}
    if more:
        body["nextCursor"] = cursor_of(f"{end}|{page[-1].score:.0f}|{page[-1].id}")
    return json_response(body)


def _radar_position(call: ApiCall) -> tuple[float, tuple[float, int] | None]:
    """The moment the first page looked back from, and the sort key of the last item shown."""
    cursor = read_cursor(call.query("after", "cursor"))
    if cursor is None:
        return call.now, None
    try:
        end, score, number = cursor.split("|")
        return float(end), (-float(score), -int(number))
    except ValueError as error:
        raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.") from error


OPERATIONS = (
    Operation("getXTrends", "GET", "/x/trends", get_x_trends),
    Operation("getTrends", "GET", "/trends", get_trends),
    Operation("getTrendLocations", "GET", "/x/trends/locations", trend_locations),
    Operation("getRadar", "GET", "/radar", get_radar),
)

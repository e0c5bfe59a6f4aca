"""Trends and radar."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation, cursor_of, read_cursor
from bot.sandbox.credits import ROW, TRENDS
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.world import radar, trends
from bot.sandbox.world.snowflake import iso

_DEFAULT_TRENDS = 30
_DEFAULT_LISTS, _MOST_LISTS = 24, 100
_DAY = 86_400.0
_SPAN = re.compile(r"(\d{1,9})([smhd])", re.ASCII)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": _DAY}


def _place(call: ApiCall) -> trends.TrendPlace:
    """The place of a request: by woeid, which wins, or by name; 400 for none, or for more than one."""
    location, country = call.query("location"), call.query("country")
    if call.query("woeid") is not None or not (location or country):
        found = trends.BY_WOEID.get(call.integer("woeid", 1, 1, 2**31))
        if found is None:
            raise ApiProblem(400, "invalid_params", "No trends are offered for this woeid.")
        return found
    fitting = trends.named(location, country)
    if not fitting:
        raise ApiProblem(400, "invalid_params", "No location has this name. /x/trends/locations lists all.")
    if len(fitting) > 1:
        raise ApiProblem(400, "invalid_params", "Several locations share this name. Add country.")
    return fitting[0]


def _named_place(call: ApiCall, place: trends.TrendPlace) -> dict[str, Any]:
    """The place in an answer, where it was named."""
    by_name = call.query("woeid") is None and (call.query("location") or call.query("country"))
    return {"location": place.json()} if by_name else {}


def _trends(call: ApiCall) -> tuple[list[dict[str, Any]], trends.TrendPlace]:
    count = call.integer("count", _DEFAULT_TRENDS, 1, trends.LONGEST)
    place = _place(call)
    call.sandbox.credits.charge(call.owner, TRENDS)
    return trends.trends_of(place, count, call.now, call.sandbox.config.seed), place


async def get_x_trends(call: ApiCall) -> Response:
    call.only("woeid", "count", "location", "country")
    found, place = _trends(call)
    body = {"trends": found, "count": len(found), "woeid": place.woeid}
    return json_response(body | _named_place(call, place))


async def get_trends(call: ApiCall) -> Response:
    found, place = _trends(call)
    return json_response({"trends": found, "total": len(found), "woeid": place.woeid})


async def trend_locations(call: ApiCall) -> Response:
    """Newer than the specification file: one credit a location that is returned."""
    call.only("country", "placeType", "q", "limit")
    country, text = (call.query("country") or "").lower(), (call.query("q") or "").lower()
    kind = (call.query("placeType") or "").lower()
    matching = [
        region
        for region in trends.REGIONS
        if (not country or country in {region.code.lower(), region.name.lower(), region.country.lower()})
        and text in region.name.lower()
        and kind in {"", region.kind}
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


async def trends_history(call: ApiCall) -> Response:
    """Newer than the specification file: one credit a list. Spans are counted back from the first request."""
    call.only("woeid", "location", "country", "from", "to", "every", "count", "limit", "cursor")
    place = _place(call)
    count = call.integer("count", _DEFAULT_TRENDS, 1, trends.LONGEST)
    most = call.integer("limit", _DEFAULT_LISTS, 1, _MOST_LISTS)
    every = _span(call.query("every") or "1h", "every")
    start, end, at = _stretch(call)
    most = min(most, call.sandbox.credits.affordable(call.owner, ROW))
    snapshots: list[dict[str, Any]] = []
    while at < end and len(snapshots) < most:
        stored = trends.stored_between(at, min(at + every, end))
        if stored is not None:
            listed = trends.trends_of(place, count, stored, call.sandbox.config.seed)
            snapshots.append({"capturedAt": iso(stored), "count": len(listed), "trends": listed})
        at += every
    call.sandbox.credits.charge(call.owner, len(snapshots) * ROW)
    more = at < end and trends.stored_between(at, end) is not None
    body: dict[str, Any] = {
        "snapshots": snapshots,
        "count": len(snapshots),
        "woeid": place.woeid,
        "fromTime": iso(start),
        "toTime": iso(end),
        "has_next_page": more,
        "next_cursor": cursor_of(f"{start}|{end}|{at}") if more else "",
    }
    return json_response(body | _named_place(call, place))


def _stretch(call: ApiCall) -> tuple[float, float, float]:
    """From when to when, and where this page begins."""
    cursor = read_cursor(call.query("cursor"))
    if cursor is not None:
        try:
            start, end, at = map(float, cursor.split("|"))
        except ValueError as error:
            raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.") from error
        return start, end, at
    end = _moment(call, "to", call.now)
    start = _moment(call, "from", end - _DAY)
    if start >= end:
        raise ApiProblem(400, "invalid_params", "from must be before to.")
    # What lies before the archive has no lists, so no step of it is walked.
    return start, end, max(start, trends.archive_start(call.now))


def _moment(call: ApiCall, name: str, default: float) -> float:
    """A span back from now, Unix seconds, or an ISO time."""
    text = call.query(name)
    if text is None:
        return default
    if _SPAN.fullmatch(text):
        return call.now - _span(text, name)
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ApiProblem(400, "invalid_params", f"{name} is no time.") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _span(text: str, name: str) -> float:
    found = _SPAN.fullmatch(text)
    if found is None or not (seconds := int(found[1]) * _UNITS[found[2]]):
        if found is not None and name != "every":
            return 0.0
        raise ApiProblem(400, "invalid_params", f"{name} must be a number and s, m, h or d, such as 1h.")
    return max(seconds, trends.ARCHIVE_STEP) if name == "every" else seconds


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
    Operation("getTrendsHistory", "GET", "/x/trends/history", trends_history),
    Operation("getRadar", "GET", "/radar", get_radar),
)

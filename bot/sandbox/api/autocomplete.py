"""What X suggests while a search is typed: accounts, topics, hashtags and cashtags; and its places."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.shapes import TAG
from bot.sandbox.world.places import places_like

_LISTS = ("users", "topics", "hashtags", "cashtags")
_TAGGED = re.compile(rf"#({TAG})")
_TOPICS: Final = ("space launch", "space station", "open source", "python release", "giveaway winners")
_CASHTAGS: Final = (("SPCE", "Virgin Galactic"), ("GTLB", "GitLab"), ("BTC", "Bitcoin"))


async def autocomplete(call: ApiCall) -> Response:
    call.only("q", "types", "limit", "pageSize")
    query = (call.query("q") or "").strip()
    if not query:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    types = [one.strip() for one in (call.query("types") or ",".join(_LISTS)).split(",")]
    if set(types) - set(_LISTS):
        raise ApiProblem(400, "invalid_params", f"types must be some of: {', '.join(_LISTS)}.")
    left = min(
        call.integer("limit", 20, 1, 100, "pageSize"), call.sandbox.credits.affordable(call.owner, ROW)
    )
    body: dict[str, Any] = {"query": query, "count": 0}
    for name in _LISTS:
        rows = _found(call, name, query.casefold(), alone=types == [name])[:left] if name in types else []
        body |= {name: rows, "count": body["count"] + len(rows)}
        left -= len(rows)
    call.sandbox.credits.charge(call.owner, body["count"] * ROW)
    return json_response(body)


def _found(call: ApiCall, name: str, query: str, *, alone: bool) -> list[dict[str, Any]]:
    """Of one type, best first. alone: nothing else is asked for, which adds the mark that is missing."""
    bare = query.lstrip("#$@")
    match name:
        case "users":
            people = [] if query.startswith("$") else call.sandbox.people.named_like(bare)
            return [
                {
                    "id": one.id,
                    "name": one.name,
                    "username": one.username,
                    "verified": one.verified,
                    "protected": one.protected,
                    "profilePicture": f"{call.sandbox.origin}/media/{one.face}.png",
                }
                for one in people
            ]
        case "topics":
            return [{"topic": one} for one in _TOPICS if not query.startswith(("#", "$")) and bare in one]
        case "hashtags":
            if not (alone or query.startswith("#")):
                return []
            return [{"hashtag": f"#{tag}"} for tag in _tags(call) if tag.casefold().startswith(bare)]
        case _:
            if not (alone or query.startswith("$")):
                return []
            return [
                {"ticker": ticker, "name": company}
                for ticker, company in _CASHTAGS
                if ticker.casefold().startswith(bare) or bare in company.casefold()
            ]


def _tags(call: ApiCall) -> list[str]:
    """Hashtags in posts, the commonest first."""
    counted = Counter(tag for post in call.sandbox.timeline for tag in _TAGGED.findall(post.text))
    return [tag for tag, _ in counted.most_common()]


async def search_places(call: ApiCall) -> Response:
    """Newer than the specification file: one credit a place that is returned."""
    call.only("q", "query", "limit", "pageSize")
    query = (call.query("q") or call.query("query") or "").strip()
    if not query:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    matching = places_like(query)
    most = call.integer("limit", max(1, len(matching)), 1, 1_000, "pageSize")
    shown = matching[: min(most, call.sandbox.credits.affordable(call.owner, ROW))]
    call.sandbox.credits.charge(call.owner, len(shown) * ROW)
    body: dict[str, Any] = {"places": shown, "count": len(shown), "total": len(matching)}
    if not matching:
        body["message"] = "No place matches. Send another name."
    return json_response(body)


OPERATIONS = (
    Operation("autocompleteSearch", "GET", "/x/search/autocomplete", autocomplete),
    Operation("searchPlaces", "GET", "/x/places/search", search_places),
)

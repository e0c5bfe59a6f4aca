"""Communities by topic, those that X suggests, and what is known of one beside its posts."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.communities import community_json, known_community
from bot.sandbox.api.rows import people_page, posts_asked, rows_asked
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP, ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.world import community_topics
from bot.sandbox.world.community_days import day_of
from bot.sandbox.world.snowflake import iso

_LARGEST = 100
_NAMED = 10


async def popular(call: ApiCall) -> Response:
    call.only("topic", "topicId", "cursor", "pageSize", "limit")
    topic = community_topics.named(call.query("topicId") or call.query("topic") or "")
    if topic is None:
        names = ", ".join(community_topics.names())
        raise ApiProblem(400, "invalid_community_topic", f"Use one of these topics: {names}.")
    communities = call.sandbox.communities
    found = [one for one in communities.find("") if community_topics.under(topic, one.id, one.topic[0])]
    return rows_asked(
        call, "communities", found, lambda one: community_json(call.sandbox, one), largest=_LARGEST
    )


async def suggested(call: ApiCall) -> Response:
    """The largest of those that the first connected account is not in."""
    call.only("limit", "pageSize")
    communities = call.sandbox.communities
    mine = {one.x_user_id for one in call.sandbox.accounts if one.owner == call.owner}
    found = [
        one for one in communities.find("") if not mine & {person.id for person in communities.members(one)}
    ]
    rows = [community_json(call.sandbox, one) for one in found[: _bounded(call, len(found))]]
    call.sandbox.credits.charge(call.owner, len(rows) * ROW)
    body: dict[str, Any] = {"communities": rows, "count": len(rows)}
    return json_response(body if rows else body | {"message": "Search communities by keyword instead."})


async def topics(call: ApiCall) -> Response:
    call.only("limit", "pageSize")
    rows = community_topics.listed()[: _bounded(call, len(community_topics.listed()))]
    call.sandbox.credits.charge(call.owner, len(rows) * ROW)
    return json_response({"topics": rows, "count": len(rows)})


def _bounded(call: ApiCall, there: int) -> int:
    """How many rows a request gets: as many as there are, as it asks for, and as it can pay."""
    wanted = call.integer("limit", _LARGEST, 1, _LARGEST, "pageSize")
    return min(there, wanted, call.sandbox.credits.affordable(call.owner, ROW))


async def analytics(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    found = known_community(call)
    day = day_of(found, call.sandbox.communities, call.sandbox.timeline)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response({"id": found.id, "metrics": day.metrics(), "periodEndsAt": iso(day.ended)})


async def media(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    posts = call.sandbox.communities.posts(known_community(call), lambda post: bool(post.media))
    return posts_asked(call, posts, largest=_LARGEST)


async def members_named(call: ApiCall) -> Response:
    """Who is in it of the ten accounts that are found by the words."""
    call.only("q")
    words = (call.query("q") or "").strip()
    if not words:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    inside = {one.id for one in call.sandbox.communities.members(known_community(call))}
    named = call.sandbox.people.named_like(words)[:_NAMED]
    return people_page(call, [one for one in named if one.id in inside], more=False, after=0)


OPERATIONS = (
    Operation("listPopularCommunities", "GET", "/x/communities/popular", popular),
    Operation("listSuggestedCommunities", "GET", "/x/communities/suggested", suggested),
    Operation("listCommunityTopics", "GET", "/x/communities/topics", topics),
    Operation("getCommunityAnalytics", "GET", "/x/communities/{id}/analytics", analytics),
    Operation("getCommunityMedia", "GET", "/x/communities/{id}/media", media),
    Operation("searchCommunityMembers", "GET", "/x/communities/{id}/members/search", members_named),
)

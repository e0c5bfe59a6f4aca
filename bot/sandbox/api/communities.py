"""Communities."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import people_asked, posts_asked, rows_asked
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.search import matcher
from bot.sandbox.shapes import user_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.communities import CommunityOfX
from bot.sandbox.world.snowflake import iso

_MOST_DIGITS = 20
_MOST_PEOPLE = 200
_LARGEST = 100


async def info(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    found = known_community(call)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response({"community": community_json(call.sandbox, found)})


async def members(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    people = call.sandbox.communities.members(known_community(call))
    return people_asked(call, people, least=1, largest=_MOST_PEOPLE)


async def moderators(call: ApiCall) -> Response:
    call.only("cursor")
    return people_asked(call, call.sandbox.communities.moderators(known_community(call)), least=1)


async def tweets(call: ApiCall) -> Response:
    call.only("queryType", "cursor", "pageSize", "limit")
    return _posts(call, call.sandbox.communities.posts(known_community(call)))


async def search(call: ApiCall) -> Response:
    """Of one community, or of all. An unknown one has no posts."""
    call.only("q", "communityId", "queryType", "cursor", "pageSize", "limit")
    query = _query(call)
    communities, wanted = call.sandbox.communities, call.query("communityId")
    found = communities.get(wanted) if wanted else None
    if wanted and found is None:
        return _posts(call, [])
    return _posts(call, communities.posts(found, matcher(query, call.sandbox)))


async def find(call: ApiCall) -> Response:
    call.only("q", "cursor", "pageSize", "limit")
    found = call.sandbox.communities.find(_query(call))
    return rows_asked(
        call, "communities", found, lambda one: community_json(call.sandbox, one), largest=_LARGEST
    )


def _posts(call: ApiCall, found: list[Post]) -> Response:
    if call.choice("queryType", ("Latest", "Top"), "Latest") == "Top":
        found.sort(key=lambda post: (-post.likes, -int(post.id)))
    return posts_asked(call, found, largest=_LARGEST)


def _query(call: ApiCall) -> str:
    query = (call.query("q") or "").strip()
    if not query:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    return query


def known_community(call: ApiCall) -> CommunityOfX:
    """The community, or 400 for an id that cannot be one, or 404."""
    community_id = call.path["id"]
    if not (community_id.isascii() and community_id.isdigit() and len(community_id) <= _MOST_DIGITS):
        raise ApiProblem(400, "invalid_community_id", "Community ID is empty or invalid")
    found = call.sandbox.communities.get(community_id)
    if found is None:
        raise ApiProblem(404, "not_found", "Community not found")
    return found


def community_json(sandbox: Sandbox, found: CommunityOfX) -> dict[str, Any]:
    """A ``Community``."""
    there = sandbox.communities
    moderators = there.moderators(found)
    topic_id, topic = found.topic
    creator = user_json(sandbox, moderators[0], sandbox.origin)
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "member_count": len(there.members(found)),
        "moderator_count": len(moderators),
        "created_at": iso(found.created_at),
        "join_policy": found.policy,
        "invites_policy": "MemberInvitesAllowed",
        "is_nsfw": found.sensitive,
        "creator": creator,
        "admin": creator,
        "primary_topic": {"id": topic_id, "name": topic},
        "rules": [
            {"id": f"{found.id}{number}", "name": name, "description": asks}
            for number, (name, asks) in enumerate(found.rules, 1)
        ],
    }


OPERATIONS = (
    Operation("getCommunityInfo", "GET", "/x/communities/{id}/info", info),
    Operation("getCommunityMembers", "GET", "/x/communities/{id}/members", members),
    Operation("getCommunityModerators", "GET", "/x/communities/{id}/moderators", moderators),
    Operation("getCommunityTweets", "GET", "/x/communities/{id}/tweets", tweets),
    Operation("searchCommunities", "GET", "/x/communities/search", search),
    Operation("getAllCommunityTweets", "GET", "/x/communities/tweets", search),
    Operation("findCommunities", "GET", "/x/communities/find", find),
)

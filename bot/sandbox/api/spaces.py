"""Spaces."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import rows_asked
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.search import matcher
from bot.sandbox.shapes import user_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso
from bot.sandbox.world.spaces import SpaceOfX

_LONGEST_ID = 25
_LARGEST = 100
_ORDERS = ("Latest", "Top", "Live", "Upcoming")
_STATES = {"Live": "Running", "Upcoming": "NotStarted"}


async def show(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    found = _known(call)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response({"space": _json(call.sandbox, found)})


async def replay(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    found = _known(call)
    if found.state == "Canceled":
        raise ApiProblem(404, "space_canceled", "The Space was cancelled.")
    if found.ended is None:
        raise ApiProblem(409, "space_not_ended", "The Space has not ended yet.")
    if not found.recorded:
        raise ApiProblem(404, "replay_unavailable", "X offers no recording of this Space.")
    call.sandbox.credits.charge(call.owner, LOOKUP)
    address = f"{call.sandbox.origin}/replays/{found.id}/playlist.m3u8"
    return json_response({"replay": {"url": address, "status": "ENDED", "streamType": "HLS"}})


async def search(call: ApiCall) -> Response:
    """By the words of titles, or of the posts that share them."""
    call.only("q", "queryType", "cursor", "pageSize", "limit")
    query = (call.query("q") or "").strip()
    if not query:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    sandbox, order = call.sandbox, call.choice("queryType", _ORDERS, "Latest") or "Latest"
    if order in _STATES:
        found = sandbox.spaces.titled(query, _STATES[order])
    else:
        posts = list(filter(matcher(query, sandbox), sandbox.timeline))
        if order == "Top":
            posts.sort(key=lambda post: (-post.likes, -int(post.id)))
        found = sandbox.spaces.shared(posts)
    return rows_asked(call, "spaces", found, lambda one: _json(sandbox, one), largest=_LARGEST)


def _known(call: ApiCall) -> SpaceOfX:
    """The Space, or 400 for an id that cannot be one, or 404."""
    space_id = call.path["id"]
    if not (space_id.isascii() and space_id.isalnum() and len(space_id) <= _LONGEST_ID):
        raise ApiProblem(400, "invalid_space_id", "Space ID is empty or invalid")
    found = call.sandbox.spaces.get(space_id)
    if found is None:
        raise ApiProblem(404, "not_found", "Space not found")
    return found


def _json(sandbox: Sandbox, found: SpaceOfX) -> dict[str, Any]:
    """A ``Space``."""
    spaces = sandbox.spaces
    host, audience = spaces.person(found.host), spaces.audience(found)
    speakers = [spaces.person(one) for one in found.speakers]
    body: dict[str, Any] = {
        "id": found.id,
        "title": found.title,
        "state": found.state,
        "contentType": "audio",
        "creator": user_json(sandbox, host, sandbox.origin),
        "admins": [_participant(sandbox, host)],
        "speakers": [_participant(sandbox, one) for one in speakers],
        "listeners": [_participant(sandbox, one) for one in spaces.listed(found)],
        "createdAt": iso(found.created_at),
        "isAvailableForReplay": found.recorded,
        "totalLiveListeners": len(audience),
        "totalReplayWatched": len(audience) // 4 if found.recorded else 0,
    }
    if found.state == "Running":
        body["participantCount"] = 1 + len(speakers) + len(audience)
    times = (("scheduledStart", found.scheduled), ("startedAt", found.started), ("endedAt", found.ended))
    return body | {name: iso(moment) for name, moment in times if moment is not None}


def _participant(sandbox: Sandbox, person: PersonOfX) -> dict[str, Any]:
    """An account on the stage, or in the audience."""
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "isVerified": person.verified,
        "profilePicture": f"{sandbox.origin}/media/{person.face}.png",
    }


OPERATIONS = (
    Operation("getSpace", "GET", "/x/spaces/{id}", show),
    Operation("getSpaceReplay", "GET", "/x/spaces/{id}/replay", replay),
    Operation("searchSpaces", "GET", "/x/spaces/search", search),
)

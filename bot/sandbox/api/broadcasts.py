"""Broadcasts, and who is live."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import known_person
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.shapes import user_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.broadcasts import BroadcastOfX
from bot.sandbox.world.snowflake import iso

_LONGEST_ID = 25


async def show(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    broadcast_id = call.path["id"]
    if not (broadcast_id.isascii() and broadcast_id.isalnum() and len(broadcast_id) <= _LONGEST_ID):
        raise ApiProblem(400, "invalid_broadcast_id", "Broadcast ID is empty or invalid")
    found = call.sandbox.broadcasts.get(broadcast_id)
    if found is None:
        raise ApiProblem(404, "broadcast_not_found", "Broadcast not found")
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response({"broadcast": _json(call.sandbox, found)})


async def live(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    person = known_person(call, call.path["id"])
    found = call.sandbox.broadcasts.latest(person)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response(
        {
            "userId": person.id,
            "userName": person.username,
            "live": found is not None and found.ended is None,
            "broadcast": None if found is None else _json(call.sandbox, found),
        }
    )


def _json(sandbox: Sandbox, found: BroadcastOfX) -> dict[str, Any]:
    """A ``Broadcast``."""
    watched = sandbox.broadcasts.audience(found)
    body: dict[str, Any] = {
        "id": found.id,
        "title": found.title,
        "state": found.state,
        "creator": user_json(sandbox, sandbox.broadcasts.host(found), sandbox.origin),
        "startedAt": iso(found.started),
        "totalWatched": watched,
        "totalWatching": watched // 3 if found.ended is None else 0,
        "isAvailableForReplay": found.recorded,
        "width": 1_280,
        "height": 720,
    }
    if found.ended is not None:
        body["endedAt"] = iso(found.ended)
    if found.post:
        body["tweetId"] = found.post
    return body


OPERATIONS = (
    Operation("getBroadcast", "GET", "/x/broadcasts/{id}", show),
    Operation("getUserLive", "GET", "/x/users/{id}/live", live),
)

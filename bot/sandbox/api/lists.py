"""Lists of accounts."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import known_person, people_asked, posts_asked, rows_asked
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.shapes import user_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.lists import ListOfX
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso

_MOST_DIGITS = 20
_LARGEST = 100


async def show(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    found = _known(call)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response({"list": _json(call.sandbox, found)})


async def members(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    return people_asked(call, call.sandbox.lists.members(_known(call)))


async def followers(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    return people_asked(call, call.sandbox.lists.followers(_known(call)))


async def tweets(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit", "includeReplies")
    replies = call.choice("includeReplies", ("true", "false"), "false") == "true"
    return posts_asked(call, call.sandbox.lists.posts(_known(call), replies=replies), largest=_LARGEST)


async def search(call: ApiCall) -> Response:
    call.only("q", "cursor", "pageSize", "limit")
    words = (call.query("q") or "").strip()
    if not words:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    found = call.sandbox.lists.search(words)
    return _listed(call, found)


async def of_user(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    return _listed(call, call.sandbox.lists.of(_public(call)))


async def memberships(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    return _listed(call, call.sandbox.lists.having(_public(call)))


def _listed(call: ApiCall, found: list[ListOfX]) -> Response:
    return rows_asked(call, "lists", found, lambda one: _json(call.sandbox, one), largest=_LARGEST)


def _public(call: ApiCall) -> PersonOfX:
    person = known_person(call, call.path["id"])
    if person.protected:
        raise ApiProblem(403, "x_account_protected", "This X account is protected.")
    return person


def _known(call: ApiCall) -> ListOfX:
    """The list, or 400 for an id that cannot be one, or 404."""
    list_id = call.path["id"]
    if not (list_id.isascii() and list_id.isdigit() and len(list_id) <= _MOST_DIGITS):
        raise ApiProblem(400, "invalid_list_id", "List ID is empty or invalid")
    found = call.sandbox.lists.get(list_id)
    if found is None:
        raise ApiProblem(404, "list_not_found", "List not found")
    return found


def _json(sandbox: Sandbox, found: ListOfX) -> dict[str, Any]:
    """An ``XList``."""
    people = len(sandbox.lists.members(found))
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "memberCount": people,
        "membersContext": f"{people} member{'' if people == 1 else 's'}",
        "subscriberCount": len(sandbox.lists.followers(found)),
        "createdAt": iso(found.created_at),
        "owner": user_json(sandbox, sandbox.lists.owner(found), sandbox.origin),
        "url": f"https://x.com/i/lists/{found.id}",
    }


OPERATIONS = (
    Operation("getList", "GET", "/x/lists/{id}", show),
    Operation("getListMembers", "GET", "/x/lists/{id}/members", members),
    Operation("getListFollowers", "GET", "/x/lists/{id}/followers", followers),
    Operation("getListTweets", "GET", "/x/lists/{id}/tweets", tweets),
    Operation("searchLists", "GET", "/x/lists/search", search),
    Operation("getUserLists", "GET", "/x/users/{id}/lists", of_user),
    Operation("getUserListMemberships", "GET", "/x/users/{id}/list-memberships", memberships),
)

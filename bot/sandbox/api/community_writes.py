"""The keyed writes on communities."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from bot.sandbox.api.communities import known_community
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import SMALL_WRITE
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import ConnectedAccount
from bot.sandbox.writing import Intent, body_of, invalid, write

_LONGEST_NAME = 100


async def create(call: ApiCall) -> Response:
    body = body_of(call, ["account", "name", "description"])
    name, description = body.get("name"), body.get("description", "")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise invalid("invalid_input", f"name must have 1 to {_LONGEST_NAME} characters.")
    if not isinstance(description, str):
        raise invalid("invalid_input", "description must be text.")
    payload = {field: value for field, value in body.items() if field != "account"}
    return await write(call, body.get("account"), Intent("create_community", payload, SMALL_WRITE))


async def delete(call: ApiCall) -> Response:
    body = body_of(call, ["account", "community_name"])
    name = body.get("community_name")
    if not isinstance(name, str) or not name:
        raise invalid("missing_community_name", "Send community_name, the name of the community.")

    def check(account: ConnectedAccount) -> None:
        found = known_community(call)
        if name != found.name:
            raise invalid("invalid_input", "community_name is not the name of this community.")
        if found.moderators[0] != account.x_user_id:
            raise ApiProblem(422, "x_rejected", "Only its creator can delete a community.")

    return await _write(call, body.get("account"), "delete_community", check, {"community_name": name})


def _on(action: str) -> Callable[[ApiCall], Awaitable[Response]]:
    """A handler for joining or leaving, which twice is the same as once."""

    async def handler(call: ApiCall) -> Response:
        body = body_of(call, ["account"])

        def check(_: ConnectedAccount) -> None:
            known_community(call)

        return await _write(call, body.get("account"), action, check, {})

    return handler


async def _write(
    call: ApiCall,
    account: object,
    action: str,
    check: Callable[[ConnectedAccount], None],
    payload: dict[str, str],
) -> Response:
    target = call.path["id"]
    told = {"community_id": target, **payload}
    intent = Intent(action, told, SMALL_WRITE, check, target_type="community", target_id=target)
    return await write(call, account, intent)


OPERATIONS = (
    Operation("createCommunity", "POST", "/x/communities", create, "writes"),
    Operation("deleteCommunity", "DELETE", "/x/communities/{id}", delete, "deletes"),
    Operation(
        "joinCommunity",
        "POST",
        "/x/communities/{id}/join",
        _on("join_community"),
        "writes",
    ),
    Operation(
        "leaveCommunity",
        "DELETE",
        "/x/communities/{id}/join",
        _on("leave_community"),
        "deletes",
    ),
)

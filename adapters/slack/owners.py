"""Who owns a workspace."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

_PAGE = 200
# Of a very large workspace not everybody is looked through: an owner is most often among the first.
_PAGES = 25


async def primary_owner(client: AsyncWebClient) -> str | None:
    """The id of the primary owner, else of an owner; None when none is found. Raises what the SDK raises."""
    other: str | None = None
    cursor: str | None = None
    for _ in range(_PAGES):
        answer = await client.users_list(limit=_PAGE, cursor=cursor)
        for user in answer["members"]:
            if user.get("deleted") or user.get("is_bot"):
                continue
            if user.get("is_primary_owner"):
                return str(user["id"])
            if user.get("is_owner") and other is None:
                other = str(user["id"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return other

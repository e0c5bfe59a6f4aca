"""What X shows to a connected account alone. Of the lists that name no account, the first one is read."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import known_person, posts_page, rows_asked
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import ConnectedAccount, MessageRecord
from bot.sandbox.world.inbox import NotificationOfX
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso, seconds_of
from bot.sandbox.writing import account_of

_PAGE = 20
_DONE = {
    "follow": "followed you",
    "like": "liked your tweet",
    "retweet": "reposted your tweet",
    "reply": "replied to you",
    "quote": "quoted your tweet",
    "mention": "mentioned you",
}


async def bookmarks(call: ApiCall) -> Response:
    call.only("cursor", "folderId")
    account, person = _own(call)
    found = call.sandbox.inbox.bookmarks(person)
    if folder := call.query("folderId"):
        _with_folders(account)
        known = next((one for one in call.sandbox.inbox.folders(person) if one.id == folder), None)
        if known is None:
            raise ApiProblem(404, "not_found", "No such bookmark folder.")
        found = [post for post in found if post.id in known.posts]
    return posts_page(call, found, _PAGE, offset_of(call.query("cursor")))


async def folders(call: ApiCall) -> Response:
    call.only("cursor")
    account, person = _own(call)
    _with_folders(account)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    rows = [{"id": one.id, "name": one.name} for one in call.sandbox.inbox.folders(person)]
    return json_response({"folders": rows, "has_next_page": False, "next_cursor": ""})


async def home_timeline(call: ApiCall) -> Response:
    call.only("cursor", "seenTweetIds")
    _account, person = _own(call)
    seen = {one.strip() for one in (call.query("seenTweetIds") or "").split(",")}
    found = [post for post in call.sandbox.inbox.home(person) if post.id not in seen]
    return posts_page(call, found, _PAGE, offset_of(call.query("cursor")))


async def notifications(call: ApiCall) -> Response:
    """A type that X does not know is that of all, as the API says."""
    call.only("cursor", "type")
    _account, person = _own(call)
    found = call.sandbox.inbox.notifications(person)
    match call.query("type"):
        case "Verified":
            found = [one for one in found if one.actor.verified]
        case "Mentions":
            found = [one for one in found if one.names]
        case _:
            pass
    return rows_asked(call, "notifications", found, lambda one: _notification_json(call, one))


async def dm_history(call: ApiCall) -> Response:
    call.only("cursor", "account")
    if not (call.query("account") or ""):
        raise ApiProblem(400, "account_required", "Say which connected account reads the conversation.")
    account = account_of(call, call.query("account"))
    if not call.path["userId"].isdecimal():
        raise ApiProblem(400, "invalid_user_id", "User ID is empty or invalid")
    other = call.sandbox.people.by_id(call.path["userId"])
    if other is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    person = known_person(call, account.x_user_id)
    found = call.sandbox.inbox.messages(person, other)
    return rows_asked(call, "messages", found, lambda one: _message_json(call, one))


def _own(call: ApiCall) -> tuple[ConnectedAccount, PersonOfX]:
    """The first connected account of the customer that X lets in; 424 without one."""
    for account in call.sandbox.accounts:
        person = call.sandbox.people.by_id(account.x_user_id)
        if account.owner == call.owner and account.health == "healthy" and person is not None:
            return account, person
    raise ApiProblem(424, "account_required", "Connect an X account first.")


def _with_folders(account: ConnectedAccount) -> None:
    if not account.premium:
        raise ApiProblem(424, "bookmark_folders_unavailable", "Bookmark folders need X Premium.")


def _notification_json(call: ApiCall, one: NotificationOfX) -> dict[str, Any]:
    message = f"{one.actor.name} {_DONE[one.kind]}"
    if one.names and (post := call.sandbox.timeline.get(one.post)) is not None:
        message = f"{message}: {post.text}"
    return {"id": one.id, "type": one.kind, "message": message, "timestamp": iso(one.at)}


def _message_json(call: ApiCall, one: MessageRecord) -> dict[str, Any]:
    body = {
        "id": one.id,
        "text": one.text,
        "senderId": one.sender_id,
        "receiverId": one.receiver_id,
        "createdAt": iso(seconds_of(one.id)),
    }
    return body | ({"mediaUrl": f"{call.sandbox.origin}/media/{one.media}.png"} if one.media else {})


OPERATIONS = (
    Operation("getBookmarks", "GET", "/x/bookmarks", bookmarks),
    Operation("getBookmarkFolders", "GET", "/x/bookmarks/folders", folders),
    Operation("getTimeline", "GET", "/x/timeline", home_timeline),
    Operation("getNotifications", "GET", "/x/notifications", notifications),
    Operation("getDmHistory", "GET", "/x/dm/{userId}/history", dm_history),
)

"""Direct messages that are sent and taken back."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import SMALL_WRITE
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import ConnectedAccount
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.writing import Intent, body_of, invalid, write

_LONGEST = 10_000


async def send_dm(call: ApiCall) -> Response:
    body = body_of(call, ["account", "text", "media_ids"])
    text, media = body.get("text"), body.get("media_ids")
    if not isinstance(text, str) or not text.strip():
        raise invalid("invalid_input", "text is required.")
    if media is not None and not (isinstance(media, list) and len(media) == 1 and isinstance(media[0], str)):
        raise invalid("invalid_input", "media_ids takes exactly 1 uploaded media ID.")
    receiver = _person(call)

    def check(account: ConnectedAccount) -> None:
        if receiver is None or receiver.id == account.x_user_id:
            raise ApiProblem(422, "x_target_not_found", "The user does not exist.")
        if len(text) > _LONGEST:
            raise ApiProblem(422, "x_content_too_long", f"A message has {_LONGEST} characters at most.")
        known = {upload.id for upload in call.sandbox.uploads if upload.owner == call.owner}
        if media and media[0] not in known:
            raise ApiProblem(422, "x_rejected", "The media is not there, or older than 24 hours.")

    target = receiver.id if receiver else call.path["userId"]
    payload = {"user_id": target, "text": text} | ({"media_ids": media} if media else {})
    intent = Intent("send_dm", payload, SMALL_WRITE, check, target_type="user", target_id=target, text=text)
    return await write(call, body.get("account"), intent)


async def delete_dm(call: ApiCall) -> Response:
    body_of(call, [])
    call.only("account")
    person, message = _person(call), call.path["messageId"]
    if not message.isdecimal():
        raise invalid("invalid_message_id", "Message ID is empty or invalid")

    def check(account: ConnectedAccount) -> None:
        own = call.sandbox.people.by_id(account.x_user_id)
        if person is None or own is None:
            raise ApiProblem(422, "x_target_not_found", "The user does not exist.")
        if message not in {one.id for one in call.sandbox.inbox.messages(own, person)}:
            raise ApiProblem(422, "x_target_not_found", "The message does not exist.")

    target = person.id if person else call.path["userId"]
    payload = {"user_id": target, "message_id": message}
    intent = Intent("delete_dm", payload, SMALL_WRITE, check, target_type="user", target_id=target)
    return await write(call, call.query("account"), intent)


def _person(call: ApiCall) -> PersonOfX | None:
    if not call.path["userId"].isdecimal():
        raise invalid("invalid_user_id", "User ID is empty or invalid")
    return call.sandbox.people.by_id(call.path["userId"])


OPERATIONS = (
    Operation("sendDm", "POST", "/x/dm/{userId}", send_dm, "writes"),
    Operation("deleteDm", "DELETE", "/x/dm/{userId}/messages/{messageId}", delete_dm, "deletes"),
)

"""What happens in private, as the control endpoints make it up: messages, and what somebody saves."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.sandbox.problems import ApiProblem
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX


class _Written(msgspec.Struct, rename={"sender": "from", "receiver": "to"}):
    sender: str
    receiver: str
    text: str
    media: str = ""


class _Saved(msgspec.Struct):
    username: str
    post: str
    saved: bool = True


def written_message(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    """A direct message that one account writes to another now."""
    written = _shaped(body, _Written)
    sender, receiver = _person(sandbox, written.sender), _person(sandbox, written.receiver)
    made = sandbox.inbox.write(sender, receiver, written.text, written.media, sandbox.now())
    return {"id": made.id}


def saved_post(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    """A post that an account saves, or saves no more."""
    saved = _shaped(body, _Saved)
    person, post = _person(sandbox, saved.username), sandbox.timeline.get(saved.post)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    sandbox.inbox.bookmark(person, post, on=saved.saved)
    return {"id": post.id, "saved": saved.saved}


def _shaped(body: dict[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise ApiProblem(400, "invalid_input", str(error)) from error


def _person(sandbox: Sandbox, name: str) -> PersonOfX:
    person = sandbox.people.find(name)
    if person is None:
        raise ApiProblem(404, "user_not_found", f"No account @{name}.")
    return person

"""What the server answers when a request is refused: Discord's own codes and bodies.

`breaks_a_rule` separates two kinds. A request that no correct bot would send (over a limit, late,
twice, malformed) is a violation and tests fail on it; one that meets the state a test arranged (a
deleted channel, a missing permission) is an ordinary refusal that a correct bot must live with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: `path` is where in the body ("components.0.label"), `detail` what is wrong."""

    path: str
    detail: str


class ApiError(Exception):
    """A refusal. `status` is the HTTP status, `code` Discord's JSON error code."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        problems: Sequence[Problem] = (),
        breaks_a_rule: bool = False,
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.breaks_a_rule = breaks_a_rule

    def detail(self) -> str:
        """One line for the log of violations."""
        parts = [f"{p.path}: {p.detail}" if p.path else p.detail for p in self.problems]
        return "; ".join(parts) or self.message

    def body(self) -> dict[str, Any]:
        """The JSON body: `{"code", "message", "errors"?}`; errors nest by path and end in `_errors`."""
        answer: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.problems:
            answer["errors"] = nested(self.problems)
        return answer


def nested(problems: Sequence[Problem]) -> dict[str, Any]:
    """Problems as Discord nests them: each path segment a key, the messages under `_errors`."""
    root: dict[str, Any] = {}
    for problem in problems:
        node = root
        for segment in filter(None, problem.path.split(".")):
            node = node.setdefault(segment, {})
        node.setdefault("_errors", []).append({"code": "INVALID", "message": problem.detail})
    return root


def invalid_form(*problems: Problem) -> ApiError:
    return ApiError(400, 50035, "Invalid Form Body", problems=problems, breaks_a_rule=True)


def empty_message() -> ApiError:
    return ApiError(400, 50006, "Cannot send an empty message", breaks_a_rule=True)


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def unknown_route() -> ApiError:
    return ApiError(404, 0, "404: Not Found", breaks_a_rule=True)


def method_not_allowed() -> ApiError:
    return ApiError(405, 0, "405: Method Not Allowed", breaks_a_rule=True)


def unknown_channel() -> ApiError:
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    return ApiError(404, 10004, "Unknown Guild")


def unknown_member() -> ApiError:
    return ApiError(404, 10007, "Unknown Member")


def unknown_message() -> ApiError:
    return ApiError(404, 10008, "Unknown Message")


def unknown_user() -> ApiError:
    return ApiError(404, 10013, "Unknown User")


def unknown_webhook() -> ApiError:
    return ApiError(404, 10015, "Unknown Webhook", breaks_a_rule=True)


def unknown_interaction() -> ApiError:
    return ApiError(404, 10062, "Unknown interaction", breaks_a_rule=True)


def unknown_command() -> ApiError:
    return ApiError(404, 10063, "Unknown application command")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large", breaks_a_rule=True)


def already_crossposted() -> ApiError:
    return ApiError(400, 40033, "This message has already been crossposted.")


def message_in_forum() -> ApiError:
    return ApiError(400, 40058, "Cannot send messages in a forum channel", breaks_a_rule=True)


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.", breaks_a_rule=True)


def tag_required() -> ApiError:
    return ApiError(400, 40067, "A tag is required to create a forum post in this channel")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def not_own_message() -> ApiError:
    return ApiError(403, 50005, "Cannot edit a message authored by another user", breaks_a_rule=True)


def dms_closed() -> ApiError:
    return ApiError(403, 50007, "Cannot send messages to this user")


def not_a_text_channel() -> ApiError:
    return ApiError(400, 50008, "Cannot send messages in a non-text channel", breaks_a_rule=True)


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def wrong_channel_type() -> ApiError:
    return ApiError(400, 50024, "Cannot execute action on this channel type", breaks_a_rule=True)


def invalid_webhook_token() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token", breaks_a_rule=True)


def thread_archived() -> ApiError:
    return ApiError(400, 50083, "Thread is archived")


def bad_json() -> ApiError:
    return ApiError(400, 50109, "The request body contains invalid JSON.", breaks_a_rule=True)


def thread_exists() -> ApiError:
    return ApiError(400, 160004, "A thread has already been created for this message")


def too_many_threads() -> ApiError:
    return ApiError(400, 160006, "Maximum number of active threads reached")

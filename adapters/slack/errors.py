"""What Slack's answers mean for a message: the one table from error codes to delivery results.

Source: docs.slack.dev/reference/methods/chat.postMessage (and .update, conversations.open), errors.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.sole_token import NotInstalled
from bot.core.chat.delivery_results import Busy, DeliveryResult, Gone, Refused, Unknown
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg

# Without a Retry-After: how long to wait at least.
FLOOR: Final = 1.0

_INVITE: Final = msg("Open the channel in Slack, type /invite and choose the bot; then try again.")
_REINSTALL: Final = msg("Install the app in this workspace; routes and settings are kept.")
_REMOVED: Final = msg("The app was removed from this Slack workspace, or its token was revoked.")
_SCOPE: Final = msg("The Slack app lacks a permission (scope) that this needs.")
_POLICY: Final = msg("The workspace's settings do not let the bot post in that channel.")

_NOTHING: Final = msg("There is nothing to do.")

_REASONS: Final[Mapping[str, tuple[Message, Message]]] = (
    {
        "not_in_channel": (msg("The bot is not in that channel."), _INVITE),
        "channel_not_found": (
            msg("That channel does not exist, or it is private and the bot is not in it."),
            msg("If it exists: open the channel in Slack, type /invite and choose the bot; then try again."),
        ),
        "is_archived": (msg("That channel is archived."), msg("Unarchive it, or choose another channel.")),
        "is_inactive": (msg("That channel is archived."), msg("Unarchive it, or choose another channel.")),
        "missing_scope": (_SCOPE, msg("Update the app from the current manifest and install it again.")),
        "message_not_found": (msg("The message was deleted."), _NOTHING),
        "cant_update_message": (
            msg("The message cannot be changed by the bot."),
            _NOTHING,
        ),
        "edit_window_closed": (msg("The message is too old to be changed."), _NOTHING),
        "user_not_found": (msg("That person is not in this workspace."), msg("Choose someone else.")),
        "user_disabled": (msg("That person's account is deactivated."), msg("Choose someone else.")),
        "cannot_dm_bot": (msg("Bots do not receive direct messages."), msg("Choose a person.")),
        "messages_tab_disabled": (
            msg("The app's direct messages are switched off."),
            msg("Switch the Messages tab of the app on (App Home in its settings)."),
        ),
    }
    | dict.fromkeys(
        (
            "account_inactive",
            "token_revoked",
            "token_expired",
            "invalid_auth",
            "not_authed",
            "team_access_not_granted",
            "org_login_required",
        ),
        (_REMOVED, _REINSTALL),
    )
    | dict.fromkeys(
        (
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "restricted_action_thread_locked",
            "posting_to_general_channel_denied",
            "no_permission",
            "access_denied",
            "ekm_access_denied",
            "two_factor_setup_required",
        ),
        (_POLICY, msg("Ask a workspace admin to allow the bot to post there, or choose another channel.")),
    )
)

_NOT_TAKEN: Final = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable"}
    | {"request_timeout", "team_added_to_org", "accesslimited"}
)
# "It is possible some aspect of the operation succeeded": so says the reference of both.
# The other two are about a `client_msg_id` that Slack has seen before.
_AMBIGUOUS: Final = frozenset(
    {"internal_error", "fatal_error", "duplicate_message_not_found", "duplicate_channel_not_found"}
)
# The message itself is at fault; plainer blocks may pass.
TOO_LONG: Final = frozenset({"msg_blocks_too_long", "msg_too_long"})
BLOCKS_AT_FAULT: Final = TOO_LONG | {"invalid_blocks", "invalid_blocks_format"}


# So Slack says it of a block that it does not know, or not there.
TYPE_AT_FAULT: Final = "unsupported type"  # no message: what Slack says
# Blocks that Slack cannot draw may end so: what is sent next goes without tables.
FAILED_INSIDE: Final = frozenset({"internal_error", "fatal_error"})


class CallRefused(Exception):
    """A refusal that the SDK does not turn into an error of its own. response: {"error": code}."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"ok": False, "error": code}


# What Slack, or the way to it, does; anything else is a mistake of ours.
TROUBLES: Final = (SlackApiError, CallRefused, NotInstalled, aiohttp.ClientError, OSError)


def note(log: logging.Logger, level: int, what: str, error: BaseException) -> None:
    """One line for what Slack did and what is known to fail; a mistake of ours with its traceback."""
    if isinstance(error, BotError):
        log.log(level, "%s: %s", what, error.detail)
    elif isinstance(error, TROUBLES):
        log.log(level, "%s: %s", what, code_of(error) or outcome(error))
    else:
        log.error("%s: %s", what, type(error).__name__, exc_info=error)


def code_of(error: BaseException) -> str:
    """Slack's error code, "" where there is none."""
    data = _data(error)
    code = data.get("error")
    return code if isinstance(code, str) else ""


def status_of(error: BaseException) -> int:
    """The HTTP status of a refused call, 0 where there was no answer."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status if isinstance(status, int) else 0


def retry_after(error: BaseException) -> float:
    """Seconds that Slack asks to wait, at least `FLOOR`."""
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, value in headers.items():
        if name.lower() == "retry-after" and str(value).isdigit():
            return max(FLOOR, float(value))
    return FLOOR


def outcome(error: BaseException) -> DeliveryResult:
    """What became of a message whose sending raised `error`."""
    match error:
        case NotInstalled():
            return Gone(msg("The app is not installed in this Slack workspace."), _REINSTALL)
        case SlackApiError() | CallRefused():
            return _answered(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Busy(FLOOR, msg("Slack cannot be reached ({kind})", kind=type(error).__name__))
        case _:
            return Unknown(msg("no answer from Slack ({kind})", kind=type(error).__name__))


def gone(code: str) -> Gone:
    """Why a channel cannot be posted to, in words; code: one of the table above."""
    return Gone(*_REASONS[code])


def _answered(error: SlackApiError | CallRefused) -> DeliveryResult:
    code, status = code_of(error), status_of(error)
    if status == 429 or code in _NOT_TAKEN or status == 503:
        return Busy(retry_after(error), code or f"HTTP {status}")
    if code in _REASONS:
        reason, remedy = _REASONS[code]
        needed = _data(error).get("needed")
        if isinstance(needed, str):
            reason = msg("{reason} ({scope})", reason=reason, scope=needed)
        return Gone(reason, remedy)
    if code in _AMBIGUOUS or not code:
        return Unknown(code or f"HTTP {status}")
    return Refused(": ".join([code, *told_of(error)][:4]))


def told_of(error: BaseException) -> list[str]:
    """What Slack says beside the code: a rule and where it was broken, a line each."""
    metadata = _data(error).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    return [str(message)[:200] for message in messages] if isinstance(messages, list) else []


def _data(error: BaseException) -> Mapping[str, Any]:
    response = getattr(error, "response", None)
    data = getattr(response, "data", response)
    return data if isinstance(data, Mapping) else {}

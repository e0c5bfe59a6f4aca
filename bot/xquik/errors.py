"""From an answer of Xquik to an error a person can act on.

Both error shapes are read: `{"error": "code", "message"?}` and
`{"error": {"type", "code", "message"}}`. Server messages are untrusted: cut to 300 characters,
stripped of control characters and of anything that looks like a key.

Four classes here say how far a request got, for callers that must never do a thing twice:

| class | what is known | what to do |
|---|---|---|
| `NotSent` | no connection: the server has seen nothing | the same request may be sent |
| `WriteDeferred` | a keyed write met a passing failure | repeat the identical request, same key |
| `XquikAnswerLost` | sent, but no readable answer came back | with a key: as above; without: look it up |
| `PaidAnswerLost` | the same of a read that costs credits | say that it may be charged; a person decides |
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import msgspec

from bot.core.errors import (
    AccountTrouble,
    BotError,
    Conflict,
    Expired,
    KeyRejected,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OutOfCredits,
    RateLimited,
    Rejected,
    UpstreamUnavailable,
    UsageError,
)
from bot.core.messages.message import Message, msg
from bot.xquik.advice import ADVICE, Advice
from bot.xquik.redaction import one_line

LONGEST_RETRY_AFTER: Final = 86_400.0
"""Seconds. A longer Retry-After is cut to this: nobody waits longer for a chat command."""


class WriteDeferred(UpstreamUnavailable):
    """A keyed write met a passing failure: repeat the identical request, with the same key, later."""


class NotSent(WriteDeferred):
    """The request never left: no connection to Xquik could be made. Nothing happened there."""


class FileTooLarge(Rejected):
    """A file that cannot be sent into a chat. What is too much of it was not read."""


class PaidAnswerLost(UpstreamUnavailable):
    """A read that costs credits was sent and no readable answer came: it may have been charged."""

    default_remedy = msg("`credits show` says what is left. Trying again reads it anew, for the same price.")


class XquikAnswerLost(OutcomeUnknown):
    """The request was sent and its answer never arrived, or could not be read.

    A keyed write recovers by repeating the identical request with the same key; anything else must
    be looked up (`GET /draws` …) before it is offered again.
    """


class ErrorFacts(msgspec.Struct, frozen=True):
    """What an answer said besides its code. `None` means that it said nothing about it.

    safe_to_retry: nothing was dispatched; a new attempt with a new key is safe.
    write_action_id: the durable record of a write, when one was made.
    terminal: that record is settled; nothing more will happen to it.
    charged: credits that were taken for it.
    """

    status: int
    safe_to_retry: bool | None = None
    write_action_id: str | None = None
    terminal: bool | None = None
    request_id: str | None = None
    charged: int | None = None


_FACTS: Final = "xquik_facts"
_Error = TypeVar("_Error", bound=BotError)


def facts_of(error: BaseException) -> ErrorFacts | None:
    """The facts of the answer that caused this error, or None when no answer caused it."""
    facts = getattr(error, _FACTS, None)
    return facts if isinstance(facts, ErrorFacts) else None


def with_facts(error: _Error, facts: ErrorFacts) -> _Error:
    """The same error, carrying what the answer said."""
    setattr(error, _FACTS, facts)
    return error


class Complaint(msgspec.Struct, frozen=True):
    """The error part of a body: its code (or None) and its message, cleaned (or "")."""

    code: str | None
    message: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Complaint:
        """Read either error shape; a body without any gives an empty complaint."""
        error = body.get("error")
        inner: Mapping[str, Any] = error if isinstance(error, Mapping) else body
        code = inner.get("code") if isinstance(error, Mapping) else error
        # Problem documents (RFC 9457) say `detail` and `title` in place of `message`.
        said = inner.get("message") or body.get("message") or body.get("detail") or body.get("title")
        message = one_line(said) if isinstance(said, str) else ""
        return cls(one_line(code, 64) if isinstance(code, str) and code else None, message)


def retry_after(body: Mapping[str, Any], headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `Retry-After` (seconds or a date), else `retryAfter`, else `retryAfterMs`."""
    header = headers.get("retry-after", "").strip()
    candidates = (
        _seconds(header),
        _until(header, headers.get("date", "")),
        _seconds(body.get("retryAfter")),
        _seconds(body.get("retryAfterMs"), scale=0.001),
    )
    return next((value for value in candidates if value is not None), None)


def error_from(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> BotError:
    """The error for an answer: by its code where that is known, else by its status.

    `headers` has lower-case names. The result carries `ErrorFacts`; see `facts_of`.
    """
    complaint = Complaint.of(body)
    wait = retry_after(body, headers)
    advice = ADVICE.get(complaint.code or "")
    if advice is None:
        error = _unknown(status, complaint, wait)
    else:
        remedy = Message(advice.remedy)
        error = _build(advice.error, _detail(advice, complaint, body), remedy, complaint.code, wait)
    return with_facts(error, _facts(status, body, headers))


def is_retryable(code: str | None) -> bool | None:
    """Whether the same request may succeed later; None for a code that is not known."""
    advice = ADVICE.get(code or "")
    return None if advice is None else advice.retryable


def _build(
    kind: type[BotError], detail: str, remedy: str | None, code: str | None, wait: float | None
) -> BotError:
    if issubclass(kind, UsageError):
        return kind(detail, remedy=remedy, code=code)
    return kind(detail, remedy=remedy, code=code, retry_after=wait)


def _detail(advice: Advice, complaint: Complaint, body: Mapping[str, Any]) -> str:
    """Our own sentence, and what only the answer knows: the field at fault, or what it would cost. Not the
    balance: outcomes stand in channels, and it is not for everyone there."""
    what = Message(advice.what)
    if advice.error is Rejected:
        said = _field_errors(body) or complaint.message
        if said and complaint.code == _UNEXPLAINED:
            return msg("X refused this. It says: “{words}”", words=said)
        return msg("{what} It says: “{words}”", what=what, words=said) if said else what
    required = body.get("required")
    if advice.error is OutOfCredits and isinstance(required, str):
        return msg("{what} Needed: {credits}.", what=what, credits=one_line(required))
    return what


_UNEXPLAINED: Final = "x_rejected"
"""Our own sentence for it says that no reason was given."""


def _field_errors(body: Mapping[str, Any]) -> str:
    rows = body.get("fieldErrors")
    if not isinstance(rows, list):
        return ""
    named = [f"{row.get('path')}: {row.get('message')}" for row in rows[:5] if isinstance(row, Mapping)]
    return one_line("; ".join(named))


_BY_STATUS: Final[Mapping[int, tuple[type[BotError], str]]] = {
    400: (Rejected, msg("Check the options you gave and try again.")),
    401: (KeyRejected, KeyRejected.default_remedy),
    402: (OutOfCredits, OutOfCredits.default_remedy),
    403: (NotPermitted, msg("Check in the Xquik dashboard what the account and its key may do.")),
    404: (NotFound, NotFound.default_remedy),
    408: (UpstreamUnavailable, msg("Try again in a minute.")),
    409: (Conflict, msg("There is nothing to do if it is as you want it; else change what you asked for.")),
    410: (Expired, msg("Start again with a new command.")),
    413: (Rejected, msg("Use a smaller file or a shorter text.")),
    415: (Rejected, msg("Use another kind of file.")),
    422: (Rejected, msg("Change what the message names and try again.")),
    423: (AccountTrouble, AccountTrouble.default_remedy),
    424: (UpstreamUnavailable, msg("X is not answering Xquik. Try again in a few minutes.")),
    429: (RateLimited, msg("Wait a minute and try again.")),
}


def _unknown(status: int, complaint: Complaint, wait: float | None) -> BotError:
    """An answer whose code is not in the table: judged by its status alone."""
    kind: type[BotError]
    remedy: str
    if status >= 500:
        kind, remedy = UpstreamUnavailable, UpstreamUnavailable.default_remedy
    elif 300 <= status < 400:
        kind = UpstreamUnavailable
        remedy = msg("Whoever runs this bot should check `xquik.base_url`: Xquik answered with a redirect.")
    else:
        kind, remedy = _BY_STATUS.get(status, (Rejected, msg("Change the request and try again.")))
    name = (
        msg("{code}, status {status}", code=complaint.code, status=str(status))
        if complaint.code
        else msg("status {status}", status=str(status))
    )
    detail = (
        msg("Xquik said: “{words}” ({name})", words=complaint.message, name=name)
        if complaint.message
        else msg("Xquik refused ({name}).", name=name)
    )
    return _build(kind, detail, remedy, complaint.code or f"http_{status}", wait)


def _facts(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> ErrorFacts:
    safe, action = body.get("safeToRetry"), body.get("writeActionId")
    terminal, request = body.get("terminal"), headers.get("x-request-id")
    charged = str(body.get("chargedCredits"))
    return ErrorFacts(
        status=status,
        safe_to_retry=safe if isinstance(safe, bool) else None,
        write_action_id=one_line(action, 128) if isinstance(action, str) else None,
        terminal=terminal if isinstance(terminal, bool) else None,
        request_id=one_line(request, 128) if request else None,
        charged=int(charged) if charged.isascii() and charged.isdigit() and len(charged) < 10 else None,
    )


def _seconds(value: object, *, scale: float = 1.0) -> float | None:
    """A number of seconds from 0 to a day, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value) * scale
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number) or number < 0:
        return None
    return min(number, LONGEST_RETRY_AFTER)


def _until(header: str, answered_at: str) -> float | None:
    """Seconds between two HTTP dates; measured against the server's own clock, not ours."""
    try:
        distance = parsedate_to_datetime(header) - parsedate_to_datetime(answered_at)
    except (ValueError, TypeError):
        return None
    return _seconds(max(0.0, distance.total_seconds()))

"""What a request came to: an answer, or nothing; and the error that it stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.errors import BotError, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.xquik.errors import (
    Complaint,
    NotSent,
    PaidAnswerLost,
    XquikAnswerLost,
    error_from,
    is_retryable,
    retry_after,
)
from bot.xquik.limits import Kind


class Answer(msgspec.Struct, frozen=True):
    """A successful answer. Header names are lower-case; `body` is empty for files and for 204."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    content: bytes = b""


class Lost(msgspec.Struct, frozen=True):
    """No usable answer. sent: at least a part of the request may have reached Xquik. reason: a message,
    or the name of the error. late: it did not come in time."""

    sent: bool
    reason: str
    late: bool = False


_REFUSED = frozenset({"search_unavailable", "account_required", "likes_unavailable"})


def may_be_charged(result: Answer | Lost, kind: Kind) -> bool:
    """Whether this try of a request that costs credits may have been charged: it succeeded, its answer was
    lost, or it failed after Xquik may have begun. What Xquik refused, in words of its own, was not."""
    if kind not in ("paid", "spend"):
        return False
    if isinstance(result, Lost):
        return result.sent
    if result.status < 300:
        return True
    code = Complaint.of(result.body).code
    if str(result.body.get("chargedCredits")) == "0" or result.body.get("safeToRetry") is True:
        return False
    if result.status == 424:
        # X was read, unless it is of the request itself.
        return code not in _REFUSED and is_retryable(code) is not False
    # Something was looked for and not found, or a gateway gave up.
    return result.status in (404, 408) or result.status >= 500


def finish(result: Answer | Lost, kind: Kind) -> Answer:
    """The answer of a success, or the error that the last try stands for."""
    if isinstance(result, Lost):
        raise _lost(result, kind)
    if 200 <= result.status < 300:
        return result
    if kind == "paid" and _open_ended(result):
        raise PaidAnswerLost(
            msg(
                "Xquik's gateway answered {status}; it may have been charged.",
                status=str(result.status),
            ),
            code=f"http_{result.status}",
            retry_after=retry_after(result.body, result.headers),
        )
    if kind != "read" and _open_ended(result):
        raise XquikAnswerLost(
            msg(
                "Xquik's gateway answered {status}; the request may have gone through.",
                status=str(result.status),
            ),
            code=f"http_{result.status}",
            retry_after=retry_after(result.body, result.headers),
        )
    raise error_from(result.status, result.body, result.headers)


def not_reached(host: str, why: str) -> UpstreamUnavailable:
    """No answer comes at all, for whoever starts the bot. why: in the words of the network."""
    return UpstreamUnavailable(
        msg("{host} cannot be reached: {why}", host=host, why=why),
        remedy=msg(
            "Check xquik.base_url and whether this machine reaches that address (DNS, firewall, proxy). "
            "`run` starts anyway and keeps trying."
        ),
        code="not_reached",
    )


def is_our_limit(answer: Answer) -> bool:
    """A 429 about the Xquik account as a whole, and not about one X account that X is slowing down."""
    code = Complaint.of(answer.body).code
    return answer.status == 429 and code in {None, "rate_limit_exceeded", "rate_limited"}


def _open_ended(answer: Answer) -> bool:
    """A failure that Xquik itself did not word: a gateway gave up on a request it had passed on."""
    return (answer.status == 408 or answer.status >= 500) and is_retryable(
        Complaint.of(answer.body).code
    ) is None


def _lost(result: Lost, kind: Kind) -> BotError:
    if not result.sent:
        return NotSent(
            msg("No connection to Xquik could be made ({why}). Nothing was sent.", why=result.reason),
            code="not_sent",
        )
    if kind == "read":
        return UpstreamUnavailable(
            msg("Xquik did not give a usable answer ({why}).", why=result.reason), code="no_answer"
        )
    if kind == "paid":
        late = msg("Xquik did not answer in time; it may have been charged.")
        unread = msg("Xquik's answer could not be read ({why}); it may have been charged.", why=result.reason)
        return PaidAnswerLost(late if result.late else unread, code="paid_answer_lost")
    return XquikAnswerLost(
        msg("The request was sent to Xquik, but its answer was lost ({why}).", why=result.reason),
        code="answer_lost",
    )

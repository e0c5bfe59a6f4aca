"""What Xquik's answer to a write with an idempotency key means for what it was asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from bot.core.errors import BotError, OutcomeUnknown, StorageUnavailable, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.proposals.acting import OPTION
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    Settled,
    checked_first,
    never_sent,
)
from bot.proposals.kinds import ProposalKind
from bot.xquik.advice import ADVICE
from bot.xquik.errors import WriteDeferred, XquikAnswerLost, facts_of
from bot.xquik.models import WriteAction
from bot.xquik.writes import failure

_NO_PAYLOAD: Final[Mapping[str, Any]] = {}


def of_action(action: WriteAction, id: str) -> AttemptResult:
    """What the vendor's record of a write means for the proposal. id: of the record."""
    noted: dict[str, Any] = {"charged": action.charged_credits, "write_action": id or None}
    if action.succeeded:
        # As which account, as it is called now.
        named = {OPTION: action.account} if action.account else {}
        ids = {
            "community_id": action.community_id,
            "message_id": action.message_id,
            "media_id": action.media_id,
            "media_url": action.media_url,
        }
        made = {name: value for name, value in ids.items() if value}
        return AttemptDone({**noted, "tweet_id": action.tweet_id, **made, **named})
    if not action.terminal:
        return Accepted(id, action.poll_after)
    problem = _reported(failure(action), again=action.safe_to_retry)
    # A record whose time ran out may have been sent, unless it says that it was not.
    expired = action.status == "expired" and not action.safe_to_retry
    if action.outcome_unknown or expired:
        return AttemptUnknown(problem, noted)
    return AttemptFailed(problem, noted)


# Of these the next attempt may hear otherwise; our own database, asked for the key, is one.
_PASSING: Final = (XquikAnswerLost, WriteDeferred, StorageUnavailable)


# Answers to a request that was not taken on: Xquik makes a record of what it does.
_REFUSALS: Final = frozenset({400, 401, 402, 403, 404, 410, 413, 415, 422})


def of_error(error: BotError, *, again: bool) -> AttemptResult:
    """What an error of a keyed write means. again: an earlier request may have got through."""
    problem = AttemptProblem.of(error)
    if isinstance(error, _PASSING) or (again and checked_first(error)):
        # A refusal at the door says nothing about the request that went through it before.
        return NoAnswer(problem, again or not never_sent(error), error.retry_after)
    facts = facts_of(error)
    noted: dict[str, Any] = {}
    if facts is not None:
        known = {"write_action": facts.write_action_id, "charged": facts.charged}
        noted = {name: value for name, value in known.items() if value is not None}
        if not noted and not again and facts.status in _REFUSALS and not isinstance(error, OutcomeUnknown):
            # Refused without a record of it: nothing was sent to X, as of an account that is gone.
            noted["charged"] = 0
    if isinstance(error, OutcomeUnknown):
        return AttemptUnknown(problem, noted)
    return AttemptFailed(_reported(error, again=never_sent(error)), noted)


def advised(kind: ProposalKind, settled: Settled, payload: Mapping[str, Any] = _NO_PAYLOAD) -> Settled:
    """An outcome with the next step that its kind knows better, where it has only the usual one. payload:
    what was sent."""
    if isinstance(settled, AttemptDone):
        return settled
    problem = settled.problem
    usual, remedy = ADVICE.get(problem.code or ""), kind.remedies.get(problem.code or "")
    if usual is None or remedy is None or problem.remedy != usual.remedy:
        return settled
    better = remedy if isinstance(remedy, str) else remedy(payload)
    return replace(settled, problem=replace(problem, remedy=better))


def _reported(error: BotError, *, again: bool) -> AttemptProblem:
    """A failure that Xquik answered with. again: nothing was sent, so a new attempt may be offered."""
    problem = AttemptProblem.of(error).offering(again)
    if not isinstance(error, UpstreamUnavailable):
        return problem
    # As an error this class says that no proper answer came. Here one came, and it is final.
    remedy = _AGAIN if again else _LOOK_FIRST
    return replace(problem, title=_REPORTED, remedy=remedy)


_REPORTED: Final = msg("Xquik reports that it failed")
_AGAIN: Final = msg("Press Try again in a minute; it has to be confirmed once more.")
_LOOK_FIRST: Final = msg(
    "Run the command again if you still want it. If it fails again, write to Xquik support."
)

"""Performing a kind of proposal: what the executor asks of it, and the writes with an idempotency key.

A performer turns one step into an outcome and never raises for what the vendor can answer. When a
step is repeated is the executor's business; what a repetition may do is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from bot.core.errors import BotError, NotFound, OutcomeUnknown, StorageUnavailable, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.proposals.acting import OPTION, request_of
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    checked_first,
    never_sent,
)
from bot.proposals.kinds import ProposalKinds
from bot.proposals.ports import XquikClients
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.errors import WriteDeferred, XquikAnswerLost, facts_of
from bot.xquik.models import WriteAction
from bot.xquik.write_kinds import WriteName
from bot.xquik.writes import failure


class Performer(Protocol):
    """Performs the proposals of some kinds."""

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Do it. again: an earlier attempt may have got through, or was cut short."""

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Look how something accepted stands now; `proposal.write_action` names it."""


class KeyedPerformer:
    """A write on X with an idempotency key: repeating the identical request is always right, since
    the vendor answers the same key with the same one action."""

    def __init__(self, clients: XquikClients, write: WriteName) -> None:
        self._clients = clients
        self._write = write

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Send it with the stored key."""
        try:
            writes = await self._clients.writes(proposal.tenant)
            request = request_of(proposal.payload)
            action = await writes.perform(self._write, request, proposal.idempotency_key)
        except BotError as error:
            return _of_error(error, again=again)
        return of_action(action, action.id)

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Ask for the record of the action. No error here says that the write failed."""
        known = proposal.write_action or ""
        try:
            action = await (await self._clients.client(proposal.tenant)).write_actions.show(known)
        except NotFound as error:
            remedy = msg("Check the account on X. Do it again only if it did not happen.")
            return AttemptUnknown(AttemptProblem(error.title, error.detail, remedy, error.code))
        except BotError as error:
            return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
        return of_action(action, known)


def performers(
    kinds: ProposalKinds, clients: XquikClients, own: Mapping[str, Performer]
) -> Mapping[str, Performer]:
    """Who carries out each kind. own: by name, for the kinds that are no keyed write; ValueError where one of
    those is missing, and where one is given for another."""
    alone = {kind.name for kind in kinds if kind.write is None}
    if alone != set(own):
        raise ValueError(f"kinds with a performer of their own are {sorted(alone)}, not {sorted(own)}")
    keyed = {kind.name: KeyedPerformer(clients, kind.write) for kind in kinds if kind.write is not None}
    return {**keyed, **own}


def of_action(action: WriteAction, id: str) -> AttemptResult:
    """What the vendor's record of a write means for the proposal. id: of the record."""
    noted: dict[str, Any] = {"charged": action.charged_credits, "write_action": id or None}
    if action.succeeded:
        # As which account, as it is called now.
        named = {OPTION: action.account} if action.account else {}
        made = {"community_id": action.community_id} if action.community_id else {}
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


def _of_error(error: BotError, *, again: bool) -> AttemptResult:
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
    if isinstance(error, OutcomeUnknown):
        return AttemptUnknown(problem, noted)
    return AttemptFailed(_reported(error, again=never_sent(error)), noted)


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

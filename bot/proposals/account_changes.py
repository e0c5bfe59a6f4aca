"""Changes of the account at Xquik, which are no write on X and cost nothing: tickets, connected accounts.

A ticket and a reply go out under the key that was stored first, so that the identical request is the same
one. A state and a disconnection are asked for again as they are: twice is once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from bot.core.chat.cards import Card, Line, Text
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import BotError, NotFound, OutcomeUnknown, StorageUnavailable, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.proposals.attempts import (
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
    checked_first,
    never_sent,
)
from bot.proposals.kinds import ProposalKind
from bot.proposals.ports import XquikClients
from bot.proposals.previews import done_card
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.account_changes import AccountChanges
from bot.xquik.errors import NotSent

REPEATED_FOR: Final = 3_600.0
"""Seconds from the click for which a request is repeated: Xquik does not say for how long it knows a key."""
_IN_PROGRESS: Final = "idempotency_in_progress"
_LOOK_AGAIN: Final = 10.0

Change: TypeAlias = Callable[[AccountChanges, StoredProposal], Awaitable[Mapping[str, str]]]
"""Makes a change; what is stored of it beside the payload."""
Afterwards: TypeAlias = Callable[[TenantId], Awaitable[None]]
"""Done once it is certain that a change was made, in the place of a tenant. Raises nothing."""


async def nothing_more(_tenant: TenantId) -> None:
    """There is nothing to do."""


class ChangePerformer:
    """Performs one kind. then: what to do next, said in its outcome. gone: whether NotFound, once an
    earlier request may have got through, says that it is done. afterwards: done when it was made.
    clock: epoch seconds."""

    def __init__(
        self,
        clients: XquikClients,
        kind: ProposalKind,
        change: Change,
        then: Line,
        clock: Clock,
        *,
        gone: bool = False,
        afterwards: Afterwards = nothing_more,
    ) -> None:
        self._clients = clients
        self._kind = kind
        self._change = change
        self._then = then
        self._clock = clock
        self._gone = gone
        self._afterwards = afterwards

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Ask for it, under its key where it has one."""
        if again and self._clock() - (proposal.claimed_at or proposal.created_at) > REPEATED_FOR:
            return AttemptUnknown(_NOT_CONFIRMED)
        try:
            changes = await self._clients.account_changes(proposal.tenant)
            made = await self._change(changes, proposal)
        except NotFound as error:
            if not (again and self._gone):
                return AttemptFailed(AttemptProblem.of(error), {"charged": 0})
            made = {}
        except BotError as error:
            return of_error(error, again=again)
        await self._afterwards(proposal.tenant)
        return AttemptDone({**made, "charged": 0}, self._card(proposal, made))

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """The same."""
        return await self.perform(proposal, again=True)

    def _card(self, proposal: StoredProposal, made: Mapping[str, str]) -> Card:
        asked = proposal.requester_name
        card = done_card(
            self._kind,
            {**proposal.payload, **made},
            requester=asked,
            by=proposal.decided_by_name or asked,
            made=None,
            charged=None,
        )
        return replace(card, blocks=(*card.blocks[:-1], Text(self._then), card.blocks[-1]))


async def open_ticket(changes: AccountChanges, proposal: StoredProposal) -> Mapping[str, str]:
    """The payload: subject, body."""
    asked = proposal.payload
    ticket = await changes.open_ticket(str(asked["subject"]), str(asked["body"]), proposal.idempotency_key)
    return {"ticket": ticket}


async def reply(changes: AccountChanges, proposal: StoredProposal) -> Mapping[str, str]:
    """The payload: ticket, its public id; subject, for people; body."""
    ticket = str(proposal.payload["ticket"])
    await changes.reply(ticket, str(proposal.payload["body"]), proposal.idempotency_key)
    return {"ticket": ticket}


async def close_ticket(changes: AccountChanges, proposal: StoredProposal) -> Mapping[str, str]:
    """The payload: ticket, its public id; subject, for people."""
    ticket = str(proposal.payload["ticket"])
    await changes.close(ticket)
    return {"ticket": ticket}


async def disconnect(changes: AccountChanges, proposal: StoredProposal) -> Mapping[str, str]:
    """The payload: account, for people; account_id, Xquik's own id."""
    await changes.disconnect(str(proposal.payload["account_id"]))
    return {}


def of_error(error: BotError, *, again: bool) -> AttemptResult:
    """What an error of a change means. again: an earlier request may have got through."""
    if isinstance(error, NotSent | StorageUnavailable):
        return NoAnswer(AttemptProblem.of(error), maybe_sent=again, after=error.retry_after)
    if error.code == _IN_PROGRESS:
        return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after or _LOOK_AGAIN)
    if again and checked_first(error):
        return NoAnswer(AttemptProblem.of(error), maybe_sent=True, after=error.retry_after)
    problem = AttemptProblem.of(error).offering(never_sent(error))
    if isinstance(error, OutcomeUnknown | UpstreamUnavailable) and not problem.again:
        return NoAnswer(problem, maybe_sent=True, after=error.retry_after)
    return AttemptFailed(problem, {"charged": 0})


_NOT_CONFIRMED: Final = AttemptProblem(
    msg("It is not known whether this was done"),
    msg("The connection was lost when it was asked for, and Xquik gave no answer for an hour."),
    msg("Look how it stands before you ask for it again."),
)

"""The card that says how a stored proposal stands, for every state it can be in. Pure."""

from __future__ import annotations

from bot.core import card_json
from bot.core.actions import ActionRef
from bot.core.cards import Card
from bot.core.proposals import ProposalState
from bot.pending.proposals import RETRY, card_of
from bot.presenters import proposals as present
from bot.storage.proposal_rows import StoredProposal


def standing(stored: StoredProposal) -> Card:
    """The card for people who look at it now."""
    by = stored.decided_by_name or stored.requester_name
    match stored.state:
        case ProposalState.OPEN:
            return card_of(stored)
        case ProposalState.CLAIMED | ProposalState.DISPATCHING | ProposalState.POLLING:
            return present.running_card(stored.kind, stored.payload, stored.preview, by)
        case ProposalState.CANCELLED:
            return present.cancelled_card(stored.kind, stored.preview, by)
        case ProposalState.EXPIRED:
            return present.expired_card(stored.preview, stored.expires_at)
        case ProposalState.DONE | ProposalState.FAILED | ProposalState.UNKNOWN:
            return _outcome(stored, by)


def _outcome(stored: StoredProposal, by: str) -> Card:
    result = stored.result or {}
    retry = ActionRef(RETRY, stored.id) if result.get("again") else None
    if stored.state is ProposalState.DONE:
        if "card" in result:
            return card_json.decode(result["card"])
        return present.done_card(
            stored.kind,
            stored.payload,
            by=by,
            tweet_id=result.get("tweet_id"),
            charged=result.get("charged"),
        )
    if stored.state is ProposalState.FAILED:
        return present.failed_card(
            stored.kind,
            stored.payload,
            title=result["title"],
            detail=result["detail"],
            remedy=result["remedy"],
            retry=retry,
        )
    return present.unknown_card(
        stored.kind, stored.payload, detail=result["detail"], remedy=result["remedy"], retry=retry
    )

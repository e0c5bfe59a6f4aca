"""The card that says how a stored proposal stands, for every state it can be in. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat import card_json
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.proposal_states import ProposalState
from bot.proposals import previews as present
from bot.proposals.acting import OPTION
from bot.proposals.opening import ANSWER, RETRY, TAKE_BACK, card_of
from bot.storage.writes.proposal_rows import DELETED, StoredProposal


def standing(stored: StoredProposal) -> Card:
    """The card for people who look at it now."""
    asked = stored.requester_name
    by = stored.decided_by_name or asked
    match stored.state:
        case ProposalState.OPEN:
            return card_of(stored)
        case ProposalState.CLAIMED | ProposalState.DISPATCHING | ProposalState.POLLING:
            return present.running_card(stored.kind, stored.payload, stored.preview, requester=asked, by=by)
        case ProposalState.CANCELLED:
            return present.cancelled_card(stored.kind, stored.preview, requester=asked, by=by)
        case ProposalState.EXPIRED:
            return present.expired_card(stored.kind, stored.preview, requester=asked, at=stored.expires_at)
        case ProposalState.DONE | ProposalState.FAILED | ProposalState.UNKNOWN:
            return _with_editors(_outcome(stored, asked, by), stored.preview)


def quiet(stored: StoredProposal, *, tried: int, next_at: float) -> Card:
    """The card while Xquik does not answer. tried: requests in vain; next_at: epoch seconds."""
    return present.quiet_card(
        standing(stored),
        stored.kind,
        stored.payload,
        tried=tried,
        next_at=next_at,
        accepted=stored.state is ProposalState.POLLING,
    )


def _with_editors(card: Card, preview: Card) -> Card:
    """An outcome with who edited what was confirmed, before who confirmed it."""
    told = present.editors(present.edited_by(preview))
    return replace(card, blocks=(*card.blocks[:-1], *told, *card.blocks[-1:])) if told else card


def _outcome(stored: StoredProposal, asked: str, by: str) -> Card:
    result = stored.result or {}
    retry = ActionRef(RETRY, stored.id) if result.get("again") else None
    target = present.target_of(stored.preview)
    if stored.state is ProposalState.DONE:
        if "card" in result:
            return card_json.decode(result["card"])
        return present.done_card(
            stored.kind,
            {**stored.payload, OPTION: result[OPTION]} if result.get(OPTION) else stored.payload,
            requester=asked,
            by=by,
            tweet_id=result.get("tweet_id"),
            charged=result.get("charged"),
            target=target,
            reply=ActionRef(ANSWER, stored.id),
            delete=ActionRef(TAKE_BACK, stored.id),
            deleted=bool(result.get(DELETED)),
        )
    if stored.state is ProposalState.FAILED:
        return present.failed_card(
            stored.kind,
            stored.payload,
            title=result["title"],
            detail=result["detail"],
            remedy=result["remedy"],
            requester=asked,
            by=by,
            retry=retry,
            charged=result.get("charged"),
            target=target,
        )
    return present.unknown_card(
        stored.kind,
        stored.payload,
        detail=result["detail"],
        remedy=result["remedy"],
        requester=asked,
        by=by,
        retry=retry,
        target=target,
    )

"""The card that says how a stored proposal stands, for every state it can be in. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.chat import card_json
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card, Picker, Priority, Text, Tone
from bot.core.messages.message import msg
from bot.core.proposal_states import ProposalState
from bot.proposals import previews as present
from bot.proposals.acting import OPTION
from bot.proposals.attempts import said_in
from bot.proposals.kinds import ProposalKind, ProposalKinds
from bot.proposals.long_work import stopping_card
from bot.proposals.standing import standing
from bot.storage.writes.proposal_rows import DELETED, WITHDRAWN, StoredProposal, without_own

CONFIRM: Final = "pending.confirm"
# The second confirmation, of a draw that will not inspect every entry.
PARTLY: Final = "pending.partly"
EDIT: Final = "pending.edit"
CANCEL: Final = "pending.cancel"
RETRY: Final = "pending.retry"
ACCOUNT: Final = "pending.account"
OFFER: Final = "pending.offer"
STOP: Final = "pending.stop"
# Of what was posted; carried out by bot.features.tweet.posted.
ANSWER: Final = "posted.reply"
TAKE_BACK: Final = "posted.delete"


GONE: Final = msg(
    "Who asked for this had their data deleted here: it cannot be confirmed any more, and its text is erased."
)
"""What became of a preview whose requester had their data deleted."""
_ANEW: Final = msg("Run the command again if you still want it: what was written is erased.")


class ProposalCards:
    """The cards of stored proposals. KeyError for one of a kind that this version does not know."""

    def __init__(self, kinds: ProposalKinds) -> None:
        self._kinds = kinds

    def standing(self, stored: StoredProposal) -> Card:
        """The card for people who look at it now."""
        asked = stored.requester_name
        by = stored.decided_by_name or asked
        kind = self._kinds[stored.kind]
        match stored.state:
            case ProposalState.OPEN:
                return _open(kind, stored)
            case ProposalState.CLAIMED | ProposalState.DISPATCHING | ProposalState.POLLING:
                if stored.stopped_by:
                    return stopping_card(kind, stored.payload, stored.stopped_by)
                stop = ActionRef(STOP, stored.id) if kind.stops else None
                preview = without_own(stored.preview) if kind.sealed else stored.preview
                return present.running_card(kind, stored.payload, preview, requester=asked, by=by, stop=stop)
            case ProposalState.CANCELLED if (stored.result or {}).get(WITHDRAWN):
                return withdrawn_card(kind)
            case ProposalState.CANCELLED:
                return present.cancelled_card(kind, stored.preview, requester=asked, by=by)
            case ProposalState.EXPIRED:
                return present.expired_card(kind, stored.preview, requester=asked, at=stored.expires_at)
            case ProposalState.DONE | ProposalState.FAILED | ProposalState.UNKNOWN:
                return _with_said(_outcome(kind, stored, asked, by), stored.preview)

    def private(self, stored: StoredProposal) -> bool:
        """Whether one person alone sees it."""
        return self._kinds[stored.kind].private

    def quiet(self, stored: StoredProposal, *, tried: int, next_at: float) -> Card:
        """The card while Xquik does not answer. tried: requests in vain; next_at: epoch seconds."""
        return present.quiet_card(
            self.standing(stored),
            self._kinds[stored.kind],
            stored.payload,
            tried=tried,
            next_at=next_at,
            accepted=stored.state is ProposalState.POLLING,
        )


def withdrawn_card(kind: ProposalKind) -> Card:
    """In place of a preview whose requester had their data deleted: neither its text nor a name."""
    said = Text((GONE, " ", kind.words({}).nothing), priority=Priority.ESSENTIAL)
    return Card(msg("Withdrawn"), (said,), Tone.NEUTRAL)


def _open(kind: ProposalKind, stored: StoredProposal) -> Card:
    """The preview, ready to be decided."""
    return present.open_card(
        kind,
        stored.preview,
        requester=stored.requester_name,
        credits=stored.credits,
        expires_at=stored.expires_at,
        confirm=ActionRef(CONFIRM, stored.id),
        cancel=ActionRef(CANCEL, stored.id),
        edit=ActionRef(EDIT, stored.id) if kind.edit is not None else None,
        picker=_picker(stored),
        offer=_offer(stored),
    )


def _offer(stored: StoredProposal) -> Button | None:
    """What puts the alternative in its place, where there is one."""
    if stored.alternative is None:
        return None
    return Button(stored.alternative.label, ActionRef(OFFER, stored.id))


def _picker(stored: StoredProposal) -> Picker | None:
    """The choice of the account, where there is one."""
    if len(stored.accounts) < 2:
        return None
    action = ActionRef(ACCOUNT, stored.id)
    return Picker(action, msg("Act as"), stored.accounts, str(stored.payload.get("account", "")))


def _with_said(card: Card, preview: Card) -> Card:
    """An outcome with who edited what was confirmed, and what looking it up was charged, before who confirmed
    it."""
    told = (*present.editors(present.edited_by(preview)), *present.looked_up(preview))
    return replace(card, blocks=(*card.blocks[:-1], *told, *card.blocks[-1:])) if told else card


def _outcome(kind: ProposalKind, stored: StoredProposal, asked: str, by: str) -> Card:
    result = stored.result or {}
    retry = ActionRef(RETRY, stored.id) if result.get("again") and not kind.sealed else None
    write = str(result.get("write_action") or "") if kind.write is not None else ""
    target = present.target_of(stored.preview)
    reply, delete = ActionRef(ANSWER, stored.id), ActionRef(TAKE_BACK, stored.id)
    stands = standing(result, reply=reply, delete=delete)
    if stored.state is ProposalState.DONE:
        if "card" in result:
            return card_json.decode(result["card"])
        return present.done_card(
            kind,
            {**stored.payload, OPTION: result[OPTION]} if result.get(OPTION) else stored.payload,
            requester=asked,
            by=by,
            made=result.get("tweet_id") or result.get("community_id") or result.get("media_url"),
            media_id=result.get("media_id"),
            charged=result.get("charged"),
            target=target,
            reply=reply,
            delete=delete,
            deleted=bool(result.get(DELETED)),
            write=write,
            stands=stands,
        )
    if stored.state is ProposalState.FAILED:
        return present.failed_card(
            kind,
            stored.payload,
            title=said_in(result, "title"),
            detail=said_in(result, "detail"),
            remedy=_ANEW if kind.sealed and result.get("again") else said_in(result, "remedy"),
            requester=asked,
            by=by,
            retry=retry,
            charged=result.get("charged"),
            charge_said=bool(result.get("charge_said")),
            target=target,
            write=write,
            stands=stands,
        )
    return present.unknown_card(
        kind,
        stored.payload,
        detail=said_in(result, "detail"),
        remedy=said_in(result, "remedy"),
        requester=asked,
        by=by,
        retry=retry,
        charged=result.get("charged"),
        target=target,
        write=write,
        stands=stands,
    )

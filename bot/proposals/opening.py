"""Opening proposals: stored first, then shown with the buttons that decide them."""

from __future__ import annotations

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Proposal
from bot.core.chat.cards import Button, Card, Picker
from bot.core.chat.ids import MessageRef
from bot.core.chat.invocation import Invocation
from bot.proposals.previews import open_card
from bot.storage.writes.proposal_rows import NewProposal, StoredProposal
from bot.storage.writes.proposals import ProposalStore

CONFIRM = "pending.confirm"
# The second confirmation, of a draw that will not inspect every entry.
PARTLY = "pending.partly"
EDIT = "pending.edit"
CANCEL = "pending.cancel"
RETRY = "pending.retry"
ACCOUNT = "pending.account"
OFFER = "pending.offer"
# Of what was posted; carried out by bot.features.tweet.posted.
ANSWER = "posted.reply"
TAKE_BACK = "posted.delete"


class PendingProposals:
    """`bot.core.ports.Proposals` over the table of proposals."""

    def __init__(self, store: ProposalStore) -> None:
        self._store = store

    async def open(self, invocation: Invocation, proposal: Proposal) -> Card:
        """Store the proposal and return its preview with the buttons that decide it."""
        stored = await self._store.create(
            NewProposal(
                kind=proposal.kind,
                payload=proposal.payload,
                preview=proposal.preview,
                editable=proposal.editable,
                accounts=proposal.accounts,
                alternative=proposal.alternative,
                credits=proposal.credits,
                requester=invocation.actor.id,
                requester_name=invocation.actor.display_name,
                place=invocation.place,
                locale=invocation.locale,
                lifetime=proposal.expires_in,
            )
        )
        return card_of(stored)

    async def shown(self, card: Card, ref: MessageRef | None) -> None:
        """Where the preview stands. A private one cannot be edited later, and has no reference."""
        key = key_of(card)
        if key is not None and ref is not None:
            await self._store.shown(key, ref)


def card_of(stored: StoredProposal) -> Card:
    """The preview of an open proposal, ready to be decided."""
    return open_card(
        stored.kind,
        stored.preview,
        requester=stored.requester_name,
        credits=stored.credits,
        expires_at=stored.expires_at,
        confirm=ActionRef(CONFIRM, stored.id),
        cancel=ActionRef(CANCEL, stored.id),
        edit=ActionRef(EDIT, stored.id) if stored.editable else None,
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
    return Picker(action, "Act as", stored.accounts, str(stored.payload.get("account", "")))


def second_of(card: Card) -> ActionRef | None:
    """The second confirmation that a card asks for; None when it asks for none."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref for ref in refs if ref.name == PARTLY), None)


def key_of(card: Card) -> str | None:
    """The id of the proposal that a preview is of; None when the card is no preview."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref.key for ref in refs if ref.name == CONFIRM), None)

"""Opening proposals: stored first, then shown with the buttons that decide them."""

from __future__ import annotations

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Proposal
from bot.core.chat.cards import Card
from bot.core.chat.ids import MessageRef
from bot.core.chat.invocation import Invocation
from bot.proposals.cards import CONFIRM, PARTLY, ProposalCards
from bot.storage.writes.proposal_rows import NewProposal
from bot.storage.writes.proposals import ProposalStore


class PendingProposals:
    """`bot.core.ports.Proposals` over the table of proposals."""

    def __init__(self, store: ProposalStore, cards: ProposalCards) -> None:
        self._store = store
        self._cards = cards

    async def open(self, invocation: Invocation, proposal: Proposal) -> Card:
        """Store the proposal and return its preview with the buttons that decide it."""
        stored = await self._store.create(
            NewProposal(
                kind=proposal.kind,
                payload=proposal.payload,
                preview=proposal.preview,
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
        return self._cards.standing(stored)

    async def shown(self, card: Card, ref: MessageRef | None) -> None:
        """Where the preview stands. A private one cannot be edited later, and has no reference."""
        key = key_of(card)
        if key is not None and ref is not None:
            await self._store.shown(key, ref)


def second_of(card: Card) -> ActionRef | None:
    """The second confirmation that a card asks for; None when it asks for none."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref for ref in refs if ref.name == PARTLY), None)


def key_of(card: Card) -> str | None:
    """The id of the proposal that a preview is of; None when the card is no preview."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref.key for ref in refs if ref.name == CONFIRM), None)

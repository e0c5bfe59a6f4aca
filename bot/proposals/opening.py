"""Opening proposals: stored first, then shown with the buttons that decide them."""

from __future__ import annotations

from typing import Final

from cachetools import FIFOCache

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Later, Proposal
from bot.core.chat.cards import Card
from bot.core.chat.ids import MessageRef, TenantId
from bot.core.chat.invocation import Invocation
from bot.proposals.cards import CONFIRM, PARTLY, STOP, ProposalCards
from bot.proposals.executor import Executor
from bot.proposals.uncovered import warned
from bot.storage.writes.proposal_rows import NewProposal, StoredProposal
from bot.storage.writes.proposals import ProposalStore

_MOST_CLAIMED: Final = 200
"""Proposals between their claim and their answer; one that is forgotten begins when its lease has lapsed."""


class PendingProposals:
    """`bot.core.ports.Proposals` over the table of proposals."""

    def __init__(self, store: ProposalStore, cards: ProposalCards, executor: Executor) -> None:
        self._store = store
        self._cards = cards
        self._executor = executor
        # What begins once its message is known.
        self._claimed: FIFOCache[str, StoredProposal] = FIFOCache(_MOST_CLAIMED)
        # Those that one person alone sees, until they are shown.
        self._private: FIFOCache[str, TenantId] = FIFOCache(_MOST_CLAIMED)

    async def open(self, invocation: Invocation, proposal: Proposal, command: str) -> Card:
        """Store the proposal and return its preview with the buttons that decide it. One that is confirmed
        by asking for it is claimed with that, and its card is the one of what is under way."""
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
                command=command,
            )
        )
        if proposal.at_once:
            stored = await self._store.claim(invocation.tenant, stored.id, invocation.actor) or stored
            self._claimed[stored.id] = stored
            return self._cards.standing(stored)
        if self._cards.private(stored):
            self._private[stored.id] = stored.tenant
        return await warned(self._store, stored, self._cards.standing(stored))

    async def shown(self, card: Card, ref: MessageRef | None) -> Later | None:
        """Where the preview stands. A private one can be edited by its interaction alone, and has no
        reference: what waits for something to take its place. What is under
        way already begins now; should nobody come here, it begins when its lease has lapsed."""
        key = key_of(card)
        if key is not None and ref is not None:
            await self._store.shown(key, ref)
        running = running_of(card)
        if running is not None and ref is not None:
            await self._store.shown(running.key, ref)
        claimed = self._claimed.pop(running.key, None) if running is not None else None
        if claimed is not None:
            self._executor.begin(claimed)
        tenant = self._private.pop(key, None) if key is not None else None
        if key is None or tenant is None or ref is not None:
            return None
        return self._executor.clicks.previews.later_of(key, tenant)


def second_of(card: Card) -> ActionRef | None:
    """The second confirmation that a card asks for; None when it asks for none."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref for ref in refs if ref.name == PARTLY), None)


def running_of(card: Card) -> ActionRef | None:
    """What stops the long work that a card tells of; None when it tells of none."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref for ref in refs if ref.name == STOP), None)


def key_of(card: Card) -> str | None:
    """The id of the proposal that a preview is of; None when the card is no preview."""
    refs = (button.action for button in card.buttons if button.action is not None)
    return next((ref.key for ref in refs if ref.name == CONFIRM), None)

"""What a preview says where a budget does not cover it now."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.errors import with_code
from bot.core.afterwards import or_else
from bot.core.chat.cards import Bold, Card, Priority, Text, Tone, line
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.proposals import ProposalStore


async def warned(store: ProposalStore, stored: StoredProposal, card: Card) -> Card:
    """The preview of an open proposal, however it came to be; it says so where Confirm would refuse it for a
    budget now. It stays open: the budget may be raised meanwhile."""
    unknown = "whether a budget covers a preview is not known"  # no message: for the log
    short = await or_else(store.short(stored), None, what=unknown)
    if short is None:
        return card
    told = Text(
        line(Bold(short.title), ". ", short.detail, " ", *with_code(short.remedy)),
        priority=Priority.ESSENTIAL,
    )
    return replace(card, blocks=(*card.blocks, told), tone=Tone.WARNING)

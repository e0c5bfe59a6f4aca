"""Extractions that are run, in tests."""

from __future__ import annotations

from bot.core.chat.cards import Card
from bot.core.proposal_states import ProposalState
from tests.features.edge import Screen, buttons, ref_of
from tests.features.harness import HERE, BotHarness

FOLLOWERS = "extract run followers target:@cafe_luna limit:12"


def labels(card: Card) -> list[str]:
    return [str(one.label) for one in buttons(card)]


async def collected(house: BotHarness, line: str = FOLLOWERS) -> Card:
    """The outcome of an extraction that was run."""
    return await house.confirm(await house.say(line))


async def later(house: BotHarness, key: str) -> Card:
    """The outcome of one that is being followed, looked at again as soon as each look is due: between two of
    a long job lie up to half a minute, which the clock of the test passes by itself."""
    while True:
        stored = await house.app.services.proposals.get(HERE, key)
        assert stored is not None
        if stored.state.settled:
            return await house.app.executor.outcome(HERE, key)
        house.clock.advance(max(0.0, (stored.poll_at or 0.0) - house.clock()))
        await house.app.executor.sweep()


async def state_of(house: BotHarness, screen: Screen) -> ProposalState:
    stored = await house.app.services.proposals.get(HERE, ref_of(screen.card, "Confirm").key)
    assert stored is not None
    return stored.state

"""An outcome that a click waits for stands in the outbox until that click was answered, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.proposal_states import ProposalState
from bot.proposals.kinds import ProposalKinds
from bot.storage.engine import stored_bytes
from tests.proposals.harness import ANN, TENANT, ProposalsHarness


@pytest.fixture
def _private(house: ProposalsHarness) -> None:
    """Posting is a matter of one person, as starting a monitor is."""
    house.kinds = ProposalKinds(replace(kind, private=True) for kind in house.kinds)
    house.rebuild()


@pytest.mark.usefixtures("_private")
@pytest.mark.parametrize("arrives", [True, False], ids=["answered", "answer-lost"])
async def test_an_outcome_waits_for_the_answer_and_goes_with_it(
    house: ProposalsHarness, arrives: bool
) -> None:
    key = await house.open(message=None)
    reply = await house.press("confirm", key, message=None)
    assert reply.card.title == "Posted on X" and (await house.row(key)).state is ProposalState.DONE
    (kept,) = await house._deliveries("tell")
    assert kept.person == ANN.id and kept.not_before > house.clock.now and kept.purpose == f"p:{key}"
    assert (await stored_bytes.largest(house.database))[str(TENANT)] > 0
    assert reply.arrived is not None
    for _ in range(2 if arrives else 0):  # a platform may say it twice
        await reply.arrived()
    assert len(await house._deliveries("tell")) == (0 if arrives else 1)
    assert await house.outcomes() == []


@pytest.mark.usefixtures("_private")
async def test_what_is_being_sent_is_not_taken_back(house: ProposalsHarness) -> None:
    reply = await house.press("confirm", await house.open(message=None), message=None)
    await house.sending()
    assert reply.arrived is not None
    await reply.arrived()
    (kept,) = await house._deliveries("tell")
    assert kept.state == "sending"

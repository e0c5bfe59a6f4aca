"""An outcome that a click waits for stands in the outbox until that click was answered, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from bot.core.chat.answers import Reply
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


async def _under_way(house: ProposalsHarness) -> tuple[str, Reply]:
    """The answer to a click on what Xquik has accepted."""
    house.vendor.plan.append("accept")
    key = await house.open(message=None)
    reply = await house.press("confirm", key, message=None)
    assert reply.card.title == "Posting…" and reply.arrived is None and reply.later is not None
    return key, reply


@pytest.mark.usefixtures("_private")
async def test_what_takes_longer_than_the_click_is_told_in_its_message_once_it_has_ended(
    house: ProposalsHarness,
) -> None:
    key, reply = await _under_way(house)
    assert reply.later is not None
    coming = asyncio.create_task(_awaited(reply.later()))
    await asyncio.sleep(0)
    await house.finish()
    after = await coming
    assert after is not None and after.replace and after.card.title == "Posted on X"
    (kept,) = await house._deliveries("tell")
    assert kept.not_before > house.clock.now, "the message comes first"
    assert after.arrived is not None
    await after.arrived()
    assert await house._deliveries("tell") == []
    assert (await house.row(key)).state is ProposalState.DONE


@pytest.mark.usefixtures("_private")
async def test_one_that_another_process_ends_is_told_from_there(house: ProposalsHarness) -> None:
    await _under_way(house)
    await house.executor.stop()
    house.rebuild()
    await house.finish()
    (told,) = await house._deliveries("tell")
    assert told.person == ANN.id and told.not_before <= house.clock.now


@pytest.mark.usefixtures("_private")
async def test_a_message_that_can_be_changed_no_more_is_left_and_the_person_told_directly(
    house: ProposalsHarness,
) -> None:
    key, reply = await _under_way(house)
    row = await house.row(key)
    assert await house.executor.later(row, within=0.0) is None
    await house.finish()
    (told,) = await house._deliveries("tell")
    assert told.not_before <= house.clock.now and reply.later is not None


@pytest.mark.usefixtures("_private")
async def test_a_process_that_ends_keeps_nobody_waiting(house: ProposalsHarness) -> None:
    _, reply = await _under_way(house)
    assert reply.later is not None
    coming = asyncio.create_task(_awaited(reply.later()))
    await asyncio.sleep(0)
    await house.executor.stop()
    assert await coming is None


async def _awaited(later: Awaitable[Reply | None]) -> Reply | None:
    return await later

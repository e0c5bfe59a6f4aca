"""An outcome that a click waits for stands in the outbox until that click was answered, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from msgspec import structs

from bot.core.chat.answers import Reply
from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.proposals.announcing import ANSWERED_WITHIN
from bot.proposals.awaiting import LATER, MOST_OF_PLACE, AwaitedOutcomes
from bot.proposals.kinds import ProposalKinds
from bot.storage.engine import stored_bytes
from tests.proposals.harness import ANN, CARDS, TENANT, ProposalsHarness


@pytest.fixture
def _private(house: ProposalsHarness) -> None:
    """Posting is a matter of one person, as starting a monitor is."""
    house.kinds = ProposalKinds(structs.replace(kind, private=True) for kind in house.kinds)
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
    coming = await _waiting(reply)
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
    coming = await _waiting(reply)
    await house.executor.stop()
    assert await coming is None


class _Pair:
    """Two processes on one database, which share what they see of Xquik."""

    def __init__(self, house: ProposalsHarness) -> None:
        self.here = house
        house.sole = False
        house.rebuild()
        self.there = ProposalsHarness(
            house.database, house.clock, house.directory, sole=False, kinds=house.kinds
        )
        self.there.vendor = house.vendor
        self.there.rebuild()

    async def end_there(self, key: str) -> None:
        """The process whose click does not wait brings it to its end."""
        self.here.clock.now = (await self.here.row(key)).poll_at or 0.0
        await self.there.executor.sweep()
        assert (await self.here.row(key)).state is ProposalState.DONE


@pytest.mark.usefixtures("_private")
async def test_what_another_process_ends_is_told_once_by_the_answer_that_waits(
    house: ProposalsHarness,
) -> None:
    pair = _Pair(house)
    key, reply = await _under_way(house)
    coming = await _waiting(reply)
    await pair.end_there(key)
    (kept,) = await house._deliveries("tell")
    assert kept.not_before > house.clock.now, "the answer comes first, whoever gives it"
    await house.executor.clicks.look()
    after = await coming
    assert after is not None and after.card.title == "Posted on X" and after.arrived is not None
    await after.arrived()
    assert await house._deliveries("tell") == [], "told once"


@pytest.mark.usefixtures("_private")
async def test_what_was_told_directly_meanwhile_is_not_told_by_the_answer_too(
    house: ProposalsHarness,
) -> None:
    pair = _Pair(house)
    key, reply = await _under_way(house)
    coming = await _waiting(reply)
    await pair.end_there(key)
    await house.sending()  # the pause was over before anybody looked
    await house.executor.clicks.look()
    assert await coming is None
    assert len(await house._deliveries("tell")) == 1


@pytest.mark.usefixtures("_private")
async def test_what_ends_elsewhere_between_two_answers_is_told_by_the_second(
    house: ProposalsHarness,
) -> None:
    pair = _Pair(house)
    key, reply = await _under_way(house)
    await pair.end_there(key)
    assert reply.later is not None
    after = await _awaited(reply.later())
    assert after is not None and after.arrived is not None
    await after.arrived()
    assert await house._deliveries("tell") == []


@pytest.mark.usefixtures("_private")
async def test_an_outcome_whose_click_can_wait_no_more_is_told_at_once(house: ProposalsHarness) -> None:
    pair = _Pair(house)
    key, _ = await _under_way(house)
    house.clock.advance(LATER + ANSWERED_WITHIN)
    await pair.there.executor.sweep()
    assert (await house.row(key)).state is ProposalState.DONE
    (told,) = await house._deliveries("tell")
    assert told.not_before <= house.clock.now


@pytest.mark.usefixtures("_private")
async def test_a_wait_ends_by_the_clock_and_the_person_is_told_directly(house: ProposalsHarness) -> None:
    key, reply = await _under_way(house)
    coming = await _waiting(reply)
    house.clock.advance(LATER - 1)
    await house.executor.clicks.look()
    await asyncio.sleep(0)
    assert not coming.done()
    house.clock.advance(1)
    await house.executor.clicks.look()
    assert await coming is None
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    (told,) = await house._deliveries("tell")
    assert told.not_before <= house.clock.now


async def test_only_so_many_clicks_of_a_place_wait(house: ProposalsHarness) -> None:
    row = await house.row(await house.open())
    waiting = AwaitedOutcomes(house.store, CARDS, house.clock, sole=False)
    taken = [waiting.expect(structs.replace(row, id=f"p{n}"), 60.0) for n in range(MOST_OF_PLACE + 3)]
    assert taken == [True] * MOST_OF_PLACE + [False] * 3
    assert waiting.expect(structs.replace(row, id="p0"), 60.0), "that one waits already"
    elsewhere = replace(row.place, tenant=TenantId("discord", "7"))
    assert waiting.expect(structs.replace(row, id="q", place=elsewhere), 60.0)
    assert await waiting.later(structs.replace(row, id="late"), 60.0) is None, "told directly"
    house.clock.advance(61.0)
    await waiting.look()
    assert waiting.expect(structs.replace(row, id="next"), 60.0), "those that waited too long make room"


async def _awaited(later: Awaitable[Reply | None]) -> Reply | None:
    return await later


async def _waiting(reply: Reply) -> asyncio.Task[Reply | None]:
    """A click that waits for what its answer tells later."""
    assert reply.later is not None
    coming = asyncio.create_task(_awaited(reply.later()))
    await asyncio.sleep(0)
    return coming

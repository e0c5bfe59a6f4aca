"""Open previews of somebody whose data is deleted are void, their texts erased, and their messages say so."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Expired
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import PROPOSAL_KINDS
from bot.proposals.open_previews import MOST_SHOWN, SHOWN_FOR
from bot.proposals.withdrawing import Withdrawals
from bot.relay.sending.outbox import Outbox
from bot.storage.tables import proposals
from bot.storage.writes.running_proposals import RunningProposals
from tests.features.edge import words
from tests.proposals.doomed import alone
from tests.proposals.harness import ANN, BOB, ELSEWHERE, TENANT, ProposalsHarness


def _withdrawals(house: ProposalsHarness) -> Withdrawals:
    running = RunningProposals(house.database)
    return Withdrawals(running, Outbox(house.clock), house.lanes, PROPOSAL_KINDS, house.clock)


async def test_previews_are_void_and_their_messages_say_so_without_their_words(
    house: ProposalsHarness,
) -> None:
    mine = await house.open()
    hers = await house.open(who=BOB, message="m2")
    done = await house.open(message="m3")
    await house.press("confirm", done)
    await house.finish()
    assert await _withdrawals(house).of_person(TENANT, ANN.id) == 1
    assert (await house.row(mine)).state is ProposalState.CANCELLED
    assert (await house.row(hers)).state is ProposalState.OPEN
    assert (await house.row(done)).state is ProposalState.DONE
    (edit,) = [one for one in await house.words() if one.edit_message == "m1"]
    told = json.dumps(json.loads(edit.card))
    assert "Withdrawn" in told and "cannot be confirmed any more" in told and "Nothing was sent" in told
    assert ANN.display_name not in told and "Hello" not in told
    assert edit.lane in house.lanes.woken
    assert await _withdrawals(house).of_person(TENANT, ANN.id) == 0, "once"


async def test_a_preview_of_another_place_stays(house: ProposalsHarness) -> None:
    key = await house.open()
    assert await _withdrawals(house).of_person(ELSEWHERE, ANN.id) == 0
    assert (await house.row(key)).state is ProposalState.OPEN


@pytest.mark.parametrize("button", ["confirm", "edit", "cancel"])
async def test_a_press_after_it_is_told_precisely_what_became_of_it(
    house: ProposalsHarness, button: str
) -> None:
    key = await house.open(message=None)  # a private preview, whose message cannot be changed
    await _withdrawals(house).of_person(TENANT, ANN.id)
    with pytest.raises(Expired) as told:
        await house.press(button, key)
    assert "Who asked for this had their data deleted here" in told.value.detail
    assert "Nothing was sent" in told.value.detail and "again" in told.value.remedy
    assert house.vendor.tweets == []


async def test_nothing_of_the_person_is_left_in_what_stays(house: ProposalsHarness) -> None:
    key = await house.open()
    await _withdrawals(house).of_person(TENANT, ANN.id)

    async def work(connection: AsyncConnection) -> str:
        found = await connection.execute(select(proposals).where(proposals.c.id == key))
        return str(dict(found.mappings().one()))

    row = await house.database.read(work)
    own = (f"'{ANN.id}'", ANN.display_name, "Hello", "m1")
    assert [one for one in own if one in row] == []


async def test_an_edited_private_preview_is_changed_by_the_press_that_showed_it(
    house: ProposalsHarness,
) -> None:
    house.kinds = alone(house.kinds)
    house.rebuild()
    key = await house.open(message=None)
    edited = await house.press("edit", key, values={"text": "Another word"}, message=None)
    assert edited.later is not None
    withdrawals = _withdrawals(house)
    withdrawals.listen(house.executor.clicks.previews.withdrawn)
    assert await withdrawals.of_person(TENANT, ANN.id) == 1
    instead = await edited.later()
    assert instead is not None and instead.in_place and instead.replace
    assert instead.card.title == "Withdrawn" and "Another word" not in words(instead.card)


async def test_what_is_decided_or_too_old_is_replaced_by_nothing(house: ProposalsHarness) -> None:
    house.kinds = alone(house.kinds)
    house.rebuild()
    previews = house.executor.clicks.previews
    for decide in (True, False):
        key = await house.open(message=None)
        later = previews.later(await house.row(key))
        assert later is not None
        if decide:
            await house.press("cancel", key, message=None)
            previews.withdrawn([key])
        else:
            house.clock.now += SHOWN_FOR
            await previews.look()
        assert await later() is None


async def test_few_are_remembered_and_none_after_the_end(house: ProposalsHarness) -> None:
    previews = house.executor.clicks.previews
    kept = [previews.later_of(f"k{number}", TENANT) for number in range(MOST_SHOWN + 1)]
    assert kept[0] is not None and await kept[0]() is None
    previews.close()
    assert kept[-1] is not None and await kept[-1]() is None
    assert previews.later_of("more", TENANT) is None

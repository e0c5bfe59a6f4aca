"""Threads: part by part, and on from the part that failed."""

from __future__ import annotations

from bot.core.proposal_states import ProposalState
from tests.features.edge import buttons, ref_of, words
from tests.proposals.harness import CARDS, THREADED, ProposalsHarness


async def _ended(house: ProposalsHarness, key: str) -> ProposalState:
    await house.press("confirm", key)
    await house.finish()
    return (await house.row(key)).state


async def test_a_part_that_is_refused_ends_it_and_the_rest_can_be_asked_for(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "limited"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.FAILED
    row = await house.row(key)
    assert row.result is not None and row.result["posted"] == [house.vendor.tweets[0]["id"]]
    assert row.result["charged"] == 30, "what stands is charged"
    told = CARDS.standing(row)
    assert "1 part of 3 stands on X" in words(told) and "goes on with the part that failed" in words(told)
    offered = (await house.press("retry", key)).card
    said = words(offered)
    assert "One." not in said and "1 of 2" in said and "Two." in said and "60 credits" in said
    assert house.vendor.tweets[0]["id"] in said, "it hangs on to what stands"
    assert [one.label for one in buttons(offered) if one.label == "Confirm"] == ["Confirm"]
    house.clock.now += 60
    assert await _ended(house, ref_of(offered, "Confirm").key) is ProposalState.DONE
    made = house.vendor.tweets
    assert [one["text"] for one in made] == THREADED["parts"], "each once"
    assert [one.get("reply_to_tweet_id") for one in made] == [None, made[0]["id"], made[1]["id"]]


async def test_a_part_that_x_refuses_for_good_is_told_without_an_offer(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "ok", "reject"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.FAILED
    told = CARDS.standing(await house.row(key))
    assert "2 parts of 3 stand on X" in words(told)
    assert "Try again" not in [one.label for one in buttons(told)]
    assert len(house.vendor.tweets) == 2


async def test_what_gets_no_answer_is_repeated_under_the_same_key(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["lost", "ok", "dropped", "accept"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.DONE
    assert [one["text"] for one in house.vendor.tweets] == THREADED["parts"]
    assert len({write[2] for write in house.vendor.writes()}) == 3


async def test_two_threads_share_no_key(house: ProposalsHarness) -> None:
    for _ in range(2):
        assert await _ended(house, await house.open(THREADED, "tweet.thread")) is ProposalState.DONE
    assert len(house.vendor.tweets) == 6 and len({one["key"] for one in house.vendor.tweets}) == 6


async def test_a_part_in_doubt_ends_it_and_is_never_sent_again(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "ambiguous"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.UNKNOWN
    told = CARDS.standing(await house.row(key))
    assert "1 part of 3 stands on X; of the next it is not known" in words(told)
    assert "Try again" not in [one.label for one in buttons(told)]
    assert len([write for write in house.vendor.writes() if write[0] == "POST"]) == 2


async def test_nothing_stands_alone_where_xquik_does_not_name_the_part_before(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.extend(["ok", "unnamed"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.UNKNOWN
    assert [one["text"] for one in house.vendor.tweets] == THREADED["parts"][:2]
    assert "nothing was hung on to it" in words(CARDS.standing(await house.row(key)))

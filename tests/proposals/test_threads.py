"""Threads: part by part, and on from the part that failed."""

from __future__ import annotations

import json

import pytest

from bot.core.chat import card_json
from bot.core.chat.cards import Card, Form
from bot.core.chat.invocation import Call
from bot.core.errors import UsageError
from bot.core.proposal_states import ProposalState
from bot.proposals.contents import tweet_url
from tests.features.edge import buttons, ref_of, words
from tests.proposals.harness import ANN, CARDS, THREADED, ProposalsHarness


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
    assert "One." not in said and "2 of 3" in said and "Two." in said and "60 credits" in said
    assert tweet_url(house.vendor.tweets[0]["id"]) in _linked(offered), "it hangs on to what stands"
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
    assert "which part is the last that stands there" in words(told), words(told)
    assert "Do it again" not in words(told) and "do it again" not in words(told)
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


def _linked(card: Card) -> str:
    """Everything a card says, with the addresses behind its words."""
    return json.dumps(card_json.encode(card))


def _labels(card: Card) -> list[str]:
    return [one.label for one in buttons(card)]


async def _told(house: ProposalsHarness, key: str) -> Card:
    return CARDS.standing(await house.row(key))


async def test_a_finished_thread_has_the_way_to_each_part_and_the_ids_of_its_writes(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.extend(["ok", "accept", "ok"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.DONE
    told = await _told(house, key)
    assert _labels(told) == ["Open on X", "Reply", "Delete the last part"]
    for tweet in house.vendor.tweets:
        assert tweet_url(tweet["id"]) in _linked(told)
    assert all(action in words(told) for action in house.vendor.actions), "and by which records"


@pytest.mark.parametrize(
    ("plan", "offered"),
    [("limited", ["Try again"]), ("reject", []), ("ambiguous", ["Check on X"]), ("unnamed", ["Check on X"])],
)
async def test_what_stands_of_a_thread_that_breaks_can_be_reached(
    house: ProposalsHarness, plan: str, offered: list[str]
) -> None:
    house.vendor.plan.extend(["ok", plan])
    key = await house.open(THREADED, "tweet.thread")
    await _ended(house, key)
    told = await _told(house, key)
    first = house.vendor.tweets[0]["id"]
    assert _labels(told) == [*offered, "Open on X", "Reply", "Delete"]
    assert tweet_url(first) in _linked(told) and "wa1" in words(told)
    if not offered:
        assert "Change the text" not in words(told) and "post those parts twice" in words(told)


async def test_the_rest_that_fails_again_tells_of_what_stands_and_what_it_cost(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.extend(["ok", "limited", "limited", "ok", "limited"])
    key = await house.open(THREADED, "tweet.thread")
    await _ended(house, key)
    first = house.vendor.tweets[0]["id"]
    for posted, before in ((1, 30), (2, 30)):
        offered = (await house.press("retry", key)).card
        assert tweet_url(first) in _linked(offered), "also where it is cancelled then"
        house.clock.now += 60
        key = ref_of(offered, "Confirm").key
        assert await _ended(house, key) is ProposalState.FAILED
        told = await _told(house, key)
        assert f"{posted} part{'s' * (posted > 1)} of 3 stand" in words(told)
        assert tweet_url(first) in _linked(told) and "Reply" in _labels(told)
        assert f"The parts before it: {before} credits" in words(told)
        row = await house.row(key)
        assert row.result is not None and row.result["charged"] == 30 * (posted - 1), "of this attempt alone"
    offered = (await house.press("retry", key)).card
    house.clock.now += 60
    key = ref_of(offered, "Confirm").key
    assert await _ended(house, key) is ProposalState.DONE
    told = await _told(house, key)
    made = house.vendor.tweets
    assert [one["text"] for one in made] == THREADED["parts"], "each once"
    assert [one.get("reply_to_tweet_id") for one in made] == [None, made[0]["id"], made[1]["id"]]
    assert "Charged: 30 credits" in words(told) and "The parts before it: 60 credits" in words(told)
    assert all(tweet_url(one["id"]) in _linked(told) for one in made)


async def test_a_part_that_never_left_loses_nothing_of_what_stands(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", *["unreachable"] * 200])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.FAILED
    house.vendor.plan.clear()
    told = await _told(house, key)
    assert "1 part of 3 stands on X; the next did not go through" in words(told)
    assert "Charged: 30 credits" in words(told) and "goes on with the part that failed" in words(told)
    offered = (await house.press("retry", key)).card
    assert await _ended(house, ref_of(offered, "Confirm").key) is ProposalState.DONE
    assert [one["text"] for one in house.vendor.tweets] == THREADED["parts"], "no part twice"


async def test_a_part_without_an_answer_for_hours_is_in_doubt_and_the_others_stand(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.extend(["ok", *["dropped"] * 200])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.UNKNOWN
    told = await _told(house, key)
    assert tweet_url(house.vendor.tweets[0]["id"]) in _linked(told) and "Reply" in _labels(told)
    row = await house.row(key)
    assert row.result is not None and row.result["charged"] is None, "a budget counts what was reserved"


async def test_parts_that_are_deleted_from_here_are_offered_no_more(house: ProposalsHarness) -> None:
    key = await house.open(THREADED, "tweet.thread", message="m1")
    await house.press("confirm", key, message="m1")
    await house.finish()
    for left in (2, 1, 0):
        tweet = house.vendor.tweets[left]["id"]
        gone = await house.open({"account": "acme", "tweet_id": tweet}, "tweet.delete", message="m2")
        await house.press("confirm", gone, message="m2")
        await house.finish()
        told = await _told(house, key)
        assert [tweet_url(one["id"]) in _linked(told) for one in house.vendor.tweets] == [
            number < left for number in range(3)
        ]
        assert len([one for one in await house.words() if one.edit_message == "m1"]) == 3 - left
    assert _labels(told) == [] and "Deleted from X since" in words(told)


LONG = {"account": "acme", "parts": [f"{number}. " + "long 🚀 " * 33 for number in range(1, 26)]}


def _fields(form: Form) -> dict[str, str]:
    return {one.name: one.value for one in form.inputs}


async def _form(house: ProposalsHarness, key: str) -> Form:
    action = next(one for one in house.actions.actions() if one.name == "pending.edit")
    assert action.form is not None
    form = await action.form(Call(house.invocation(ANN), None, _silent), key, {"key": key})
    assert form is not None
    return form


async def _silent(_card: Card) -> None: ...


async def test_the_whole_text_is_edited_split_and_priced_anew(house: ProposalsHarness) -> None:
    key = await house.open(THREADED, "tweet.thread")
    assert _fields(await _form(house, key)) == {"text": "One.\n---\nTwo.\n---\nThree."}
    text = "One, and more.\n---\nTwo.\n---\nThree.\n---\nFour."
    card = (await house.press("edit", key, values={"text": text})).card
    said = words(card)
    assert "One, and more." in said and "4 of 4" in said and "120 credits" in said
    assert (await house.row(key)).state is ProposalState.CANCELLED
    assert await _ended(house, ref_of(card, "Confirm").key) is ProposalState.DONE
    assert [one["text"] for one in house.vendor.tweets] == ["One, and more.", "Two.", "Three.", "Four."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One alone.", "That is one tweet, and no thread."),
        ("\u200b", "invisible"),
        ("", "A thread needs text."),
        (" --- ".join(["More."] * 26), "That would be 26 tweets; a thread has at most 25."),
    ],
)
async def test_what_is_no_thread_leaves_the_preview_as_it_was(
    house: ProposalsHarness, text: str, said: str
) -> None:
    key = await house.open(THREADED, "tweet.thread")
    with pytest.raises(UsageError, match=said):
        await house.press("edit", key, values={"text": text})
    assert (await house.row(key)).state is ProposalState.OPEN


async def test_a_long_thread_stands_in_fields_that_every_platform_holds_whole(
    house: ProposalsHarness,
) -> None:
    key = await house.open(LONG, "tweet.thread")
    form = await _form(house, key)
    fields = _fields(form)
    assert 2 <= len(fields) <= 4
    assert all(len(text.encode("utf-16-le")) // 2 <= 3_000 for text in fields.values())
    sent = [part.strip() for part in LONG["parts"]]
    same = (await house.press("edit", key, values=fields)).card
    again = await house.row(ref_of(same, "Confirm").key)
    assert again.payload["parts"] == sent
    first, *others = fields
    fewer = (await house.press("edit", again.id, values={first: "Only this. --- And this."})).card
    kept = (await house.row(ref_of(fewer, "Confirm").key)).payload["parts"]
    assert kept[:2] == ["Only this.", "And this."], "a field that is not sent back stays as it is"
    assert kept[2:] == [part.strip() for name in others for part in fields[name].split("\n---\n")]


async def test_the_rest_of_a_thread_is_edited_and_hangs_on_to_what_stands(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "ok", "limited"])
    key = await house.open(THREADED, "tweet.thread")
    assert await _ended(house, key) is ProposalState.FAILED
    rest = ref_of((await house.press("retry", key)).card, "Confirm").key
    card = (await house.press("edit", rest, values={"text": "Three, put better."})).card
    house.clock.now += 60
    assert await _ended(house, ref_of(card, "Confirm").key) is ProposalState.DONE
    made = house.vendor.tweets
    assert [one["text"] for one in made] == ["One.", "Two.", "Three, put better."]
    assert made[2]["reply_to_tweet_id"] == made[1]["id"]

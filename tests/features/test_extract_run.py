"""Extractions that are run: confirmed once, followed to their end, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.proposal_states import ProposalState
from bot.proposals.extractions import FOLLOWED_FOR, REPEATED_FOR, cancel_buttons
from bot.storage.tables import deliveries
from tests.features.edge import field_of, ref_of, words
from tests.features.extractions import FOLLOWERS, collected, labels, later, state_of
from tests.features.harness import ADMIN, ELSEWHERE, HERE, TWEET, BotHarness
from tests.relay.harness import until

# --- running -----------------------------------------------------------------------------------------------


async def test_the_preview_shows_everything_that_is_asked_for_and_nothing_of_the_balance(
    house: BotHarness,
) -> None:
    screen = await house.say(
        "extract run tweet-search target:launch limit:5 filters:min_likes=1,language=English,replies=exclude"
    )
    card = screen.card
    assert field_of(card, "What") == "Tweets of a search" and field_of(card, "From") == "launch"
    assert field_of(card, "Filters") == "language=en, min_likes=1, replies=exclude"
    assert field_of(card, "Limit") == "5"
    assert field_of(card, "Estimated cost").startswith("up to 5 credits: 1 for each result")
    assert "25,000" not in words(card) and "alance" not in words(card)
    assert (await house.state())["extractions"] == 0


async def test_what_is_confirmed_is_collected_charged_and_offered(house: BotHarness) -> None:
    card = await collected(house)
    assert card.title == "Extraction #1 is done" and card.tone == "success"
    assert field_of(card, "Results") == "12"
    assert "As many as were asked for were collected" in words(card)
    assert "Requested and confirmed by Ada." in words(card)
    assert labels(card) == ["Show", "Export"]
    assert await house.credits() == 25_000 - 12


async def test_without_a_limit_no_more_is_charged_than_was_confirmed(house: BotHarness) -> None:
    screen = await house.say(f"extract run replies target:{TWEET} filters:with_tweet=yes")
    assert field_of(screen.card, "Limit") == "120"
    assert field_of(screen.card, "Estimated cost").startswith("up to 120 credits")
    stored = await house.app.services.proposals.get(HERE, ref_of(screen.card, "Confirm").key)
    assert stored is not None and stored.payload["resultsLimit"] == 120, "what is shown is sent"
    card = await house.confirm(screen)
    assert field_of(card, "Results") == "120" and await house.credits() == 25_000 - 120


def test_an_id_that_no_button_can_carry_gets_none() -> None:
    assert not cancel_buttons("x" * 51) and not cancel_buttons("a b") and not cancel_buttons("")
    (button,) = cancel_buttons("0a1b-2c3d")
    assert button.action is not None and button.action.key == "0a1b-2c3d"


async def test_its_message_says_how_far_it_is_and_becomes_the_outcome(house: BotHarness) -> None:
    await house.app.relay.start()
    screen = await house.say(FOLLOWERS)
    ref = ref_of(screen.card, "Confirm")
    pressed = await house.press(ref)
    assert pressed.reply.replace and pressed.card.title == "Extraction #1 is under way"
    assert labels(pressed.card) == ["Cancel it"], "as soon as Xquik has it"
    await house.app.executor.outcome(HERE, ref.key)
    told = [card for card in await queued(house) if card.title == "Extraction #1 is under way"]
    assert "0 results so far" in words(told[0]) and labels(told[0]) == ["Cancel it"]
    await until(lambda: [card.title for card in house.wall.edited.values()] == ["Extraction #1 is done"])
    assert not house.wall.posted, "nothing new is posted"


async def queued(house: BotHarness) -> list[Card]:
    """What was put into the outbox, in order."""

    async def work(connection: AsyncConnection) -> list[Card]:
        query = select(deliveries.c.card).order_by(deliveries.c.id)
        return [card_json.decode(card) for card in (await connection.execute(query)).scalars()]

    return await house.app.database.read(work)


async def test_two_clicks_collect_once(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    ref = ref_of(screen.card, "Confirm")
    await asyncio.gather(*(house.press(ref) for _ in range(4)))
    await house.app.executor.outcome(HERE, ref.key)
    assert (await house.state())["extractions"] == 1 and await house.credits() == 25_000 - 12


async def test_several_of_one_place_each_come_to_their_own_end(house: BotHarness) -> None:
    lines = (FOLLOWERS, f"extract run replies target:{TWEET} limit:3", "extract run likers target:" + TWEET)
    screens = [await house.say(line) for line in lines]
    cards = await asyncio.gather(*(house.confirm(one) for one in screens))
    assert [field_of(card, "Results") for card in cards][:2] == ["12", "3"]
    assert len({card.title for card in cards}) == 3


async def test_without_credits_it_is_not_begun_and_a_part_is_confirmed_in_red(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    await house.control("credits", body={"balance": 0})
    refused = await house.press(screen, "Confirm")
    assert "Nothing was collected" in words(refused.failure)
    await house.control("credits", body={"balance": 5})
    asked = await house.press(screen, "Confirm")
    assert "All of it may cost up to 12 credits, and 5 are left." in words(asked.card)
    assert (await house.state())["extractions"] == 0
    ref = ref_of(asked.card, "Collect a part")
    await house.press(ref)
    card = await house.app.executor.outcome(HERE, ref.key)
    assert "ended early" in card.title and field_of(card, "Results") == "5"
    assert "the credits were used up" in words(card) and card.tone == "warning"


async def test_credits_that_could_not_be_read_are_not_asked_to_be_topped_up(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    await house.fault(path="/credits", status=503)
    asked = await house.press(screen, "Confirm")
    said = words(asked.card)
    assert "did not say whether the credits are enough" in said and "top up" not in said
    assert "could not be checked: press Confirm again" in said
    await house.control("faults", method="DELETE")
    await house.control("credits", body={"balance": 5})
    assert "top up first" in words((await house.press(screen, "Confirm")).card)


async def test_credits_that_are_topped_up_by_themselves_are_not_asked_about(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    await house.control("credits", body={"balance": 5})
    await house.control("credits", body={"topup": "on"})
    pressed = await house.press(screen, "Confirm")
    assert pressed.reply.replace and "Collect a part" not in labels(pressed.card)


async def test_credits_that_go_between_the_click_and_the_request_are_told(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    await house.fault(method="POST", path="/extractions", status=402, code="insufficient_credits", times=1)
    card = await house.confirm(screen)
    assert card.title == "The extraction collected nothing" and "credits" in words(card)
    assert "Try again" in labels(card)


@pytest.mark.parametrize(
    ("outcome", "title", "said", "results"),
    [
        ("partial", "ended early", "A part could not be collected", "6"),
        ("deadline", "ended early", "it took too long", "6"),
        ("fail-late", "failed", "Xquik could not go on.", "6"),
    ],
)
async def test_what_ended_otherwise_is_told_as_such(
    house: BotHarness, outcome: str, title: str, said: str, results: str
) -> None:
    await house.control("extractions", body={"outcome": outcome})
    card = await collected(house)
    assert title in card.title and said in words(card) and field_of(card, "Results") == results
    assert labels(card) == ["Show", "Export"], "what there is, is kept"
    assert await house.credits() == 25_000 - 6


async def test_one_that_failed_without_a_result_says_so_and_may_be_tried_again(house: BotHarness) -> None:
    await house.control("extractions", body={"outcome": "fail"})
    screen = await house.say(FOLLOWERS)
    card = await house.confirm(screen)
    assert await state_of(house, screen) is ProposalState.FAILED
    assert "x_api_unavailable" in words(card) and "Nothing was charged" in words(card)
    assert "Confirm" in labels((await house.press(card, "Try again")).card)


# --- faults ------------------------------------------------------------------------------------------------


async def test_a_bot_that_died_before_it_had_the_answer_goes_on_with_the_same_job(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    await house.fault(method="POST", path="/extractions", answer_lost=True, times=1)
    await house.press(screen, "Confirm")
    await house.reopen()
    house.clock.advance(60.0)
    await house.app.executor.recover()
    card = await later(house, key)
    assert card.title == "Extraction #1 is done"
    assert (await house.state())["extractions"] == 1 and await house.credits() == 25_000 - 12


async def test_a_bot_that_died_while_it_collected_goes_on_looking(house: BotHarness) -> None:
    await house.fault(method="GET", path="/extractions/*", status=503, times=1)
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    await house.press(screen, "Confirm")
    await house.app.executor.sweep()
    await house.reopen()
    await house.app.executor.recover()
    assert (await later(house, key)).title == "Extraction #1 is done"
    assert (await house.state())["operations"]["POST /extractions"] == 1


async def test_a_503_while_it_collects_is_waited_out_as_long_as_xquik_wants(house: BotHarness) -> None:
    await house.fault(method="GET", path="/extractions/*", status=503, retry_after=40, times=4)
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    await house.press(screen, "Confirm")
    await house.app.executor.sweep()
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None and stored.state is ProposalState.POLLING
    assert (await later(house, key)).title == "Extraction #1 is done"


async def test_what_is_over_is_not_looked_at_any_more(house: BotHarness) -> None:
    await collected(house)
    before = (await house.state())["operations"]["GET /extractions/{id}"]
    house.clock.advance(3_600.0)
    await house.app.executor.sweep()
    assert (await house.state())["operations"]["GET /extractions/{id}"] == before


async def test_a_job_that_does_not_end_is_followed_for_a_day(house: BotHarness) -> None:
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    assert await house.app.services.proposals.claim(HERE, key, ADMIN) is not None
    await house.app.executor.recover()
    await house.app.executor.sweep()
    house.clock.advance(FOLLOWED_FOR + 60.0)
    card = await house.app.executor.outcome(HERE, key)
    assert card.title in ("It is not known how this extraction stands", "Extraction #1 is done")


async def test_a_request_that_stays_without_an_answer_is_not_begun_an_hour_later(house: BotHarness) -> None:
    await house.fault(method="POST", path="/extractions", answer_lost=True, times=1)
    screen = await house.say(FOLLOWERS)
    key = ref_of(screen.card, "Confirm").key
    await house.press(screen, "Confirm")
    house.clock.advance(REPEATED_FOR + 60.0)
    card = await house.app.executor.outcome(HERE, key)
    assert card.title == "It is not known how this extraction stands"
    assert "extract list" in words(card)
    assert (await house.state())["operations"]["POST /extractions"] == 1


async def test_another_tenant_finds_and_sees_nothing_of_it(house: BotHarness) -> None:
    card = await collected(house)
    job = field_of(card, "Id")
    await house.give_key(ELSEWHERE, (await house.control("keys", body={}))["key"])
    for verb in ("status", "show", "export", "cancel"):
        screen = await house.say(f"extract {verb} {job}", tenant=ELSEWHERE)
        assert screen.failure.title == "Not found" and "cafe_luna" not in words(screen.failure)
    for label in ("Show", "Export"):
        values = {"format": "csv"} if label == "Export" else None
        pressed = await house.press(ref_of(card, label), tenant=ELSEWHERE, values=values)
        assert pressed.failure.title == "Not found"
    assert "No extractions yet" in words((await house.say("extract list", tenant=ELSEWHERE)).card)

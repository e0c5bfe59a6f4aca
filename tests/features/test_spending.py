"""What may cost more than its place wants spent at once is asked before it runs."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.access import Permission
from bot.core.commands.cost import ASK_ABOVE
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.spending import LIFETIME
from bot.core.x import prices
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, BotHarness
from tests.features.test_media import ids

MANY = f"media get {ids(ASK_ABOVE + 1)}"
DOWNLOADS = "/x/media/download"


async def test_more_than_usual_is_asked_and_runs_once_confirmed(house: BotHarness) -> None:
    before = await house.credits()
    asked = await house.say(MANY)
    assert asked.outcome is InvocationOutcome.OK
    assert asked.card.title == "Spend up to 101 credits?"
    assert "more than 100 credits" in words(asked.card) and "Requested by" in words(asked.card)
    assert (await house.requests(DOWNLOADS), await house.credits()) == (0, before)
    done = await house.press(asked, "Confirm")
    assert done.reply.replace and "Media" in done.card.title
    assert await house.requests(DOWNLOADS) == 3
    again = await house.press(asked, "Confirm")
    assert "decided already" in words(again.failure)
    assert await house.requests(DOWNLOADS) == 3


async def test_of_two_clicks_at_once_one_spends(house: BotHarness) -> None:
    asked = await house.say(MANY)
    both = await asyncio.gather(house.press(asked, "Confirm"), house.press(asked, "Confirm"))
    assert sorted(screen.names[-1] for screen in both) == ["answer", "fail"]
    assert await house.requests(DOWNLOADS) == 3


async def test_what_costs_less_runs_at_once(house: BotHarness) -> None:
    screen = await house.say(f"media get {ids(ASK_ABOVE)}")
    assert "Spend" not in screen.card.title
    assert await house.requests(DOWNLOADS) == 2


@pytest.mark.parametrize("word", ["off", "Default", "off:yes"])
async def test_what_was_set_is_taken_back_by_a_word(house: BotHarness, word: str) -> None:
    await house.say("setup spending 2")
    assert "100 credits" in words((await house.say(f"setup spending {word}")).card)
    assert await house.app.services.spending.chosen(HERE) is None
    assert "or off" in words((await house.say("setup spending 5 off:yes")).failure)
    for line, first in (("language", "en-XA"), ("timezone", "Istanbul")):
        for group in ("setup", "me"):
            before = words((await house.say(f"{group} {line}")).card)
            assert words((await house.say(f"{group} {line} {first}")).card) != before
            assert (await house.say(f"{group} {line} {word}")).outcome is InvocationOutcome.OK
            assert words((await house.say(f"{group} {line}")).card) == before


async def test_a_place_sets_its_own_number_for_itself_alone(house: BotHarness) -> None:
    assert "100 credits" in words((await house.say("setup spending")).card)
    assert "2 credits" in words((await house.say("setup spending 2")).card)
    assert field_of((await house.say("setup status")).card, "Asks above") == "2 credits"
    assert field_of((await house.say("account show")).card, "Asks above") == "2 credits"
    assert (await house.say(f"media get {ids(2)}")).card.title == "Spend up to 4 credits?"
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    elsewhere = await house.say(f"media get {ids(2)}", tenant=ELSEWHERE)
    assert "Spend" not in elsewhere.card.title


@pytest.mark.parametrize("line", ["tweet show 1893456789012345678", "trends Japan", "tweet like {tweet}"])
async def test_one_glance_and_what_asks_anyway_are_never_asked_about(house: BotHarness, line: str) -> None:
    await house.say("setup spending 1")
    screen = await house.say(line.format(tweet="1893456789012345678"))
    assert "Spend" not in words(screen.card)


@pytest.mark.parametrize("wrong", ["0", "-5", "1000001", "many"])
async def test_a_number_that_is_none_is_refused_by_name(house: BotHarness, wrong: str) -> None:
    failed = words((await house.say(f"setup spending ask_above:{wrong}")).failure)
    assert "ask_above" in failed
    assert await house.app.services.spending.chosen(HERE) is None


async def test_who_may_not_spend_neither_runs_nor_confirms_it(house: BotHarness) -> None:
    asked = await house.say(MANY)
    refused = await house.press(asked, "Confirm", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    refused = await house.press(asked, "Cancel", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    await house.app.services.grants.grant(HERE, "everyone", "", Permission.USE | Permission.SPEND)
    assert (await house.press(asked, "Confirm", actor=MEMBER)).outcome is InvocationOutcome.OK
    assert await house.requests(DOWNLOADS) == 3


async def test_who_asked_and_may_no_longer_spend_can_still_cancel(house: BotHarness) -> None:
    grants = house.app.services.grants
    await grants.grant(HERE, "everyone", "", Permission.USE | Permission.SPEND)
    asked = await house.say(MANY, actor=MEMBER)
    await grants.revoke(HERE, "everyone", "", Permission.SPEND)
    assert (await house.press(asked, "Confirm", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    left = await house.press(asked, "Cancel", actor=MEMBER)
    assert left.reply.replace and "Nothing was spent" in words(left.card)
    assert "decided already" in words((await house.press(asked, "Confirm")).failure)
    assert await house.requests(DOWNLOADS) == 0


async def test_a_price_that_grew_meanwhile_is_asked_again(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await house.say(MANY)
    monkeypatch.setattr(prices, "MEDIA_PER_TWEET", 2)
    again = await house.press(asked, "Confirm")
    assert again.reply.replace and again.card.title == "Spend up to 202 credits?"
    assert "costs more by now" in words(again.card)
    assert await house.requests(DOWNLOADS) == 0
    assert "decided already" in words((await house.press(asked, "Confirm")).failure)
    assert "Media" in (await house.press(again, "Confirm")).card.title


async def test_it_is_answered_after_a_restart_until_it_has_expired(house: BotHarness) -> None:
    first, second = await house.say(MANY), await house.say(MANY)
    await house.reopen()
    assert "Media" in (await house.press(first, "Confirm")).card.title
    house.clock.advance(LIFETIME + 1)
    assert "within 15 minutes" in words((await house.press(second, "Confirm")).failure)


async def test_the_button_of_another_place_is_unknown_here(house: BotHarness) -> None:
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    asked = await house.say(MANY)
    stolen = await house.press(ref_of(asked.card, "Confirm"), tenant=ELSEWHERE, actor=ADMIN)
    assert "decided already" in words(stolen.failure)
    assert await house.requests(DOWNLOADS) == 0


async def test_what_fails_takes_the_place_of_the_question(house: BotHarness) -> None:
    asked = await house.say(MANY)
    await house.fault(path=DOWNLOADS, status=402, code="insufficient_credits")
    failed = await house.press(asked, "Confirm")
    assert failed.outcome is InvocationOutcome.FAILED
    assert failed.reply.replace and "credits" in words(failed.card) and not failed.card.buttons
    assert "decided already" in words((await house.press(asked, "Confirm")).failure)


async def test_the_credits_are_looked_at_once_more_when_it_is_confirmed(house: BotHarness) -> None:
    asked = await house.say(MANY)
    await house.control("credits", body={"balance": 50})
    refused = await house.press(asked, "Confirm")
    assert refused.failure.title == "Not enough Xquik credits"
    assert "101 credits" in words(refused.failure) and "50" not in words(refused.failure)
    assert (await house.requests(DOWNLOADS), await house.credits()) == (0, 50)
    await house.control("credits", body={"balance": 5_000})
    assert "Media" in (await house.press(asked, "Confirm")).card.title


async def test_where_nobody_says_what_is_left_it_runs(house: BotHarness) -> None:
    asked = await house.say(MANY)
    await house.fault(path="/credits", status=503)
    assert "Media" in (await house.press(asked, "Confirm")).card.title

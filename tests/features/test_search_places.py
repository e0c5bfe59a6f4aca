"""`tweet search place:`: a name is found once, an id is taken as it is, and what was searched is said."""

from __future__ import annotations

import pytest

from bot.core.commands.budgets import Period
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, BotHarness
from tests.features.test_tweet_search import quoted

ISTANBUL = "682c5a667856ef42"
LINE = "tweet search place:istanbul"


async def offered(house: BotHarness, typed: str) -> list[tuple[str, str]]:
    invocation = house.invocation(ADMIN, HERE)
    found = await house.app.dispatcher.suggest(invocation, ("tweet", "search"), "place", typed)
    return [(one.label, one.value) for one in found]


async def asked(house: BotHarness) -> int:
    return int((await house.state())["operations"].get("GET /x/places/search", 0))


async def test_a_name_is_found_once_and_said(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say(LINE)
    found = quoted(screen)
    assert found and field_of(screen.card, "Search") == f"place:{ISTANBUL}"
    assert field_of(screen.card, "Place") == "İstanbul, Türkiye"
    assert before - await house.credits() == len(found) + 1, "the tweets, and the one place of that name"
    await house.reopen()
    before = await house.credits()
    again = await house.say(LINE)
    assert field_of(again.card, "Place") == "İstanbul, Türkiye"
    assert before - await house.credits() == len(quoted(again)), "found for nothing, after a restart too"
    assert await asked(house) == 1


async def test_places_that_were_found_are_offered(house: BotHarness) -> None:
    assert await offered(house, "ista") == [] and await asked(house) == 0, "letters cost nothing"
    await house.say(LINE)
    assert await offered(house, "ista") == [("İstanbul, Türkiye", "İstanbul, Türkiye")]
    assert [value for _, value in await offered(house, "japan")] == ["Japan"]
    await house.say('tweet search place:"İstanbul, Türkiye"')
    assert await asked(house) == 1
    other = (await house.control("keys", body={"credits": 10}))["key"]
    await house.give_key(ELSEWHERE, other)
    elsewhere = house.invocation(ADMIN, ELSEWHERE)
    assert await house.app.dispatcher.suggest(elsewhere, ("tweet", "search"), "place", "ista") == ()


async def test_an_id_is_taken_as_it_is(house: BotHarness) -> None:
    screen = await house.say(f"tweet search place:{ISTANBUL.upper()}")
    assert quoted(screen) and field_of(screen.card, "Search") == f"place:{ISTANBUL}"
    assert await asked(house) == 0
    await house.say(LINE)
    named = await house.say(f"tweet search place:{ISTANBUL}")
    assert field_of(named.card, "Place") == "İstanbul, Türkiye", "by then it is known"


async def test_the_likeliest_is_taken_and_the_others_are_said(house: BotHarness) -> None:
    before = await house.credits()
    screen = await house.say("tweet search place:Türkiye")
    assert field_of(screen.card, "Place") == "Türkiye", "what is called so goes before what lies in it"
    assert "X knows others of that name:" in words(screen.card)
    assert "İstanbul, Türkiye" in words(screen.card)
    assert before - await house.credits() == len(quoted(screen)) + 3


async def test_a_place_that_x_does_not_know_costs_nothing(house: BotHarness) -> None:
    before = await house.credits()
    refused = await house.say("tweet search notes place:atlantis")
    assert refused.outcome is InvocationOutcome.FAILED
    assert "X knows no place that is called atlantis." in words(refused.failure)
    assert await house.credits() == before


async def test_what_else_is_wrong_is_said_before_a_place_is_paid_for(house: BotHarness) -> None:
    refused = await house.say("tweet search place:istanbul since:2026-03-02 until:2026-03-01")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD and await asked(house) == 0


@pytest.mark.parametrize(("credits", "runs"), [(7, False), (8, True)])
async def test_a_budget_covers_the_place_too(house: BotHarness, credits: int, runs: bool) -> None:
    await house.say(f"credits budget {credits} period:day")
    screen = await house.say(LINE)
    assert (screen.outcome is InvocationOutcome.OK) is runs
    assert await asked(house) == int(runs)
    if runs:
        budgets = house.app.services.budgets
        (use,) = await budgets.standing(HERE)
        assert use.budget.period is Period.DAY and use.used == len(quoted(screen)) + 1

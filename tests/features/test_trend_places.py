"""Trends of any place, the places that have some, and what was trending before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.chat.cards import Text
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, BotHarness, asks
from tests.features.listing_asked import BUTTON, ended, spent
from tests.features.listing_asked import rows_of as rows_of_file
from tests.relay.harness import until


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


async def offered(house: BotHarness, text: str, command: str = "show") -> list[str]:
    found = await house.app.dispatcher.suggest(
        house.invocation(ADMIN, HERE), ("trends", command), "region", text
    )
    return [choice.value for choice in found]


async def test_a_town_has_trends_that_are_kept_too(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say("trends region:istanbul count:5")
    assert first.card.title == "Trends: Istanbul, Turkey" and len(rows_of(first.card)) == 5
    again = await house.say("trends Istanbul")
    assert "at no cost" in words(again.card)
    assert await spent(house, before) == 1


async def test_two_towns_of_a_name_are_told_apart_by_their_country(house: BotHarness) -> None:
    assert (await house.say('trends "Birmingham, GB"')).card.title == "Trends: Birmingham, United Kingdom"
    assert (await house.say('trends "Birmingham, United States"')).card.title.endswith("United States")
    assert (await house.say("trends Birmingham")).outcome is InvocationOutcome.FAILED


@pytest.mark.parametrize("line", ["trends Atlantis", "trends history region:Atlantis", "trends 5"])
async def test_a_place_without_trends_is_refused_with_the_way_to_others(house: BotHarness, line: str) -> None:
    before = await house.credits()
    refused = await house.say(line)
    assert refused.outcome is InvocationOutcome.FAILED
    assert "Japan (JP)" in words(refused.failure) and "trends places" in words(refused.failure)
    assert await spent(house, before) == 0


async def test_places_are_found_and_offered_from_then_on(house: BotHarness) -> None:
    assert await offered(house, "ank") == []
    before = await house.credits()
    card = (await house.say("trends places country:Türkiye")).card
    assert [row[0] for row in rows_of(card)] == ["Turkey", "Istanbul", "Ankara", "Izmir"]
    assert await spent(house, before) == 4
    assert await offered(house, "ank") == ["Ankara, Turkey"] == await offered(house, "ank", "history")
    await house.reopen()
    assert await offered(house, "ank") == ["Ankara, Turkey"], "after a restart, too"
    assert (await house.say('trends "Ankara, Turkey"')).card.title == "Trends: Ankara, Turkey"
    other = (await house.control("keys", body={"credits": 10}))["key"]
    await house.give_key(ELSEWHERE, other)
    found = await house.app.dispatcher.suggest(
        house.invocation(ADMIN, ELSEWHERE), ("trends", "show"), "region", "ank"
    )
    assert found == (), "nothing is offered to another place"


async def test_more_places_than_a_page_holds_are_said(house: BotHarness) -> None:
    card = (await house.say("trends places")).card
    assert len(rows_of(card)) == 20 and "These are the first." in words(card)
    assert "X has no trends for such a place." in words((await house.say("trends places qqq")).card)


async def test_all_places_come_as_a_file_and_are_all_offered(sending: BotHarness) -> None:
    listed = await sending.say("trends places")
    shown = await sending.submit(await sending.press(listed, BUTTON), format="csv", rows="")
    if asks(shown.card):
        await sending.confirm(shown)
    else:
        await ended(sending, shown)
    await until(lambda: bool(sending.wall.files))
    rows = rows_of_file(sending.wall.files[0].content)
    assert len(rows) == len({row["woeid"] for row in rows}) == 36
    assert {"2344116", "1"} <= {row["woeid"] for row in rows}
    assert await offered(sending, "mexico c") == ["Mexico City, Mexico"]


async def test_history_is_one_list_a_step_page_by_page(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say("trends history region:Japan since:12h")
    assert "Oldest first: up to 12 lists on 2 pages." in words(first.card)
    texts = [block for block in first.card.blocks if isinstance(block, Text) and not block.subtle]
    assert len(texts) == 6 and await spent(house, before) == 6
    assert first.card.title == "Past trends: Japan"
    label = next(one.label for one in buttons(first.card) if one.label.startswith("Next"))
    house.clock.advance(1800)
    second = await house.press(first, label)
    assert second.reply.replace and await spent(house, before) == 12
    assert not any(one.label.startswith("Next") for one in buttons(second.card))


async def test_history_comes_as_a_file(sending: BotHarness) -> None:
    listed = await sending.say("trends history region:US since:3d every:6h")
    shown = await sending.submit(await sending.press(listed, BUTTON), format="csv", rows="")
    assert not asks(shown.card), "12 lists are no more than a glance"
    await ended(sending, shown)
    await until(lambda: bool(sending.wall.files))
    rows = rows_of_file(sending.wall.files[0].content)
    assert len(rows) == 12 and rows[0]["trend_1"] and rows[0]["at"].endswith("+00:00")
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


async def test_before_the_archive_there_is_nothing(house: BotHarness) -> None:
    card = (await house.say("trends history since:700d until:690d")).card
    assert "its archive begins in October 2026" in words(card)


@pytest.mark.parametrize("options", ["since:1h until:2h", "every:1m", "since:9999d", "since:soon"])
async def test_a_time_that_cannot_be_meant_is_refused(house: BotHarness, options: str) -> None:
    before = await house.credits()
    refused = await house.say(f"trends history {options}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert await spent(house, before) == 0


@pytest.mark.parametrize("line", ["trends Istanbul", "trends history", "trends places york"])
async def test_without_credits_nothing_is_read(house: BotHarness, line: str) -> None:
    await house.control("credits", body={"balance": 0})
    refused = await house.say(line)
    assert refused.outcome is InvocationOutcome.FAILED and "balance" in words(refused.failure)

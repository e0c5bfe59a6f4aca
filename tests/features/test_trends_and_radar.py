"""Trends are asked once in 15 minutes a tenant; the radar is paged by buttons."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Table, Text
from bot.core.commands.dispatch import InvocationOutcome
from bot.xquik.resources.regions import REGIONS
from tests.features.edge import buttons, ref_of, words
from tests.features.harness import ELSEWHERE, HERE, BotHarness


async def test_trends_cost_once_and_then_nothing_for_15_minutes(house: BotHarness) -> None:
    first = await house.say("trends region:US count:5")
    assert await house.credits() == 25_000 - 1
    second = await house.say("trends us")
    assert await house.credits() == 25_000 - 1
    assert "at no cost" in words(second.card)
    assert "at no cost" not in words(first.card)
    house.clock.advance(15 * 60 + 1)
    await house.say("trends region:US")
    assert await house.credits() == 25_000 - 2


async def test_what_one_tenant_paid_for_is_not_shown_to_another(house: BotHarness) -> None:
    other = (await house.control("keys", body={"credits": 10}))["key"]
    await house.give_key(ELSEWHERE, other)
    await house.say("trends Japan")
    await house.say("trends Japan", tenant=ELSEWHERE)
    assert await house.requests("/x/trends") == 2


async def test_a_tenant_without_a_key_is_not_shown_kept_trends_of_its_own_past(house: BotHarness) -> None:
    await house.say("trends US")
    await house.app.services.keys.forget(HERE)
    assert "setup key" in words((await house.say("trends US")).failure)


async def test_as_many_rows_are_shown_as_were_asked_for(house: BotHarness) -> None:
    card = (await house.say("trends region:Germany count:7")).card
    table = next(block for block in card.blocks if isinstance(block, Table))
    assert len(table.rows) == 7
    assert table.total == 50
    assert card.title == "Trends: Germany"


@pytest.mark.parametrize("name", [name for r in REGIONS for name in (r.name, r.code, r.name.lower())])
async def test_every_region_is_found_by_name_and_code(house: BotHarness, name: str) -> None:
    assert (await house.say(f'trends region:"{name}"')).outcome is InvocationOutcome.OK


async def test_an_unknown_region_names_those_there_are(house: BotHarness) -> None:
    screen = await house.say("trends region:Atlantis")
    assert screen.outcome in (InvocationOutcome.NOT_UNDERSTOOD, InvocationOutcome.FAILED)
    assert "Japan" in words(screen.failure)
    assert await house.credits() == 25_000


async def test_radar_goes_forth_and_back_in_place(house: BotHarness) -> None:
    first = await house.say("radar hours:72")
    assert [b.label for b in buttons(first.card)] == ["Next", "All as a file…"]
    second = await house.press(first, "Next")
    assert second.reply.replace
    assert [b.label for b in buttons(second.card)] == ["Back", "Next", "All as a file…"]
    assert second.card.blocks != first.card.blocks
    third = await house.press(second, "Next")
    back = await house.press(await house.press(third, "Back"), "Back")
    assert back.card.blocks == first.card.blocks
    assert await house.credits() == 25_000, "the radar is free"


@pytest.mark.parametrize(
    "source", ["github", "google_trends", "hacker_news", "polymarket", "reddit", "trustmrr", "wikipedia"]
)
async def test_radar_keeps_its_filters_on_the_next_page(house: BotHarness, source: str) -> None:
    first = await house.say(f"radar source:{source} hours:72 category:tech region:US")
    assert first.outcome is InvocationOutcome.OK
    by_word = await house.say(f"radar {source.replace('_', ' ')}")
    assert by_word.outcome is InvocationOutcome.OK, "the label works as well as the value"
    if any(b.label == "Next" for b in buttons(first.card)):
        assert (await house.press(first, "Next")).card.title == first.card.title


async def test_a_page_button_of_another_tenant_opens_nothing(house: BotHarness) -> None:
    first = await house.say("radar hours:72")
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    screen = await house.press(ref_of(first.card, "Next"), tenant=ELSEWHERE)
    assert screen.failure.title == "This has expired"


async def test_a_page_button_expires_and_says_so(house: BotHarness) -> None:
    first = await house.say("radar hours:72")
    house.clock.advance(25 * 3600)
    screen = await house.press(first, "Next")
    assert "expired" in words(screen.failure)
    assert "again" in words(screen.failure)


async def test_an_empty_radar_says_what_to_try(house: BotHarness) -> None:
    await house.fault(path="/none", status=500)  # nothing else is affected by a fault elsewhere
    screen = await house.say("radar source:trustmrr category:politics hours:1 region:MX")
    assert screen.outcome is InvocationOutcome.OK
    assert all(isinstance(block, Text) for block in screen.card.blocks)

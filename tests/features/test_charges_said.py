"""Below the answer of every command that costs something at once stands what it was charged, or costs."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from bot.core.commands.declaring import Command
from bot.features.catalogue import catalogue
from bot.sandbox.world.articles import COMET_ID
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import HERE, TWEET, BotHarness

ALL = catalogue(())
METERED = [one for one in ALL if not one.cost.free and not one.cost.confirmed]
_SAID = re.compile(r"(Charged|Cost): (up to )?([\d,]+) credits?\.")


@pytest.mark.parametrize("command", METERED, ids=lambda command: command.name)
async def test_what_a_read_was_charged_is_said_below_it(house: BotHarness, command: Command[Any]) -> None:
    for example in command.examples:
        line = await prepared(house, command, example)
        before = await house.credits()
        screen = await house.done(line)
        assert screen.names[-1] != "fail", words(screen.failure)
        spent = before - await house.credits()
        said = _SAID.findall(words(screen.card))
        assert len(said) == 1, f"{line}: {words(screen.card)}"
        ((kind, at_most, figure),) = said
        amount = int(figure.replace(",", ""))
        assert spent <= amount if at_most else spent == amount, f"{line}: {said}, and it was {spent}"
        assert kind == "Charged" or command.listing is None


LOOKED_UP = [one for one in ALL if one.cost.look]


@pytest.mark.parametrize("command", LOOKED_UP, ids=lambda command: command.name)
async def test_what_a_preview_was_looked_up_for_is_said_in_it_and_in_the_outcome(
    house: BotHarness, command: Command[Any]
) -> None:
    line = await prepared(house, command, command.examples[0])
    await house.say("credits budget 100000")
    (begun,) = await house.app.services.budgets.standing(HERE)
    before = await house.credits()
    proposed = await house.say(line)
    spent = before - await house.credits()
    said = re.findall(r"Looking it up cost (\d+) credits?\.", words(proposed.card))
    assert [int(one) for one in said] == ([spent] if spent else [])
    (use,) = await house.app.services.budgets.standing(HERE)
    assert use.used - begun.used == spent
    if not any(button.label == "Confirm" for button in proposed.card.buttons):
        return
    ended = words(await house.confirm(proposed))
    assert ended.count("Looking it up cost") == len(said)
    (use,) = await house.app.services.budgets.standing(HERE)
    assert use.used - begun.used == before - await house.credits()


@pytest.mark.parametrize("marker", ["[ambiguous]", "[unconfirmed]"])
async def test_where_an_outcome_is_not_known_there_is_a_word_on_the_charge(
    house: BotHarness, marker: str
) -> None:
    proposed = await house.say(f'tweet post "Hello {marker}"')
    before = await house.credits()
    ended = words(await house.confirm(proposed))
    spent = before - await house.credits()
    known = f"Charged: {spent} credits." if spent else "Nothing was charged."
    assert known in ended or "Xquik did not say whether anything was charged." in ended, ended


async def test_for_an_account_that_is_gone_by_then_nothing_is_charged_which_is_said(
    house: BotHarness,
) -> None:
    await house.control("accounts", body={"username": "nasa"})
    await house.say("credits budget 1000")
    proposed = await house.say('tweet post "Soon" account:nasa')
    xquik = await house.app.services.xquik.of(HERE)
    (gone,) = [one for one in await xquik.x_accounts.list() if one.username == "nasa"]
    async with httpx.AsyncClient(trust_env=False, headers={"x-api-key": house.sandbox.api_key}) as client:
        base = house.app.settings.xquik.base_url
        assert (await client.delete(f"{base}/x/accounts/{gone.id}")).is_success
    ended = words(await house.confirm(proposed))
    assert "Nothing was charged." in ended, ended
    (use,) = await house.app.services.budgets.standing(HERE)
    assert use.used == 0


async def test_a_page_that_is_short_because_the_credits_ended_says_so(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 5})
    card = (await house.say(f"tweet retweeters {TWEET}")).card
    assert "The Xquik credits were enough for these rows alone." in words(card), words(card)
    assert "credits topup" in words(card) and "Charged: 5 credits." in words(card)
    await house.control("credits", body={"balance": 5_000})
    assert "enough" not in words((await house.say(f"tweet retweeters {TWEET}")).card)


FREE = [one for one in ALL if one.cost.free and one.listing is not None]


@pytest.mark.parametrize("command", FREE, ids=lambda command: command.name)
async def test_below_what_is_free_no_charge_is_said(house: BotHarness, command: Command[Any]) -> None:
    screen = await house.done(await prepared(house, command, command.examples[0]))
    assert not _SAID.search(words(screen.card))


async def test_pages_of_an_article_that_is_kept_are_free_and_count_for_no_budget(house: BotHarness) -> None:
    await house.say("credits budget 100 period:day")
    first = await house.say(f"article show https://x.com/esa/status/{COMET_ID}")
    assert "Charged: 5 credits." in words(first.card)
    second = await house.press(first, "Next")
    assert "Charged: 0 credits." in words(second.card)
    (use,) = await house.app.services.budgets.standing(HERE)
    assert use.used == 5

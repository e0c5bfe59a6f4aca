"""Below the answer of every command that costs something at once stands what it was charged, or costs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.core.commands.declaring import Command
from bot.features.catalogue import catalogue
from bot.sandbox.world.articles import COMET_ID
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import HERE, BotHarness

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

"""Every command that spends without a Confirm of its own: it says its price first, asks above what the place
lets be spent at once, and is charged no more than it said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.core.commands.declaring import Command
from bot.features.catalogue import catalogue
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import BotHarness, asks_first

ALL = catalogue(())
METERED = [one for one in ALL if not one.cost.free and not one.cost.confirmed]


def test_each_has_its_price_in_its_description() -> None:
    assert len(METERED) > 60
    for one in METERED:
        assert one.cost.words in one.described, one.name


@pytest.mark.parametrize("command", METERED, ids=lambda command: command.name)
async def test_it_asks_above_what_a_place_lets_be_spent_at_once(
    house: BotHarness, command: Command[Any]
) -> None:
    line = await prepared(house, command, command.examples[0])
    await house.say("setup spending 1")
    before = await house.credits()
    screen = await house.say(line)
    asked = asks_first(screen.card)
    if not asked:
        assert before - await house.credits() <= 1, "one credit is never asked about"
        return
    assert await house.credits() == before, "nothing is spent before"
    at_most = re.search(r"up to ([\d,]+) credit", words(screen.card))
    guessed = command.listing is not None and command.listing.guessed
    assert at_most is not None or guessed or command.consent is not None
    done = await house.press(screen, "Confirm")
    charged = before - await house.credits()
    if at_most is not None:
        assert charged <= int(at_most[1].replace(",", ""))
    # What stands below the answer: tests/features/test_charges_said.py.
    assert "Charged: " in words(done.card) or "Cost: " in words(done.card)

"""A command inside a text is shown as one, wherever it stands."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Card, Code, Text
from bot.i18n.translator import ENGLISH_TRANSLATOR
from tests.features.harness import BotHarness


def _codes(card: Card) -> list[str]:
    """Every piece of a card's texts that is drawn as code."""
    said = ENGLISH_TRANSLATOR.card(card)
    parts = [part for block in said.blocks if isinstance(block, Text) for part in block.line]
    return [part.text for part in parts if isinstance(part, Code)]


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("monitor show nobody", "monitor list"),
        ("monitor pause 地震", "monitor list"),
        ("relay show nothing", "relay add"),
        ("relay pause عاجل", "relay add"),
        ("relay unmute nasa", "relay mutes"),
    ],
)
async def test_what_helps_is_drawn_as_code(house: BotHarness, said: str, command: str) -> None:
    failure = (await house.say(said)).failure
    assert command in _codes(failure)


@pytest.mark.parametrize(
    ("option", "start", "resume"),
    [
        ("account:nasa", "monitor add nasa", "monitor resume nasa"),
        ('keyword:"new horizons"', 'monitor keyword "new horizons"', 'monitor resume "new horizons"'),
        ("keyword:地震", 'monitor keyword "地震"', 'monitor resume "地震"'),
        ("keyword:عاجل", 'monitor keyword "عاجل"', 'monitor resume "عاجل"'),
        ("keyword:`x`", 'monitor keyword "`x`"', 'monitor resume "`x`"'),
    ],
)
async def test_a_route_that_gets_nothing_names_the_command(
    house: BotHarness, option: str, start: str, resume: str
) -> None:
    added = await house.say(f"relay add channel:#alerts {option} watch:no name:one")
    assert start in _codes(added.card)
    await house.done(start)
    await house.say(resume.replace("resume", "pause"))
    again = await house.say(f"relay add channel:#alerts {option} watch:no name:two")
    assert resume in _codes(again.card)

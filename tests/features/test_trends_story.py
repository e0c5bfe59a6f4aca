"""How a news story that X writes has changed: newest first, page by page and as a file."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.world.news import STORIES, STORY_ID
from tests.features.edge import Screen, words
from tests.features.harness import ELSEWHERE, BotHarness, asks
from tests.features.listing_asked import BUTTON, ended, spent
from tests.features.listing_asked import rows_of as rows_in
from tests.relay.harness import until

LINE = f"trends story https://x.com/i/trending/{STORY_ID}"
TOLD = [headline for _, _, headline, _ in STORIES[STORY_ID]][::-1]


def quotes(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def test_versions_are_read_newest_first_and_turned(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say(LINE)
    assert first.card.title == f"Versions of news story {STORY_ID}"
    assert [quote.author for quote in quotes(first)] == TOLD[:3]
    second = await house.press(first, "Next (up to 1 credit)")
    assert [quote.author for quote in quotes(second)] == TOLD[3:]
    assert await spent(house, before) == 2
    assert quotes(await house.say(f"trends story {STORY_ID}"))[0].at == quotes(first)[0].at


async def test_words_of_strangers_are_quoted_and_nothing_else(house: BotHarness) -> None:
    shown = await house.say(LINE)
    assert "@everyone **wait** [here](https://evil.example) & now" in quotes(shown)[2].text
    assert "everyone" not in shown.card.title


async def test_all_of_them_come_as_a_file(house: BotHarness) -> None:
    await house.app.relay.start()
    opened = await house.press(await house.say(LINE), BUTTON)
    shown = await house.submit(opened, format="csv", rows="")
    if asks(shown.card):
        await house.confirm(shown)
    else:
        await ended(house, shown)
    await until(lambda: bool(house.wall.files))
    rows = rows_in(house.wall.files[0].content)
    assert [row["headline"] for row in rows] == TOLD


async def test_a_story_that_is_not_there_is_said(house: BotHarness) -> None:
    before = await house.credits()
    missing = await house.say("trends story 999")
    assert "X has no such news story." in words(missing.failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize("text", ["nasa", "https://x.com/nasa/status/12", "evil.example/i/trending/12", "0"])
async def test_what_is_no_story_is_named_before_anything_is_asked(house: BotHarness, text: str) -> None:
    before = await house.state()
    refused = await house.say(f"trends story {text}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "is no link to a news story of X." in words(refused.failure)
    assert (await house.state())["requests"] == before["requests"]


async def test_without_credits_it_says_so(house: BotHarness) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(LINE, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED and "credits" in words(screen.failure)

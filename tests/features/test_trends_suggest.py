"""What X suggests to who types a search: hashtags, topics, stocks and accounts."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Link, Table
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.trends.suggested import rows_of_suggestions
from bot.xquik.models import SearchSuggestions, parse
from tests.features.edge import Screen, rows_of, words
from tests.features.harness import ELSEWHERE, BotHarness
from tests.features.listing_asked import BUTTON, spent
from tests.features.listing_asked import rows_of as rows_in
from tests.relay.harness import until


def links(screen: Screen) -> list[str]:
    return [
        part.url
        for block in screen.card.blocks
        if isinstance(block, Table)
        for row in block.rows
        for part in row[0]
        if isinstance(part, Link)
    ]


async def test_words_lead_to_topics_and_accounts(house: BotHarness) -> None:
    before = await house.credits()
    shown = await house.say("trends suggest space")
    rows = rows_of(shown.card)
    assert shown.card.title == "X suggests: space"
    assert ["space launch", "Topic", "–"] in rows and ["@spacex", "Account", "SpaceX"] in rows
    assert "https://x.com/search?q=space%20launch" in links(shown)
    assert await spent(house, before) == len(rows), "each suggestion is paid for"


async def test_one_kind_may_be_asked_for(house: BotHarness) -> None:
    tags = await house.say("trends suggest giv only:hashtags")
    assert rows_of(tags.card) == [["#giveaway", "Hashtag", "–"]]
    assert links(tags) == ["https://x.com/search?q=%23giveaway"]
    stocks = await house.say('trends suggest bit only:"stocks and tokens"')
    assert rows_of(stocks.card) == [["$BTC", "Stock or token", "Bitcoin"]]
    marked = rows_of((await house.say("trends suggest #giv")).card)
    assert ["#giveaway", "Hashtag", "–"] in marked


async def test_nothing_is_said_with_what_to_do_next(house: BotHarness) -> None:
    before = await house.credits()
    nothing = await house.say("trends suggest qqqqqq")
    assert nothing.outcome is InvocationOutcome.OK and "tweet search" in words(nothing.card)
    assert await spent(house, before) == 0


def test_marks_are_written_once_and_words_of_strangers_stay_in_cells() -> None:
    told = {
        "hashtags": [{"hashtag": "#a"}, {"hashtag": "b"}],
        "users": [{"username": "x", "name": "@everyone"}],
    }
    found = list(rows_of_suggestions(parse(SearchSuggestions, told)))
    assert [one.text for one in found] == ["#a", "#b", "@x"] and found[2].name == "@everyone"


async def test_all_of_them_come_as_a_file(house: BotHarness) -> None:
    await house.app.relay.start()
    opened = await house.press(await house.say("trends suggest space"), BUTTON)
    await house.confirm(await house.submit(opened, format="csv", rows=""))
    await until(lambda: bool(house.wall.files))
    rows = rows_in(house.wall.files[0].content)
    assert {"topic", "user"} <= {row["kind"] for row in rows}


@pytest.mark.parametrize("line", ["trends suggest space", "trends suggest giv only:hashtags"])
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED and "credits" in words(screen.failure)


async def test_a_kind_that_is_not_there_is_named(house: BotHarness) -> None:
    refused = await house.say("trends suggest space only:planets")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "hashtags" in words(refused.failure)

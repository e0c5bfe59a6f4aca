"""`user compare` and `user latest`: several accounts at once."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote, Tone
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import rows_of, words
from tests.features.harness import BotHarness
from tests.features.listing_asked import spent


async def test_figures_stand_side_by_side_in_the_order_asked(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say("user compare @nasa,@esa,@NASA,@missing_one")).card
    assert [row[0] for row in rows_of(card)] == ["@nasa", "@esa"]
    assert rows_of(card)[0][1] == "86,000,000"
    assert card.title == "2 accounts" and "X shows nothing of @missing_one." in words(card)
    assert await spent(house, before) == 2
    assert (await house.state())["operations"]["GET /x/users/batch"] == 1


async def test_whom_the_credits_do_not_reach_is_said(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 1})
    card = (await house.say("user compare @nasa,@esa,@github")).card
    assert len(rows_of(card)) == 1 and card.tone is Tone.WARNING
    assert "the credits are not enough: @esa, @github." in words(card)


async def test_newest_tweets_come_account_by_account(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say("user latest @esa,@nasa,@missing_one count:2")).card
    names = [str(block.author_url).rpartition("/")[2] for block in card.blocks if isinstance(block, Quote)]
    assert names == ["esa", "esa", "nasa", "nasa"]
    assert "X shows nothing of @missing_one." in words(card)
    assert await spent(house, before) == 4
    quiet = (await house.say("user latest @somebody_new")).card
    assert "no tweets that can be read" in words(quiet)


@pytest.mark.parametrize("which", ["compare", "latest"])
async def test_nobody_and_no_credits_are_said(house: BotHarness, which: str) -> None:
    missing = await house.say(f"user {which} @missing_a,@missing_b")
    assert missing.outcome is InvocationOutcome.FAILED
    assert "X shows none of these accounts." in words(missing.failure)
    await house.control("credits", body={"balance": 0})
    assert "balance" in words((await house.say(f"user {which} @nasa")).failure)


@pytest.mark.parametrize(
    "line",
    [
        "user compare " + ",".join(f"@a{number}" for number in range(26)),
        "user latest " + ",".join(f"@a{number}" for number in range(11)),
        "user latest @nasa count:6",
        'user compare "a.b"',
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anything_is_asked(house: BotHarness, line: str) -> None:
    before = await house.state()
    assert (await house.say(line)).outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert (await house.state())["requests"] == before["requests"]

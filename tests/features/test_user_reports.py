"""`user check`, `user insights` and `user translate`."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote, Tone
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import HERE, BotHarness
from tests.features.listing_asked import spent


async def test_who_follows_whom_is_said_both_ways(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say("user check @nasa others:@esa,@spacex,@NASA,@Esa")).card
    assert await spent(house, before) == 10, "each once, and nobody with oneself"
    assert card.title == "Who follows whom: @nasa"
    by_name = {row[0]: row[1:] for row in rows_of(card)}
    assert set(by_name) == {"@esa", "@spacex"}
    for name, (followed, follows) in by_name.items():
        (row,) = rows_of((await house.say(f"user check {name} others:@nasa")).card)
        assert row == ["@nasa", follows, followed]


async def test_a_follow_made_here_is_seen(house: BotHarness) -> None:
    await house.done("user follow @cafe_luna")
    card = (await house.say("user check @xquik_demo others:@cafe_luna")).card
    assert rows_of(card) == [["@cafe_luna", "yes", "no"]]
    await house.done("user unfollow @cafe_luna")
    card = (await house.say("user check @xquik_demo others:@cafe_luna")).card
    assert rows_of(card) == [["@cafe_luna", "no", "no"]]


async def test_one_who_is_not_there_does_not_hide_the_others(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say("user check @nasa others:@missing_a,@esa")).card
    assert rows_of(card)[0] == ["@missing_a", "no such user", "–"] and rows_of(card)[1][0] == "@esa"
    assert await spent(house, before) == 5
    for line in ("user check @nasa others:@missing_a,@missing_b", "user check @missing_a others:@esa"):
        assert "X has no such user." in words((await house.say(line)).failure)
    assert await spent(house, before) == 5


async def test_where_credits_end_on_the_way_the_rest_is_said(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 7})
    card = (await house.say("user check @nasa others:@esa,@spacex,@github")).card
    assert len(rows_of(card)) == 1 and card.tone is Tone.WARNING
    assert "2 accounts were not compared." in words(card)
    assert "does not cover this" in words(card)


@pytest.mark.parametrize(
    "line",
    ["user check @nasa others:@nasa", "user check @nasa others:" + ",".join(f"@a{n}" for n in range(21))],
)
async def test_what_cannot_be_compared_is_refused(house: BotHarness, line: str) -> None:
    before = await house.state()
    refused = await house.say(line)
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD and "others" in words(refused.failure)
    assert (await house.state())["requests"] == before["requests"]


async def test_insights_agree_with_the_profile_and_its_tweets(house: BotHarness) -> None:
    before = await house.credits()
    card = (await house.say("user insights @xquik")).card
    assert await spent(house, before) == 1
    profile = await (await house.app.services.xquik.of(HERE)).users.show("xquik")
    assert field_of(card, "Followers") == f"{profile.followers:,}"
    assert field_of(card, "Tweets") == f"{profile.statuses_count:,}"
    assert field_of(card, "Engagements per follower").endswith("%")
    assert [row[0] for row in rows_of(card)] == [
        "Likes",
        "Reposts",
        "Replies",
        "Quotes",
        "Bookmarks",
        "Views",
    ]
    assert "From its last" in words(card) and [one.label for one in buttons(card)] == ["Open on X"]


async def test_insights_of_who_writes_nothing_or_for_few_have_no_averages(house: BotHarness) -> None:
    card = (await house.say("user insights @somebody_new")).card
    assert rows_of(card) == [] and "no tweets of its own" in words(card)
    person = house.sandbox.sandbox.people.by_handle("nasa")
    assert person is not None
    house.sandbox.sandbox.people.change(person, protected=True)
    hidden = (await house.say("user insights @nasa")).card
    assert rows_of(hidden) == [] and "Protected" in words(hidden)


async def test_a_bio_is_translated_into_the_language_that_is_named_or_ones_own(house: BotHarness) -> None:
    card = (await house.say("user translate @nasa language:Spanish")).card
    (quoted,) = [block for block in card.blocks if isinstance(block, Quote)]
    assert quoted.text == "[es] There's space for everybody. ✨"
    assert "Translated by X from English into Spanish." in words(card)
    assert "into Portuguese (pt-br)" in words((await house.say("user translate @nasa language:pt-BR")).card)
    assert "It is in English already" in words((await house.say("user translate @nasa")).card)


async def test_how_often_somebody_writes_agrees_with_what_x_counts(house: BotHarness) -> None:
    card = (await house.say("user insights @nasa")).card
    assert float(field_of(card, "Tweets a day")) > 5


async def test_who_says_nothing_is_translated_for_nothing(house: BotHarness) -> None:
    sandbox = house.sandbox.sandbox
    silent = next(one for one in sandbox.people.crowd if not one.bio)
    before = await house.credits()
    card = (await house.say(f"user translate @{silent.username} language:tr")).card
    assert card.title == "No translation" and await spent(house, before) == 0


async def test_a_language_that_is_none_is_refused_before_anything_is_asked(house: BotHarness) -> None:
    before = await house.state()
    refused = await house.say("user translate @nasa language:Klingonish")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "not a language" in words(refused.failure)
    assert (await house.state())["requests"] == before["requests"]


@pytest.mark.parametrize("which", ["insights", "translate", "check"])
async def test_nobody_and_no_credits_are_said(house: BotHarness, which: str) -> None:
    more = " others:@esa" if which == "check" else ""
    assert "X has no such user." in words((await house.say(f"user {which} @missing_one{more}")).failure)
    await house.control("credits", body={"balance": 0})
    refused = await house.say(f"user {which} @nasa{more}")
    assert refused.outcome is InvocationOutcome.FAILED and "credits" in words(refused.failure)

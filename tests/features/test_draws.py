"""Draws: previewed with their cost, confirmed once, shown with coverage; files and backups."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.chat.cards import Card, Link, Quote, Table
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness


async def drawn(house: BotHarness, options: str = "winners:3 backups:2") -> Card:
    """A draw that was run."""
    return await house.confirm(await house.say(f"draw run {TWEET} {options}"))


async def test_the_preview_shows_the_tweet_the_filters_and_the_cost(house: BotHarness) -> None:
    screen = await house.say(
        f"draw run {TWEET} winners:3 must_follow:@xquik min_followers:50 hashtags:giveaway,#win language:en"
    )
    text = words(screen.card)
    assert "must follow @xquik; at least 50 followers; language en; has #giveaway, #win" in text
    assert field_of(screen.card, "Winners") == "3"
    assert field_of(screen.card, "Estimated cost") == (
        "up to 251 credits: 1 for each entry that Xquik inspects, at most 120 replies and 131 reposters"
    )
    assert "24,999" not in text and "alance" not in text, "it stands in a channel"
    assert await house.requests("/draws") == 0


async def test_a_confirmed_draw_costs_credits_and_is_stored(house: BotHarness) -> None:
    card = await drawn(house)
    assert card.title == "Draw result"
    assert len(rows_of(card)) == 5
    assert field_of(card, "Inspected") == "120 of 120 replies"
    assert await house.credits() == 25_000 - 1 - 120
    [row] = rows_of((await house.say("draw list")).card)
    assert row[-1] == field_of(card, "Draw id")
    again = await house.say(f"draw show {row[0]}")
    assert rows_of(again.card) == rows_of(card)


async def test_the_result_shows_what_it_is_judged_by(house: BotHarness) -> None:
    proposed = await house.say(f"draw run {TWEET} min_followers:10 winners:1 backups:2")
    assert words(proposed.card).count("251 credits") == 1, "the estimate is told once"
    card = await house.confirm(proposed)
    (tweet,) = (block for block in card.blocks if isinstance(block, Quote))
    assert tweet.text
    assert field_of(card, "Who could win") == "one entry per person; at least 10 followers"
    assert "Requested and confirmed by Ada." in words(card)
    assert "Charged: about 120 credits (estimated from the entries inspected)." in words(card)


async def test_the_list_of_draws_leads_to_their_tweets(house: BotHarness) -> None:
    await drawn(house)
    card = (await house.say("draw list")).card
    (table,) = (block for block in card.blocks if isinstance(block, Table))
    assert table.rows[0][1] == (Link("@xquik", TWEET),)


async def test_filters_that_nobody_passes_give_no_winner_and_say_why(house: BotHarness) -> None:
    card = await drawn(house, "keywords:xylophonequartz")
    assert "nobody won" in words(card)
    assert card.tone == "warning"


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        ("/draws*", {"empty": ["winners"]}, "There are 52 valid entries, and Xquik names no winner."),
        ("/draws*", {"without": ["winners"]}, "There are 52 valid entries, and Xquik did not say who won."),
    ],
)
async def test_entries_that_count_without_a_winner_are_no_failed_filters(
    house: BotHarness, path: str, fault: dict[str, list[str]], said: str
) -> None:
    await house.control("faults", body={"path": path, **fault})
    card = await drawn(house)
    count = field_of(card, "Valid entries")
    assert said.replace("52", count) in words(card)
    assert f"draw show {field_of(card, 'Draw id')}" in words(card)
    assert "filter, so nobody won" not in words(card)
    assert card.tone == "warning"
    await house.control("faults", method="DELETE")
    shown = (await house.say(f"draw show {field_of(card, 'Draw id')}")).card
    assert "3 winners" in words(shown)


async def test_a_draw_of_nothing_inspected_says_so(house: BotHarness) -> None:
    post = await house.confirm(await house.say('tweet post "Nobody answers this"'))
    link = str(buttons(post)[0].url)
    card = await house.confirm(await house.say(f"draw run {link}"))
    assert "No reply was inspected, so nobody could win" in words(card)


async def test_the_winners_come_as_a_file_to_whoever_presses(house: BotHarness) -> None:
    card = await drawn(house)
    screen = await house.press(card, "Export winners", actor=TEAM)
    file, record = screen.reply.files
    assert file.name.endswith(".csv")
    assert record.name.endswith("-record.csv")
    assert len(file.content.decode().strip().splitlines()) == 6, "a header and five people"
    assert (
        await house.press(card, "Export winners", actor=MEMBER)
    ).outcome is InvocationOutcome.NOT_PERMITTED


async def test_another_tenants_draw_is_not_found(house: BotHarness) -> None:
    card = await drawn(house)
    other = (await house.control("keys", body={}))["key"]
    await house.give_key(ELSEWHERE, other)
    for label in ("Export winners", "Next backup"):
        screen = await house.press(ref_of(card, label), tenant=ELSEWHERE)
        assert screen.failure.title == "Not found"


async def test_two_clicks_make_one_draw(house: BotHarness) -> None:
    proposed = await house.say(f"draw run {TWEET}")
    ref = ref_of(proposed.card, "Confirm")
    await asyncio.gather(*(house.press(ref) for _ in range(4)))
    await house.app.executor.outcome(HERE, ref.key)
    assert len(rows_of((await house.say("draw list")).card)) == 1


async def test_a_tweet_that_is_gone_costs_nothing(house: BotHarness) -> None:
    screen = await house.say("draw run 1111111111111111111")
    assert screen.failure.title == "Not found"
    assert await house.credits() == 25_000


async def test_no_draws_yet_says_how_to_start(house: BotHarness) -> None:
    assert "draw run" in words((await house.say("draw list")).card)

"""Draws: previewed with their cost, confirmed once, shown with coverage; files and backups."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.core.cards import Card, Link, Quote, Table
from bot.core.dispatch import Outcome
from tests.commands.edge import buttons, field_of, ref_of, rows_of, words
from tests.commands.house import ELSEWHERE, HERE, MEMBER, TEAM, TWEET, House


async def drawn(house: House, options: str = "winners:3 backups:2") -> Card:
    """A draw that was run."""
    return await house.confirm(await house.say(f"draw run {TWEET} {options}"))


async def test_the_preview_shows_the_tweet_the_filters_and_the_cost(house: House) -> None:
    screen = await house.say(
        f"draw run {TWEET} winners:3 must_follow:@xquik min_followers:50 hashtags:giveaway,#win language:en"
    )
    text = words(screen.card)
    assert "must follow @xquik; at least 50 followers; language en; has #giveaway, #win" in text
    assert field_of(screen.card, "Winners") == "3"
    assert field_of(screen.card, "Replies to inspect") == "at most 120"
    assert field_of(screen.card, "Reposters to inspect") == "at most 131"
    assert "credits" in field_of(screen.card, "Estimated cost")
    assert "24,999" not in text and "alance" not in text, "it stands in a channel"
    assert await house.requests("/draws") == 0


async def test_a_confirmed_draw_costs_credits_and_is_stored(house: House) -> None:
    card = await drawn(house)
    assert card.title == "Draw result"
    assert len(rows_of(card)) == 5
    assert field_of(card, "Inspected") == "120 of 120 replies"
    assert await house.credits() == 25_000 - 1 - 120
    [row] = rows_of((await house.say("draw list")).card)
    assert row[-1] == field_of(card, "Draw id")
    again = await house.say(f"draw show {row[0]}")
    assert rows_of(again.card) == rows_of(card)


async def test_the_result_shows_what_it_is_judged_by(house: House) -> None:
    proposed = await house.say(f"draw run {TWEET} min_followers:10 winners:1 backups:2")
    assert words(proposed.card).count("251 credits") == 1, "the estimate is told once"
    card = await house.confirm(proposed)
    (tweet,) = (block for block in card.blocks if isinstance(block, Quote))
    assert tweet.text
    assert field_of(card, "Who could win") == "one entry per person; at least 10 followers"
    assert "Requested and confirmed by Ada." in words(card)
    assert "Charged: about 120 credits (an estimate: the entries inspected)." in words(card)


async def test_a_past_draw_shows_which_backups_moved_up(house: House) -> None:
    card = await drawn(house)
    await house.press(card, "Next backup")
    shown = (await house.say(f"draw show {field_of(card, 'Draw id')}")).card
    assert "2 backups, 1 moved up" in words(shown)
    assert [row[3] for row in rows_of(shown)[3:]] == ["moved up", "waits"]


async def test_the_list_of_draws_leads_to_their_tweets(house: House) -> None:
    await drawn(house)
    card = (await house.say("draw list")).card
    (table,) = (block for block in card.blocks if isinstance(block, Table))
    assert table.rows[0][1] == (Link("@xquik", TWEET),)


async def test_without_credits_for_every_reply_the_coverage_is_told(house: House) -> None:
    await house.control("credits", body={"balance": 41})
    proposed = await house.say(f"draw run {TWEET}")
    assert re.search("cover at most 4[01] of 251 entries", words(proposed.card))
    card = await house.confirm(proposed)
    assert field_of(card, "Inspected") == "40 of 120 replies"
    assert "Not every reply was inspected" in words(card)
    assert await house.credits() == 0


async def test_filters_that_nobody_passes_give_no_winner_and_say_why(house: House) -> None:
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
    house: House, path: str, fault: dict[str, list[str]], said: str
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


async def test_a_draw_of_nothing_inspected_says_so(house: House) -> None:
    post = await house.confirm(await house.say('tweet post "Nobody answers this"'))
    link = str(buttons(post)[0].url)
    card = await house.confirm(await house.say(f"draw run {link}"))
    assert "No reply was inspected, so nobody could win" in words(card)


async def test_the_winners_come_as_a_file_to_whoever_presses(house: House) -> None:
    card = await drawn(house)
    screen = await house.press(card, "Export winners", actor=TEAM)
    [file] = screen.reply.files
    assert file.name.endswith(".csv")
    assert len(file.content.decode().strip().splitlines()) == 6, "a header and five people"
    assert (await house.press(card, "Export winners", actor=MEMBER)).outcome is Outcome.NOT_PERMITTED


@pytest.mark.parametrize("form", ["csv", "json", "md", "md-document", "pdf", "txt", "xlsx"])
async def test_a_draw_is_exported_in_every_format(house: House, form: str) -> None:
    identity = field_of(await drawn(house), "Draw id")
    before = await house.credits()
    for rows in ("winners", "entries"):
        [file] = (await house.say(f"draw export {identity} format:{form} rows:{rows}")).reply.files
        assert file.content
    assert await house.credits() == before, "exports are free"


async def test_backups_move_up_one_by_one_and_never_twice(house: House) -> None:
    card = await drawn(house)
    backups = [row[1] for row in rows_of(card)[3:]]
    first, second = await asyncio.gather(house.press(card, "Next backup"), house.press(card, "Next backup"))
    won, lost = (first, second) if first.outcome is Outcome.OK else (second, first)
    assert rows_of(won.card)[0][1] == backups[0]
    assert "moved up already" in words(lost.failure)
    last = await house.press(won, "Next backup")
    assert rows_of(last.card)[0][1] == backups[1]
    assert buttons(last.card) == [], "no backup is left"
    shown = await house.say(f"draw show {field_of(card, 'Draw id')}")
    assert "Next backup" not in {b.label for b in buttons(shown.card)}


async def test_moving_a_backup_up_needs_the_permission_to_spend(house: House) -> None:
    card = await drawn(house)
    assert (await house.press(card, "Next backup", actor=MEMBER)).outcome is Outcome.NOT_PERMITTED


async def test_another_tenants_draw_is_not_found(house: House) -> None:
    card = await drawn(house)
    other = (await house.control("keys", body={}))["key"]
    await house.give_key(ELSEWHERE, other)
    for label in ("Export winners", "Next backup"):
        screen = await house.press(ref_of(card, label), tenant=ELSEWHERE)
        assert screen.failure.title == "Not found"


async def test_two_clicks_make_one_draw(house: House) -> None:
    proposed = await house.say(f"draw run {TWEET}")
    ref = ref_of(proposed.card, "Confirm")
    await asyncio.gather(*(house.press(ref) for _ in range(4)))
    await house.app.executor.outcome(HERE, ref.key)
    assert len(rows_of((await house.say("draw list")).card)) == 1


async def test_a_tweet_that_is_gone_costs_nothing(house: House) -> None:
    screen = await house.say("draw run 1111111111111111111")
    assert screen.failure.title == "Not found"
    assert await house.credits() == 25_000


async def test_no_draws_yet_says_how_to_start(house: House) -> None:
    assert "draw run" in words((await house.say("draw list")).card)

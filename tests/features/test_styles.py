"""Styles are saved, listed, shown, compared and deleted; advice is given in one of them."""

from __future__ import annotations

import csv
import io

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import Screen, buttons, field_of, rows_of, words
from tests.features.harness import HERE, MEMBER, TEAM, BotHarness

SAMPLE = 20  # tweets that the sandbox reads of an account
WRITES = 'style save launch texts:"We ship on Friday! | Try it: https://example.com | Who is in, @nasa?"'


async def spent(house: BotHarness, line: str) -> tuple[Screen, int]:
    """What was shown, and what it cost."""
    before = await house.credits()
    screen = await house.say(line)
    return screen, before - await house.credits()


async def test_a_style_is_read_from_recent_tweets_at_a_credit_each(house: BotHarness) -> None:
    screen, cost = await spent(house, "style analyze @nasa")
    assert screen.card.title == "Style of @nasa saved"
    assert 0 < cost <= SAMPLE and field_of(screen.card, "Texts") == str(cost)
    assert [row[0] for row in rows_of(screen.card)][:2] == ["Average length", "With a link"]
    assert [one.label for one in buttons(screen.card)] == ["Open on X"]
    shown = await house.say("style show nasa")
    assert shown.card.title == "Style of @nasa"
    assert "style:nasa" in words(shown.card)


async def test_an_own_account_is_said_to_be_one(house: BotHarness) -> None:
    assert "no style to take" in words((await house.say("style analyze xquik_demo")).card)
    await house.done('tweet post "Hello from here"')
    assert field_of((await house.say("style analyze xquik_demo")).card, "Your account") == "yes"
    assert field_of((await house.say("style analyze nasa")).card, "Your account") == "no"


async def test_texts_of_ones_own_are_a_style(house: BotHarness) -> None:
    saved, cost = await spent(house, WRITES)
    assert saved.card.title == "Style launch saved" and cost == 0
    habits = {row[0]: row[1] for row in rows_of(saved.card)}
    assert habits["With a link"] == habits["Naming somebody"] == habits["Asking something"] == "33 %"
    kept = await house.say('style save LAUNCH texts:"Only this"')
    assert kept.failure.title == "That is already there"
    assert "launch is saved already, with 3 texts" in words(kept.failure)
    assert "replace:yes" in words(kept.failure) and "style show launch" in words(kept.failure)
    again = await house.say('style save LAUNCH replace:yes texts:"Only this"')
    assert field_of(again.card, "Texts") == "1"
    assert "We ship on Friday!" in words(again.card), "what it replaced is shown once more"
    assert len(rows_of((await house.say("style list")).card)) == 1, "one of that label is replaced"


async def test_a_style_that_cost_credits_is_not_replaced_by_texts_unless_that_is_said(
    house: BotHarness,
) -> None:
    await house.say("style analyze nasa")
    kept = await house.say('style save nasa texts:"Only this"')
    assert "@nasa is saved already" in words(kept.failure)
    assert (await house.say("style show nasa")).card.title == "Style of @nasa"
    assert "Style nasa saved" in (await house.say('style save nasa replace:yes texts:"Only this"')).card.title


async def test_texts_that_somebody_saved_are_not_replaced_by_an_account_unless_that_is_said(
    house: BotHarness,
) -> None:
    await house.say('style save nasa texts:"Only this"')
    kept, cost = await spent(house, "style analyze @nasa")
    assert kept.failure.title == "That is already there" and cost == 0
    assert "Texts of your own are saved as style nasa" in words(kept.failure)
    assert "Only this" in words((await house.say("style show nasa")).card)
    replaced = await house.say("style analyze @nasa replace:yes")
    assert replaced.card.title == "Style of @nasa saved"
    _, cost = await spent(house, "style analyze @nasa")
    assert cost > 0, "of an account it is renewed as ever"


@pytest.mark.parametrize(
    ("given", "count"),
    [("one\ntwo\nthree", 3), ("one\nof two lines\n\ntwo", 2), ("one | two", 2), ("a | b\nc", 2)],
)
async def test_texts_are_parted_as_people_write_them(house: BotHarness, given: str, count: int) -> None:
    saved = await house.say(f'style save launch texts:"{given}"')
    assert field_of(saved.card, "Texts") == str(count)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('style save compare texts:"one"', "cannot be called"),
        ('style save a/b texts:"one"', "cannot be called"),
        (f'style save x texts:"{"a|" * 101}"', "1 to 100 texts, not 101"),
        ('style save x texts:"| |"', "1 to 100 texts, not 0"),
        (f'style save {"x" * 31} texts:"one"', "30"),
        ("style analyze not-a-name", "not-a-name"),
        ("style compare nasa", ""),
    ],
)
async def test_what_cannot_be_a_style_is_refused_before_anything_is_asked(
    house: BotHarness, line: str, said: str
) -> None:
    screen = await house.say(line)
    if screen.names[-1] == "ask":
        return  # what is missing is asked for
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert said in words(screen.failure)
    assert not any("/styles" in path for path in (await house.state())["requests"])


async def test_two_styles_stand_side_by_side(house: BotHarness) -> None:
    await house.say("style analyze nasa")
    await house.say(WRITES)
    compared = (await house.say("style compare nasa other:launch")).card
    assert compared.title == "Styles of @nasa and launch"
    assert {len(row) for row in rows_of(compared)} == {3}


async def test_how_its_tweets_do_costs_a_credit_each(house: BotHarness) -> None:
    await house.say("style analyze nasa")
    screen, cost = await spent(house, "style performance nasa")
    assert field_of(screen.card, "Tweets") == str(cost) and cost > 0
    likes = [int(row[1].replace(",", "")) for row in rows_of(screen.card)]
    assert likes == sorted(likes, reverse=True)
    await house.say(WRITES)
    nothing, cost = await spent(house, "style performance launch")
    assert "no figures" in words(nothing.card) and cost == 0


@pytest.mark.parametrize(
    "line", ["style show", "style compare nasa other:", "style performance", "style delete"]
)
async def test_what_is_not_saved_says_what_to_do(house: BotHarness, line: str) -> None:
    space = "" if line.endswith(":") else " "
    screen = await house.say(f"{line}{space}nobody_yet")
    assert screen.failure.title == "Not found"
    assert "style analyze" in words(screen.failure)


async def test_who_is_not_on_x_has_no_style(house: BotHarness) -> None:
    assert (await house.say("style analyze missing_x")).failure.title == "Not found"


async def test_without_credits_nothing_is_saved(house: BotHarness) -> None:
    await house.say("style analyze nasa")
    await house.control("credits", body={"balance": 0})
    for line in ("style analyze esa", "style performance nasa"):
        assert "redit" in (await house.say(line)).failure.title
    assert len(rows_of((await house.say("style list")).card)) == 1


async def test_a_place_that_wants_to_be_asked_is_asked_first(house: BotHarness) -> None:
    await house.say("setup spending ask_above:50")
    asked = await house.say("style analyze nasa")
    assert {"Confirm", "Cancel"} <= {one.label for one in buttons(asked.card)}
    assert await house.requests("/styles") == 0


async def test_the_list_is_paged_and_made_a_file(house: BotHarness) -> None:
    assert "style analyze @nasa" in words((await house.say("style list")).card)
    for number in range(12):
        await house.say(f'style save "voice {number:02}" texts:"Hello"')
    first = await house.say("style list")
    second = await house.press(first, "Next")
    names = [row[0] for page in (first, second) for row in rows_of(page.card)]
    assert sorted(names) == [f"voice {number:02}" for number in range(12)]
    opened = await house.press(first, "All as a file…")
    made = await house.submit(opened, format="csv", rows="")
    (file,) = made.reply.files
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert sorted(row["style"] for row in rows) == sorted(names)


async def test_a_deleted_style_is_shown_once_more(house: BotHarness) -> None:
    await house.say(WRITES)
    deleted = await house.say("style delete launch")
    assert deleted.card.title == "Style launch deleted" and "We ship on Friday!" in words(deleted.card)
    assert (await house.say("style show launch")).failure.title == "Not found"


async def test_advice_offers_to_save_a_style_that_is_not_there(house: BotHarness) -> None:
    advised = await house.say("tweet compose launch style:@nasa")
    (button,) = buttons(advised.card)
    assert button.label == "Analyze @nasa (up to 100 credits)"
    refused = await house.press(advised, button.label, actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    saved = await house.press(advised, button.label)
    assert saved.card.title == "Style of @nasa saved"
    again = await house.say("tweet compose launch style:nasa")
    assert not buttons(again.card) and "Texts of that style" in words(again.card)


async def test_who_may_not_spend_and_a_label_are_offered_nothing(house: BotHarness) -> None:
    assert not buttons((await house.say("tweet compose launch style:nasa", TEAM)).card)
    assert not buttons((await house.say('tweet compose launch style:"our own voice"')).card)


async def test_a_lost_answer_is_looked_up_and_not_paid_twice(house: BotHarness) -> None:
    await house.fault(method="POST", path="/styles", answer_lost=True, times=1)
    screen, cost = await spent(house, "style analyze nasa")
    assert screen.card.title == "Style of @nasa saved" and 0 < cost <= SAMPLE
    assert (await house.state())["operations"]["POST /styles"] == 1


async def test_saved_styles_are_suggested_to_who_sees_the_inside(house: BotHarness) -> None:
    await house.say(WRITES)
    suggest, here = house.app.dispatcher.suggest, house.invocation
    found = await suggest(here(TEAM, HERE), ("style", "show"), "style", "la")
    assert [one.value for one in found] == ["launch"]
    assert not await suggest(here(MEMBER, HERE), ("style", "show"), "style", "la")


async def test_who_may_not_see_the_teams_inside_sees_no_saved_style_in_advice(house: BotHarness) -> None:
    await house.say('style save launch texts:"We ship on Friday | Try it now"')
    assert "We ship on Friday" in words((await house.say("tweet compose soon style:launch")).card)
    there = words((await house.say("tweet compose soon style:launch", MEMBER)).card)
    absent = words((await house.say("tweet compose soon style:nobodys", MEMBER)).card)
    assert there == absent and "We ship on Friday" not in there


async def test_the_button_that_analyzes_asks_where_the_place_wants_to_be_asked(house: BotHarness) -> None:
    await house.say("setup spending 50")
    offered = await house.say("tweet compose soon style:nasa")
    before = await house.credits()
    asked = await house.press(offered, "Analyze @nasa (up to 100 credits)")
    assert await house.credits() == before
    assert "100 credits" in words(asked.card if asked.names[-1] == "answer" else asked.failure)

"""What people type, carried out: texts are shown as they were read, and a slip runs nothing."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.filters import Contains
from bot.core.routes.route import Route
from tests.features.edge import field_of, words
from tests.features.harness import HERE, TWEET, BotHarness


async def _route(house: BotHarness) -> Route | None:
    return await house.app.services.relay.routes.named(HERE, "alerts-nasa")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("tweet post New account: we are @foo now", "New account: we are @foo now"),
        ("tweet post Note: x account:xquik_demo", "Note: x"),
        ("tweet post Yeni hesap: media: yok", "Yeni hesap: media: yok"),
        ("tweet post الحساب account: الجديد", "الحساب account: الجديد"),
        ("tweet post 新しい account: です", "新しい account: です"),
        ("tweet reply {} Well done: all of you", "Well done: all of you"),
        ("tweet quote {} शाबाश text: दोस्त", "शाबाश text: दोस्त"),
    ],
)
async def test_the_preview_shows_the_text_as_it_was_read(house: BotHarness, line: str, text: str) -> None:
    proposed = await house.say(line.format(TWEET))
    assert text in words(proposed.card)
    assert field_of(proposed.card, "Account") == "@xquik_demo"
    assert (await house.state())["writes"] == {}


@pytest.mark.parametrize("verb", ["delete", "rm", "erase", "destroy", "kill", "löschen", "削除", "حذف"])
async def test_an_unknown_verb_leaves_the_route_as_it_is(house: BotHarness, verb: str) -> None:
    await house.done("relay add alerts account:nasa")
    screen = await house.say(f"relay {verb} alerts-nasa")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "has no command" in words(screen.failure)
    assert await _route(house) is not None


async def test_without_any_route_the_next_step_is_to_make_one(house: BotHarness) -> None:
    screen = await house.say("relay show alerts-nasa")
    assert "relay add makes one" in words(screen.failure)


async def test_a_word_for_a_verb_of_another_group_costs_nothing(house: BotHarness) -> None:
    before = await house.credits()
    for line in (
        "trends delete",
        "trends stop",
        "media delete",
        "draw delete 5",
        f"giveaway {TWEET}",
        "post Hello",
    ):
        assert (await house.say(line)).outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert await house.credits() == before
    assert (await house.state())["writes"] == {}


async def test_a_phrase_with_a_comma_is_shown_as_one(house: BotHarness) -> None:
    added = await house.done('relay add alerts account:nasa contains:"moon, base",launch quiet:“ay, güneş”')
    assert "contains one of: “moon, base”, launch" in words(added.card)
    assert "contains none of: “ay, güneş”" in words(added.card)
    route = await _route(house)
    assert route is not None and route.filters[0] == Contains(("moon, base", "launch"))


@pytest.mark.parametrize(
    "given", ['"launch,landing', 'launch",landing', "“ay,güneş", "«пуск,посадка", "発売”,速報"]
)
async def test_a_stray_quote_stores_nothing(house: BotHarness, given: str) -> None:
    await house.done("relay add alerts account:nasa")
    screen = await house.say(f"relay filter alerts-nasa contains:{given}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    route = await _route(house)
    assert route is not None and route.filters == ()


async def test_a_search_is_watched_with_straight_quotes(house: BotHarness) -> None:
    await house.done("monitor keyword “space x” launch")
    listed = words((await house.say("monitor list")).card)
    assert '"space x" launch' in listed
    again = await house.say("monitor pause “space x” launch")
    assert again.outcome is InvocationOutcome.OK


async def test_numbers_and_times_are_read_and_shown(house: BotHarness) -> None:
    await house.done("relay add alerts account:nasa min_followers:1.5k")
    timed = await house.say('relay timing alerts-nasa quiet:"10pm-7am" digest:0900 per_day:1k')
    said = words(timed.card)
    assert "22:00" in said and "07:00" in said and "09:00" in said and "1,000" in said
    asked = await house.say("relay timing alerts-nasa digest:9")
    assert "09:00 or 21:00" in words(asked.failure)


async def test_an_unknown_option_leads_to_the_help_of_its_command(house: BotHarness) -> None:
    said = words((await house.say("user followers @nasa limit:3")).failure)
    assert "'user followers' has no option 'limit'" in said
    assert "help user followers" in said


async def test_a_follow_shows_the_profile_first_and_then_its_id(house: BotHarness) -> None:
    shown = words((await house.say("user follow @nasa")).card)
    assert shown.index("There's space for everybody") < shown.index("X knows this account as 11348282")

"""Monitors at Xquik, and routes of ours: made, listed, paused, resumed, tried and removed."""

from __future__ import annotations

import pytest

from bot.core.chat.delivery_results import Busy, Gone, Refused
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, BotHarness


async def _monitors(house: BotHarness) -> list[list[str]]:
    return rows_of((await house.say("monitor list")).card)


async def test_a_monitor_goes_from_add_to_remove(house: BotHarness) -> None:
    added = await house.done("monitor add @NASA")
    assert added.card.title.lower() == "watching @nasa"
    assert "relay add channel:#alerts account:" in words(added.card), "no route takes it yet"
    [row] = await _monitors(house)
    assert row[2] == "on"
    assert field_of((await house.say("monitor pause nasa")).card, "State") == "paused"
    assert (await _monitors(house))[0][2] == "paused"
    assert field_of((await house.done(f"monitor resume {row[0]}")).card, "State") == "on"
    removed = await house.say("monitor remove https://x.com/nasa")
    assert removed.card.title == "Monitor removed"
    assert "Start again with monitor add nasa." in words(removed.card)
    assert await _monitors(house) == []


async def test_a_monitor_that_exists_is_used_and_switched_on_again(house: BotHarness) -> None:
    await house.done("monitor add nasa events:tweet.new")
    await house.say("monitor pause nasa")
    again = await house.done("monitor add nasa events:tweet.reply")
    assert again.outcome is InvocationOutcome.OK
    assert field_of(again.card, "State") == "on"
    assert field_of(again.card, "Events") == "New tweet, New reply", "what it had is kept"
    assert len(await _monitors(house)) == 1


async def test_another_event_of_what_is_watched_is_what_the_title_says(house: BotHarness) -> None:
    await house.done("monitor add esa events:tweet.new")
    more = await house.say("monitor add esa events:tweet.reply")
    assert more.card.title == "@esa now also reports: New reply"
    assert field_of(more.card, "Events") == "New tweet, New reply"
    assert "`monitor edit esa events:tweet.reply`." in words(more.card) or (
        "monitor edit esa events:tweet.reply." in words(more.card)
    )
    assert "monitor remove" not in words(more.card)
    same = await house.say("monitor add esa events:tweet.reply")
    assert same.card.title == "Already watching @esa"
    await house.done("monitor keyword artemis events:tweet.new")
    searched = await house.say("monitor keyword artemis events:tweet.reply")
    assert searched.card.title == "“artemis” now also reports: New reply"


async def test_pausing_what_is_paused_says_that_it_was_so(house: BotHarness) -> None:
    await house.done("monitor add esa")
    assert (await house.say("monitor pause esa")).card.title == "Monitor paused"
    assert (await house.say("monitor pause esa")).card.title == "It was paused already"


async def test_the_list_shows_the_name_beside_what_is_watched(house: BotHarness) -> None:
    await house.done("monitor add esa")
    await house.done("monitor keyword artemis")
    await house.done("monitor edit esa name:Europe")
    await house.done("monitor edit artemis name:Moonshot")
    assert [row[1] for row in await _monitors(house)] == ["@esa · Europe", "artemis · Moonshot"]


async def test_a_search_is_watched_and_found_by_its_words(house: BotHarness) -> None:
    await house.done('monitor keyword "new   horizons lang:en"')
    again = await house.done('monitor keyword "new horizons lang:en"')
    assert again.outcome is InvocationOutcome.OK
    assert len(await _monitors(house)) == 1
    assert (await house.say("monitor pause New Horizons lang:en")).outcome is InvocationOutcome.OK
    on = await house.done('monitor keyword "new horizons lang:en"')
    assert on.card.title == "Watching a search again"
    assert (await _monitors(house))[0][2] == "on"
    removed = await house.say("monitor remove new horizons lang:en")
    assert removed.outcome is InvocationOutcome.OK
    assert 'Start again with monitor keyword "new horizons lang:en".' in words(removed.card)


async def test_what_is_not_watched_cannot_be_paused(house: BotHarness) -> None:
    for verb in ("pause", "resume", "remove"):
        screen = await house.say(f"monitor {verb} esa")
        assert screen.failure.title == "Not found"
        assert "monitor list" in words(screen.failure)


async def test_an_account_that_is_not_on_x_is_not_watched(house: BotHarness) -> None:
    screen = await house.done("monitor add missing_person")
    assert screen.card.title == "Not watched" and "Nothing was charged." in words(screen.card)
    assert await _monitors(house) == []


async def test_an_event_type_with_a_slip_names_the_right_one(house: BotHarness) -> None:
    screen = await house.done("monitor add nasa events:tweet.nwe")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "did you mean 'tweet.new'" in words(screen.failure)


async def test_a_route_goes_from_add_to_remove(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    added = await house.done("relay add channel:<#c1|alerts> account:@NASA events:tweet.new,tweet.quote")
    assert added.card.title == "Route added" and "now reports this as well" in words(added.card)
    name = field_of(added.card, "Name")
    assert name == "alerts-nasa"
    assert field_of(added.card, "Takes") == "@nasa; New tweet, Quote tweet"
    assert field_of((await house.say(f"relay pause {name}")).card, "Paused") == "paused by Ada"
    [row] = rows_of((await house.say("relay list")).card)
    assert row[3] == "paused"
    await house.say(f"relay resume {name}")
    tested = await house.say(f"relay test {name}")
    assert tested.card.title == "Test sent"
    assert [channel for channel, _, _ in house.wall.posted] == ["c1"]
    assert (await house.say(f"relay remove {name}")).card.title == "Route removed"
    assert "No routes yet" in words((await house.say("relay")).card)


async def test_names_that_are_taken_get_a_number(house: BotHarness) -> None:
    names = [field_of((await house.done("relay add alerts")).card, "Name") for _ in range(3)]
    assert names == ["alerts", "alerts-2", "alerts-3"]


async def test_a_name_that_is_taken_is_refused(house: BotHarness) -> None:
    await house.done("relay add alerts name:launches")
    screen = await house.done("relay add general name:launches")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "launches" in words(screen.failure)


async def test_an_overlap_is_told_and_accepted(house: BotHarness) -> None:
    await house.done("relay add alerts")
    screen = await house.say("relay add alerts account:nasa watch:no")
    assert screen.card.tone == "warning"
    assert "each event is still posted only once" in words(screen.card)
    assert "not watched yet" in words(screen.card)


async def test_a_channel_that_is_not_there_makes_no_route(house: BotHarness) -> None:
    screen = await house.done("relay add channel:#nowhere account:nasa")
    assert screen.failure.title == "Not found"
    assert "invite the bot" in words(screen.failure)
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Gone("The bot is not in the channel.", "Invite it with /invite."), "/invite"),
        (Refused("The channel is archived."), "archived"),
        (Busy(3.0), "Try again in a moment"),
    ],
)
async def test_a_channel_that_cannot_be_written_to_makes_no_route(
    house: BotHarness, trouble: Gone | Refused | Busy, said: str
) -> None:
    house.wall.trouble["c1"] = trouble
    screen = await house.done("relay add alerts")
    assert screen.failure.title == "I cannot write in that channel"
    assert said in words(screen.failure)
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()


async def test_a_test_into_a_channel_that_is_gone_says_so(house: BotHarness) -> None:
    await house.done("relay add alerts")
    house.wall.trouble["c1"] = Gone("The channel was archived.", "Unarchive it.")
    screen = await house.say("relay test alerts")
    assert screen.failure.title == "I cannot write in that channel"
    assert "Unarchive it." in words(screen.failure)


async def test_routes_of_another_tenant_are_neither_seen_nor_touched(house: BotHarness) -> None:
    await house.done("relay add alerts name:ours")
    assert "No routes yet" in words((await house.say("relay list", tenant=ELSEWHERE)).card)
    for verb in ("pause", "resume", "remove", "test"):
        screen = await house.say(f"relay {verb} ours", tenant=ELSEWHERE)
        assert screen.failure.title == "Not found"
    assert len(await house.app.services.relay.routes.of_tenant(HERE)) == 1


async def test_routes_are_suggested_by_part_of_their_name(house: BotHarness) -> None:
    await house.done("relay add alerts name:launches")
    await house.done("relay add alerts name:quiet")
    dispatcher = house.app.dispatcher
    found = await dispatcher.suggest(house.invocation(ADMIN, HERE), ("relay", "pause"), "route", "AUN")
    assert [choice.value for choice in found] == ["launches"]
    nothing = await dispatcher.suggest(house.invocation(MEMBER, HERE), ("relay", "pause"), "route", "")
    assert nothing == (), "who may not run the command learns no names"


async def test_event_types_are_suggested_behind_the_comma(house: BotHarness) -> None:
    dispatcher = house.app.dispatcher
    path = ("monitor", "add")
    found = await dispatcher.suggest(house.invocation(ADMIN, HERE), path, "events", "tweet.new, quo")
    assert [choice.value for choice in found] == ["tweet.new, tweet.quote"]


async def test_a_search_that_mentions_an_account_is_not_the_account(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done('monitor keyword "launch @nasa"')
    paused = await house.say('monitor pause "launch @nasa"')
    assert "launch @nasa" in words(paused.card)
    listed = words((await house.say("monitor list")).card)
    assert "@nasa" in listed and "paused" in listed.lower()


async def test_the_price_of_a_monitor_is_what_xquik_says(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    price = "30 credits an hour, 720 a day, 21,600 a month"
    assert price in words((await house.done("monitor add nasa")).card)
    await house.done("monitor add esa")
    await house.done('monitor keyword "चंद्रयान"')
    assert "90 credits an hour, 2,160 a day, 64,800 a month" in words((await house.say("monitor list")).card)
    monkeypatch.setattr("bot.sandbox.api.account.MONITOR_HOUR", 7)
    assert "7 credits an hour, 168 a day" in words((await house.done("monitor resume nasa")).card)


async def test_a_price_that_xquik_does_not_say_is_that_of_the_table(house: BotHarness) -> None:
    await house.fault(path="/account", status=403, code="forbidden")
    added = await house.done("monitor add nasa")
    assert added.outcome is InvocationOutcome.OK
    assert "30 credits an hour, 720 a day" in words(added.card)


async def test_a_search_that_can_match_nothing_is_neither_stored_nor_paid_for(house: BotHarness) -> None:
    for line in (
        "monitor keyword from:not-a-handle!",
        "monitor keyword ay lang:türkisch-ish",
        'relay add channel:#alerts keyword:"moon min_faves:lots"',
    ):
        assert (await house.say(line)).outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert await _monitors(house) == []
    await house.done("monitor keyword ‘artemis’ OR moon lang:english min_faves:10k")
    [row] = await _monitors(house)
    assert any("lang:en min_faves:10000" in cell for cell in row)
    again = await house.done("monitor keyword ‘artemis’ OR moon lang:en min_faves:10000")
    assert again.outcome is InvocationOutcome.OK and len(await _monitors(house)) == 1

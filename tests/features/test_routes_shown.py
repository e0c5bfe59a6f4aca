"""`relay show`, `preview`, `edit`, and routes with several channels."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from bot.core.chat.delivery_results import Gone
from bot.core.chat.ids import TenantId
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.appearance import Layout, Threading
from bot.core.routes.filters import Contains, NoReplies
from bot.core.routes.route import Route, Sensitive
from bot.core.routes.schedule import QuietHours
from bot.storage.relay.pauses import lose
from tests.features.edge import buttons, field_of, rows_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, BotHarness
from tests.features.stored import came, tweet


async def _route(house: BotHarness, name: str = "alerts-nasa") -> Route:
    found = await house.app.services.relay.routes.named(HERE, name)
    assert found is not None
    return found


def _channels(route: Route) -> list[str]:
    return [place.channel for place in route.destinations]


@pytest.fixture
async def routed(house: BotHarness) -> BotHarness:
    """A house with the route `alerts-nasa`."""
    await house.done("relay add channel:alerts account:nasa")
    return house


# --- add -------------------------------------------------------------------------------------


async def test_a_route_is_made_with_several_channels_a_look_and_filters(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    added = await house.done(
        "relay add alerts account:nasa also:#general,<#c1|alerts> post:compact "
        'contains:launch,"lift off" replies:no sensitive:never'
    )
    assert field_of(added.card, "Channels") == "c1, c2"
    assert "1. contains one of: launch, lift off" in words(added.card)
    route = await _route(house)
    assert _channels(route) == ["c1", "c2"], "each once"
    assert route.appearance.layout is Layout.COMPACT
    assert route.filters == (Contains(("launch", "lift off")), NoReplies())
    assert route.sensitive is Sensitive.NEVER


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("also:#nowhere", "I cannot see a channel 'nowhere'"),
        ('matches:"(?=x)"', "no look-around"),
        ("also:general,b,c,d,e,f,g,h,i,j", "at most 9"),
        ("post:template", "is not one of full, compact, link"),
    ],
)
async def test_a_route_that_cannot_be_made_whole_is_not_made(
    house: BotHarness, options: str, said: str
) -> None:
    screen = await house.done(f"relay add alerts {options}")
    assert said in words(screen.failure)
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()


async def test_a_further_channel_that_cannot_be_written_to_makes_no_route(house: BotHarness) -> None:
    house.wall.trouble["c2"] = Gone("The bot is not in the channel.", "Invite it with /invite.")
    screen = await house.done("relay add alerts also:general")
    assert "/invite" in words(screen.failure)
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()


async def test_the_line_that_a_removed_route_shows_makes_it_again(house: BotHarness) -> None:
    await house.done(
        'relay add alerts account:nasa keyword:"new horizons" events:tweet.new also:general post:link '
        'contains:"a \\"b\\",c" quiet:ad has:media lacks:poll language:en min_followers:5 replies:no '
        'matches:"it\'s \\\\d+" sensitive:always name:"of mine"'
    )
    before = await _route(house, "of mine")
    assert len(before.filters) == 8
    gone = await house.say("relay remove of mine")
    line = next(text for text in words(gone.card).splitlines() if text.startswith("To add it again: "))
    again = await house.say(line.removeprefix("To add it again: "))
    assert again.outcome is InvocationOutcome.OK, words(again.failure)
    after = await _route(house, "of mine")
    for name in ("destinations", "accounts", "keywords", "events", "filters", "sensitive", "appearance"):
        assert getattr(after, name) == getattr(before, name), name


async def test_pausing_and_resuming_twice_says_that_it_was_so_already(routed: BotHarness) -> None:
    said = [
        (await routed.say(f"relay {verb} alerts-nasa")).card.title
        for verb in ("resume", "pause", "pause", "resume", "resume")
    ]
    assert said == ["Already on", "Route paused", "Already paused", "Route resumed", "Already on"]


async def test_the_timezone_of_a_route_is_shown_once(routed: BotHarness) -> None:
    await routed.say("relay timing alerts-nasa digest:18:00 timezone:Europe/Berlin")
    shown = words((await routed.say("relay show alerts-nasa")).card)
    assert shown.count("Timezone") == 1 and "18:00 Europe/Berlin" in shown


async def test_hours_from_utc_are_shown_as_they_were_typed(routed: BotHarness) -> None:
    await routed.say("relay timing alerts-nasa digest:18:00 timezone:UTC+2")
    shown = words((await routed.say("relay show alerts-nasa")).card)
    assert "18:00 UTC+2" in shown and "Etc/GMT" not in shown
    await routed.say("relay timing alerts-nasa timezone:istanbul")
    shown = words((await routed.say("relay show alerts-nasa")).card)
    assert "Europe/Istanbul (UTC+3 now)" in shown


async def test_a_route_of_an_older_version_says_which_zone_counts(routed: BotHarness) -> None:
    services = routed.app.services
    for stored in ("posixrules", "right/Europe/Berlin", "Factory", "localtime", "Gone/Away", "EST"):
        route = await _route(routed)
        await services.relay.routes.change(
            replace(
                route,
                schedule=structs.replace(
                    route.schedule, timezone=stored, digest="0 18 * * *", quiet=QuietHours(0, 60)
                ),
                appearance=structs.replace(route.appearance, timezone=stored, threading=Threading.DAY),
            ),
            services.clock(),
        )
        for said in ("relay show alerts-nasa", "relay timing alerts-nasa", "relay look alerts-nasa"):
            shown = words((await routed.say(said)).card)
            assert ("is not a timezone" in shown) is (stored != "EST"), shown
    told = words((await routed.say("relay remove alerts-nasa")).card)
    assert "timezone:UTC-5" in told, "what is pasted is read"


async def test_the_lines_that_a_removed_route_shows_make_its_look_and_timing_again(house: BotHarness) -> None:
    await house.done('relay add alerts account:nasa name:"of mine"')
    plain = words((await house.say("relay remove of mine")).card)
    assert "Then: " not in plain
    await house.done('relay add alerts account:nasa name:"of mine"')
    await house.say(
        'relay look route:"of mine" template:"{{ author }}: {{ text | truncate: 60 }}" thread:day'
        " ping:S0001 timezone:Europe/Berlin"
    )
    await house.say(
        'relay timing route:"of mine" quiet:22:00-07:00 digest:"0 9 * * 1" burst:"5 in 10m" per_hour:20'
        " per_day:100 missed:last last:3 deleted:remove"
    )
    before = await _route(house, "of mine")
    assert before.appearance.pings and before.schedule.digest
    told = words((await house.say("relay remove of mine")).card).splitlines()
    for start in ("To add it again: ", "Then: "):
        for said in [text.removeprefix(start) for text in told if text.startswith(start)]:
            again = await house.say(said)
            assert again.outcome is InvocationOutcome.OK, words(again.failure)
    after = await _route(house, "of mine")
    for name in ("appearance", "schedule", "catch_up", "deleted"):
        assert getattr(after, name) == getattr(before, name), name


# --- edit ------------------------------------------------------------------------------------


async def test_channels_are_added_and_dropped(routed: BotHarness) -> None:
    added = await routed.done("relay edit alerts-nasa add_channel:#general")
    assert field_of(added.card, "Channels") == "c1, c2"
    again = await routed.done("relay edit alerts-nasa add_channel:#general")
    assert again.card.title == "Nothing to change"
    await routed.done("relay edit alerts-nasa drop_channel:#alerts")
    assert _channels(await _route(routed)) == ["c2"]
    last = await routed.done("relay edit alerts-nasa drop_channel:#general")
    assert "the only channel" in words(last.failure)
    swapped = await routed.done("relay edit alerts-nasa drop_channel:#general add_channel:#alerts")
    assert swapped.outcome is InvocationOutcome.OK
    assert _channels(await _route(routed)) == ["c1"]
    strange = await routed.done("relay edit alerts-nasa drop_channel:#general")
    assert "does not send to" in words(strange.failure)


async def test_a_channel_that_is_gone_can_be_dropped(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:#general")
    del routed.wall.channels["c1"]
    assert (await routed.done("relay edit alerts-nasa drop_channel:c1")).outcome is InvocationOutcome.OK
    assert _channels(await _route(routed)) == ["c2"]


async def test_a_route_that_lost_its_only_channel_goes_on_with_another_one(routed: BotHarness) -> None:
    place = (await _route(routed)).destination
    await routed.app.database.write(
        lambda c: lose(c, place, "The channel is gone.", now=1.0, check_at=3600.0)
    )
    assert (await _route(routed)).paused_reason == "The channel is gone."
    await routed.done("relay edit alerts-nasa account:nasa,esa")
    assert (await _route(routed)).paused_reason is not None, "nothing can be written to yet"
    await routed.done("relay edit alerts-nasa add_channel:general drop_channel:alerts")
    assert (await _route(routed)).paused_reason is None
    await routed.say("relay pause alerts-nasa")
    await routed.done("relay edit alerts-nasa add_channel:alerts")
    assert (await _route(routed)).paused_reason == "paused by Ada", "who paused it resumes it"


async def test_what_a_route_takes_is_changed_and_widened_again(routed: BotHarness) -> None:
    line = "relay edit alerts-nasa account:esa,jaxa events:tweet.new name:space watch:no"
    changed = await routed.say(line)
    route = await _route(routed, "space")
    assert (route.accounts, route.events) == (("esa", "jaxa"), ("tweet.new",))
    assert "@esa is not watched yet" in words(changed.card)
    await routed.done("relay edit space every:account,events keyword:moon")
    route = await _route(routed, "space")
    assert (route.accounts, route.keywords, route.events) == ((), ("moon",), ())
    both = await routed.done("relay edit space every:events events:tweet.new")
    assert "every" in words(both.failure)


async def test_a_name_that_is_taken_is_not_given_twice(routed: BotHarness) -> None:
    await routed.done("relay add general name:other")
    screen = await routed.done("relay edit alerts-nasa name:other account:esa")
    assert screen.outcome is InvocationOutcome.FAILED
    assert (await _route(routed)).accounts == ("nasa",), "nothing is half saved"


async def test_an_overlap_by_a_new_channel_is_told(routed: BotHarness) -> None:
    await routed.done("relay add general name:other")
    screen = await routed.done("relay edit alerts-nasa add_channel:general")
    assert "The route 'other' sends some of the same events" in words(screen.card)


async def test_all_routes_that_overlap_a_new_one_are_named_in_one_sentence(house: BotHarness) -> None:
    for name in ("one", "two", "three"):
        await house.done(f"relay add alerts name:{name}")
    said = words((await house.say("relay add alerts account:nasa name:four")).card)
    assert said.count("each event is still posted only once") == 1
    assert "The routes 'one', 'three' and 'two' send some of the same events to this channel" in said


# --- show ------------------------------------------------------------------------------------


async def test_everything_about_a_route_is_shown_also_to_the_team(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:general events:tweet.new")
    await routed.say("relay filter alerts-nasa contains:launch replies:no sensitive:never")
    await routed.say("relay look alerts-nasa layout:compact thread:account ping:S01")
    await routed.say("relay timing alerts-nasa per_day:40 deleted:remove missed:digest")
    shown = await routed.say("relay show alerts-nasa", TEAM)
    card = shown.card
    assert card.title == "Route alerts-nasa"
    assert field_of(card, "Takes") == "@nasa; New tweet"
    said = words(card)
    for text in (
        "Filter 1: contains one of: launch",
        "Filter 2: is not a reply to somebody else",
        "Sensitive tweets: never posted",
        "Layout: compact",
        "Threads: account",
        "Notifies: S01",
        "at most 40 messages a day",
        "Deleted tweets: the message is removed",
        "Late events: they are posted as one list",
        "by ada",
    ):
        assert text in said, text
    assert rows_of(card) == [["c1", "on", "never"], ["c2", "on", "never"]]
    assert [button.label for button in buttons(card)] == ["Pause", "Test", "Preview"]


async def test_a_place_that_was_lost_is_shown_with_its_reason(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:general")
    place = (await _route(routed)).destination
    await routed.app.database.write(
        lambda c: lose(c, place, "The channel is gone.", now=1.0, check_at=3600.0)
    )
    card = (await routed.say("relay show alerts-nasa")).card
    assert [row[1] for row in rows_of(card)] == ["unreachable", "on"]
    assert rows_of(card)[0][3] == "The channel is gone."
    assert [button.label for button in buttons(card)] == ["Pause", "Resume", "Test", "Preview"]
    again = (await routed.press(card, "Resume")).card
    assert [row[1] for row in rows_of(again)] == ["on", "on"], "it is tried again"
    assert card.tone == "warning"


async def test_a_route_is_paused_resumed_tested_and_tried_by_its_buttons(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:general")
    shown = await routed.say("relay show alerts-nasa")
    paused = await routed.press(shown, "Pause")
    assert "paused by Ada" in words(paused.card)
    assert paused.reply.replace
    resumed = await routed.press(paused, "Resume")
    assert [button.label for button in buttons(resumed.card)] == ["Pause", "Test", "Preview"]
    assert (await _route(routed)).paused_reason is None
    tested = await routed.press(resumed, "Test")
    assert tested.card.title == "Test sent"
    assert [channel for channel, _, _ in routed.wall.posted] == ["c1", "c2"]
    assert (await routed.press(resumed, "Preview")).card.title == "Preview of alerts-nasa"


async def test_a_button_is_for_who_may_and_of_the_own_place(routed: BotHarness) -> None:
    shown = await routed.say("relay show alerts-nasa", TEAM)
    for label in ("Pause", "Test"):
        assert (await routed.press(shown, label, actor=TEAM)).outcome is InvocationOutcome.NOT_PERMITTED
    assert (await routed.press(shown, "Preview", actor=TEAM)).outcome is InvocationOutcome.OK
    assert (await routed.press(shown, "Preview", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    other = await routed.press(shown, "Pause", tenant=ELSEWHERE)
    assert other.failure.title == "Not found"
    assert (await _route(routed)).paused_reason is None
    await routed.say("relay remove alerts-nasa")
    assert "was removed" in words((await routed.press(shown, "Test")).failure)


async def test_a_test_that_reaches_one_of_two_channels_says_which_not(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:general")
    routed.wall.trouble["c2"] = Gone("The channel was archived.", "Unarchive it.")
    card = (await routed.say("relay test alerts-nasa")).card
    assert "The test is in c1." in words(card)
    assert "c2: The channel was archived. Unarchive it." in words(card)
    assert card.tone == "warning"


async def test_the_list_stays_one_row_a_route_and_names_the_details(routed: BotHarness) -> None:
    await routed.done("relay edit alerts-nasa add_channel:general")
    await routed.say("relay filter alerts-nasa contains:launch replies:no")
    card = (await routed.say("relay list")).card
    [row] = rows_of(card)
    assert row[1:3] == ["c1 +1", "@nasa; tweets and profile changes; 2 filters"]
    assert "Details: relay show alerts-nasa" in words(card)


async def test_a_name_with_a_slip_names_the_right_one(routed: BotHarness) -> None:
    assert "Did you mean 'alerts-nasa'?" in words((await routed.say("relay show alerts-nsa")).failure)


# --- preview ---------------------------------------------------------------------------------


async def test_a_route_that_does_not_exist_is_tried_and_not_saved(house: BotHarness) -> None:
    await came(house, *(tweet(f"Launch number {number}") for number in range(7)))
    await came(house, tweet("Launch?", inReplyToUsername="esa"), tweet("Lunch"))
    await came(house, tweet("Launch", author="esa"), tweet("Launch", author="jaxa"))
    await came(house, tweet("Launch"), kind="tweet.retweet")
    card = (
        await house.say(
            "relay preview channel:#alerts account:nasa events:tweet.new contains:launch replies:no "
            "also:general post:compact name:mine",
            TEAM,
        )
    ).card
    said = words(card)
    assert "7 of the last 12 events would pass." in said
    assert [f"Launch number {number}" in said for number in range(7)] == [False] * 2 + [True] * 5
    assert "… 2 more" in said
    assert sorted(rows_of(card)) == [
        ["filter 1 (contains)", "1"],
        ["filter 2 (replies)", "1"],
        ["the route does not take events of this kind: Repost", "1"],
        ["the route does not take this account", "2"],
    ]
    assert "Nothing was saved" in said
    assert await house.app.services.relay.routes.of_tenant(HERE) == ()


@pytest.mark.parametrize(("text", "said"), [("Launch", "would pass."), ("Lunch", "would not pass.")])
async def test_a_single_event_is_spoken_of_as_one(routed: BotHarness, text: str, said: str) -> None:
    await came(routed, tweet(text))
    card = (await routed.say("relay preview alerts-nasa contains:launch")).card
    assert f"The last event {said}" in words(card)


async def test_a_stored_route_is_tried_as_it_is_or_as_it_would_be(routed: BotHarness) -> None:
    await came(routed, tweet("Launch"), tweet("Lunch"))
    await routed.say("relay pause alerts-nasa")
    card = (await routed.say("relay preview alerts-nasa")).card
    assert "2 of the last 2 events would pass." in words(card)
    assert "The route is paused" in words(card)
    assert "Nothing was saved" not in words(card)
    card = (await routed.say("relay preview alerts-nasa contains:launch")).card
    assert "1 of the last 2 events would pass." in words(card)
    assert (await _route(routed)).filters == ()


async def test_a_preview_refuses_what_a_filter_would(routed: BotHarness) -> None:
    assert "no look-around" in words((await routed.say('relay preview matches:"(?=x)"')).failure)
    assert (await routed.say("relay preview nothing")).failure.title == "Not found"
    for options in ("channel:#nosuch", "channel:alerts also:general,nosuch"):
        assert "I cannot see a channel 'nosuch'" in words(
            (await routed.say(f"relay preview {options}")).failure
        )


async def test_events_of_another_tenant_are_not_previewed(routed: BotHarness) -> None:
    await came(routed, tweet("A secret"), tenant=TenantId("slack", "T0002"))
    assert "nothing to try it on" in words((await routed.say("relay preview", ADMIN)).card)

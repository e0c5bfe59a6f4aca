"""`setup timezone` and `me`: by whose clock times are typed and shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.access import Actor
from bot.core.chat.words import card_words
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.route import Route
from bot.storage.places.own_values import PLACE
from tests.features.edge import Screen, field_of, words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TWEET, BotHarness


async def _route(house: BotHarness, name: str = "alerts-nasa") -> Route:
    found = await house.app.services.relay.routes.named(HERE, name)
    assert found is not None
    return found


async def _told(house: BotHarness, line: str, zone: str) -> Screen:
    """Typed by a person of whom the platform tells a zone."""
    invocation = replace(house.invocation(ADMIN, HERE), zone=zone)
    screen = Screen(invocation.place)
    screen.outcome = await house.app.dispatcher.run_text(invocation, line, screen)
    return screen


@pytest.mark.parametrize(
    ("typed", "stored", "said"),
    [
        ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin (UTC+"),
        ("New York", "America/New_York", "America/New_York (UTC−"),
        ("İstanbul", "Europe/Istanbul", "Europe/Istanbul (UTC+3 now)"),
        ("मुंबई", "Asia/Kolkata", "Asia/Kolkata (UTC+5:30 now)"),
        ("東京", "Asia/Tokyo", "Asia/Tokyo (UTC+9 now)"),
        ("القاهرة", "Africa/Cairo", "Africa/Cairo (UTC+"),
        ("UTC+3", "Etc/GMT-3", "UTC+3"),
        ("UTC", "UTC", "UTC"),
        ('"sao paulo"', "America/Sao_Paulo", "America/Sao_Paulo (UTC−3 now)"),
    ],
)
async def test_zones_of_place_and_person_are_stored_and_said_with_their_offset(
    house: BotHarness, typed: str, stored: str, said: str
) -> None:
    place = await house.say(f"setup timezone {typed}")
    assert f"The timezone here is {said}" in words(place.card)
    own = await house.say(f"me timezone timezone:{typed}" if '"' in typed else f"me timezone {typed}", MEMBER)
    assert f"Your times are in {said}" in words(own.card) and "as you set it" in words(own.card)
    chosen = await house.app.services.timezones.chosen(HERE, MEMBER.id)
    assert (chosen.own, chosen.place) == (stored, stored)
    await house.reopen()
    assert said in words((await house.say("setup timezone")).card)
    assert said in words((await house.say("me show", MEMBER)).card)
    assert said in words((await house.say("me", MEMBER)).card)
    assert said in words((await house.say("setup status")).card) or "no Xquik key" in words(
        (await house.say("setup status")).card
    )


@pytest.mark.parametrize("typed", ["EST", "IST", "Mars/Base", "posixrules", "localtime", "Etc/GMT-2"])
@pytest.mark.parametrize("command", ["setup timezone", "me timezone"])
async def test_what_is_no_zone_of_people_is_asked_about_and_changes_nothing(
    house: BotHarness, command: str, typed: str
) -> None:
    await house.say(f"{command} Asia/Tokyo")
    asked = await house.say(f"{command} {typed}")
    assert asked.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "Asia/Tokyo" in words((await house.say(command)).card)


async def test_an_option_of_two_words_is_told_its_quotes(house: BotHarness) -> None:
    await house.say("relay add channel:alerts account:nasa watch:no")
    asked = await house.say("relay timing alerts-nasa digest:18:00 timezone:New York")
    assert 'timezone:"New York"' in words(asked.failure)
    said = await house.say("relay timing alerts-nasa digest:18:00 timezone:“São Paulo”")
    assert "18:00 America/Sao_Paulo" in words(said.card)


async def test_they_are_taken_back_and_counted_for_one_place_alone(house: BotHarness) -> None:
    await house.say("setup timezone Europe/Berlin")
    await house.say("me timezone Asia/Tokyo", MEMBER)
    elsewhere = await house.say("me timezone", MEMBER, ELSEWHERE)
    assert "UTC, since no timezone is set" in words(elsewhere.card)
    both = await house.say("me timezone Asia/Tokyo off:yes", MEMBER)
    assert both.outcome is InvocationOutcome.NOT_UNDERSTOOD
    back = await house.say("me timezone off:yes", MEMBER)
    assert "Europe/Berlin" in words(back.card) and "the timezone here" in words(back.card)
    gone = await house.say("setup timezone off:yes")
    assert "so times are in UTC" in words(gone.card)
    assert "since no timezone is set" in words((await house.say("me timezone", MEMBER)).card)


async def test_only_who_manages_sets_that_of_the_place(house: BotHarness) -> None:
    refused = await house.say("setup timezone Asia/Tokyo", MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert await house.app.services.timezones.place(HERE) == ""


async def test_a_new_route_has_the_zone_of_the_place_and_keeps_it(house: BotHarness) -> None:
    await house.say("setup timezone Europe/Berlin")
    await house.say("me timezone Asia/Tokyo")
    added = await house.say("relay add channel:alerts account:nasa watch:no")
    assert field_of(added.card, "Timezone").startswith("Europe/Berlin (UTC+")
    timed = await house.say("relay timing alerts-nasa digest:18:00 quiet:22:00-07:00")
    assert "18:00 Europe/Berlin" in words(timed.card) and "22:00-07:00 Europe/Berlin" in words(timed.card)
    moved = await house.say("setup timezone istanbul")
    assert "1 route keeps its own: alerts-nasa (Europe/Berlin)" in words(moved.card)
    route = await _route(house)
    assert route.schedule.timezone == route.appearance.timezone == "Europe/Berlin"
    other = await house.say("relay timing alerts-nasa timezone:UTC+2")
    assert "18:00 UTC+2" in words(other.card), "the option counts before all"


@pytest.mark.parametrize(
    ("own", "told", "zone"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Asia/Tokyo"),
        ("", "Europe/Paris", "Europe/Paris"),
        ("", "", "UTC"),
    ],
)
async def test_where_the_place_has_none_a_route_has_that_of_who_makes_it(
    house: BotHarness, own: str, told: str, zone: str
) -> None:
    if own:
        await house.say(f"me timezone {own}")
    await _told(house, "relay add channel:alerts account:nasa watch:no", told)
    assert (await _route(house)).schedule.timezone == zone
    timed = await _told(house, "relay timing alerts-nasa digest:18:00", told)
    assert f"18:00 {zone}" in words(timed.card)


async def test_a_route_that_is_confirmed_first_has_the_zone_too(house: BotHarness) -> None:
    await house.say("setup timezone Asia/Kathmandu")
    proposed = await house.say("relay add channel:alerts account:nasa")
    assert field_of(proposed.card, "Timezone") == "Asia/Kathmandu"
    assert " Asia/Kathmandu" in card_words(proposed.card).partition("Can be confirmed")[2]
    done = await house.confirm(proposed)
    assert field_of(done, "Timezone") == "Asia/Kathmandu"
    route = await _route(house)
    assert route.schedule.timezone == route.appearance.timezone == "Asia/Kathmandu"


async def test_a_route_that_has_a_zone_and_no_schedule_sends_at_once(house: BotHarness) -> None:
    await house.say("setup timezone Europe/Berlin")
    await house.say("relay add channel:alerts account:nasa watch:no")
    assert (await _route(house)).schedule.steady
    shown = words((await house.say("relay timing alerts-nasa")).card)
    assert "each event at once" in shown and "Europe/Berlin" in shown


@pytest.mark.parametrize("place", ["Europe/Berlin", ""])
async def test_the_lines_of_a_removed_route_keep_its_zone(house: BotHarness, place: str) -> None:
    await house.say("relay add channel:alerts account:nasa watch:no")
    await house.say("relay timing alerts-nasa digest:18:00")
    assert (await _route(house)).schedule.timezone == "UTC"
    if place:
        await house.say(f"setup timezone {place}")
    told = words((await house.say("relay remove alerts-nasa")).card).splitlines()
    for start in ("To add it again: ", "Then: "):
        for said in [text.removeprefix(start) for text in told if text.startswith(start)]:
            assert (await house.done(said)).outcome is InvocationOutcome.OK, said
    route = await _route(house)
    assert (route.schedule.timezone, route.appearance.timezone) == ("UTC", "UTC")
    assert any("timezone:UTC" in text for text in told) is bool(place)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        (("relay", "look"), ADMIN),
        (("relay", "timing"), ADMIN),
        (("setup", "timezone"), ADMIN),
        (("me", "timezone"), MEMBER),
    ],
)
async def test_zones_are_suggested_by_city_those_that_count_here_first(
    house: BotHarness, path: tuple[str, str], who: Actor
) -> None:
    await house.say("setup timezone Asia/Kathmandu")
    await house.say("me timezone UTC+2", who)
    invocation = replace(house.invocation(who, HERE), zone="America/Denver")

    async def offered(typed: str) -> list[tuple[str, str]]:
        found = await house.app.dispatcher.suggest(invocation, path, "timezone", typed)
        assert len(found) <= 25
        return [(one.label, one.value) for one in found]

    first = [value for _, value in await offered("")]
    assert first[:4] == ["UTC+2", "America/Denver", "Asia/Kathmandu", "UTC"]
    assert (await offered("istan"))[0] == ("Istanbul (Europe/Istanbul, UTC+3 now)", "Europe/Istanbul")
    assert (await offered("東"))[0][1] == "Asia/Tokyo"
    assert (await offered("القا"))[0][1] == "Africa/Cairo"
    assert {"Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"} <= {value for _, value in await offered("IST")}
    assert await offered("no such city") == []


async def test_draws_are_suggested_by_the_clock_of_the_place(house: BotHarness) -> None:
    await house.confirm(await house.say(f"draw run {TWEET} winners:1"))

    async def label() -> str:
        invocation = house.invocation(ADMIN, HERE)
        (one,) = await house.app.dispatcher.suggest(invocation, ("draw", "show"), "draw", "")
        return one.label

    assert await label() == (await label()) and (await label()).endswith(" UTC")
    for zone, shown in (("東京", "Asia/Tokyo"), ("UTC+2", "UTC+2"), ("UTC", "UTC")):
        await house.say(f"setup timezone {zone}")
        assert (await label()).endswith(f" {shown}")


async def test_zones_are_suggested_to_who_may_run_the_command(house: BotHarness) -> None:
    invocation = house.invocation(MEMBER, HERE)
    assert await house.app.dispatcher.suggest(invocation, ("setup", "timezone"), "timezone", "ber") == ()


async def test_an_answer_is_by_the_clock_of_who_reads_it(house: BotHarness) -> None:
    await house.say("relay add channel:alerts account:nasa watch:no")
    assert "UTC" in card_words((await house.say("relay show alerts-nasa")).card)
    await house.say("setup timezone Asia/Kathmandu")
    assert " Asia/Kathmandu" in card_words((await house.say("relay show alerts-nasa")).card)
    told = await _told(house, "relay show alerts-nasa", "America/Denver")
    assert " America/Denver" in card_words(told.card)
    await house.say("me timezone Asia/Tokyo")
    told = await _told(house, "relay show alerts-nasa", "America/Denver")
    assert " Asia/Tokyo" in card_words(told.card)


async def test_a_preview_that_everybody_sees_is_by_the_clock_of_the_place(house: BotHarness) -> None:
    await house.give_key(HERE, house.sandbox.api_key)
    await house.say("me timezone Asia/Tokyo")
    await house.say("setup timezone Asia/Kathmandu")
    proposed = await house.say("tweet post Hello there")
    said = card_words(proposed.card)
    assert " Asia/Kathmandu" in said and "Asia/Tokyo" not in said, said


async def test_a_stored_zone_of_the_place_that_is_none_any_more_is_said(house: BotHarness) -> None:
    await house.app.services.timezones.put(HERE, PLACE, "Gone/Away")
    assert "since Gone/Away is not a timezone" in words((await house.say("setup timezone")).card)
    added = await house.say("relay add channel:alerts account:nasa watch:no")
    assert added.outcome is InvocationOutcome.OK
    assert (await house.say("relay timing alerts-nasa digest:18:00")).outcome is InvocationOutcome.OK

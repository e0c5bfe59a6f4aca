"""`relay filter`, `look` and `timing`: what they store, what they say, and what they refuse whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.chat.cards import InputKind
from bot.core.chat.ids import TenantId
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.appearance import Layout, Threading
from bot.core.routes.filters import (
    Contains,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    Quiet,
)
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import STEADY, Burst, QuietHours
from tests.features.edge import Screen, field_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, BotHarness
from tests.features.stored import came, tweet


@pytest.fixture
async def routed(house: BotHarness) -> BotHarness:
    """A house with the route `alerts-nasa`."""
    await house.done("relay add channel:alerts account:nasa")
    return house


async def _route(house: BotHarness, tenant: TenantId = HERE) -> Route:
    found = await house.app.services.relay.routes.named(tenant, "alerts-nasa")
    assert found is not None
    return found


async def _refused(house: BotHarness, line: str) -> str:
    """What is said of a line that must change nothing."""
    before = await _route(house)
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD, line
    assert await _route(house) == before, "nothing is half saved"
    said = words(screen.failure)
    assert "relay " in said, "an example or a remedy is given"
    return said


def _numbered(screen: Screen) -> list[str]:
    return [text for text in words(screen.card).splitlines() if text[:1].isdigit() and ". " in text[:4]]


# --- filter ----------------------------------------------------------------------------------


async def test_filters_are_numbered_in_the_order_in_which_they_were_given(routed: BotHarness) -> None:
    await routed.say('relay filter alerts-nasa matches:"(?i)artemis [iv]+"')
    screen = await routed.say('relay filter alerts-nasa contains:launch,"lift off" quiet:ad replies:no')
    assert _numbered(screen) == [
        "1. matches (?i)artemis [iv]+",
        "2. contains one of: launch, lift off",
        "3. contains none of: ad",
        "4. is not a reply to somebody else",
    ]
    kinds = [type(one) for one in (await _route(routed)).filters]
    assert kinds == [Matches, Contains, Quiet, NoReplies]


async def test_a_filter_of_the_same_kind_is_replaced_in_its_place(routed: BotHarness) -> None:
    await routed.say("relay filter alerts-nasa contains:launch min_followers:1000")
    screen = await routed.say("relay filter alerts-nasa contains:landing")
    assert _numbered(screen) == [
        "1. contains one of: landing",
        "2. its author has at least 1,000 followers",
    ]


async def test_every_sort_of_filter_is_stored(routed: BotHarness) -> None:
    await routed.say("relay filter alerts-nasa has:media lacks:link,poll language:EN,de sensitive:never")
    route = await _route(routed)
    assert route.filters == (Has(("media",)), Lacks(("link", "poll")), Languages(("en", "de")))
    assert route.sensitive is Sensitive.NEVER
    screen = await routed.say("relay filter alerts-nasa min_followers:5")
    assert "Tweets marked sensitive: never posted." in words(screen.card)
    assert MinFollowers(5) in (await _route(routed)).filters


async def test_filters_are_taken_away_by_number_by_kind_and_all(routed: BotHarness) -> None:
    await routed.say("relay filter alerts-nasa contains:launch quiet:ad replies:no")
    assert _numbered(await routed.say("relay filter alerts-nasa remove:1")) == [
        "1. contains none of: ad",
        "2. is not a reply to somebody else",
    ]
    assert _numbered(await routed.say("relay filter alerts-nasa replies:yes")) == ["1. contains none of: ad"]
    screen = await routed.say("relay filter alerts-nasa clear:yes language:en")
    assert _numbered(screen) == ["1. is in: en"]
    screen = await routed.say("relay filter alerts-nasa clear:yes")
    assert "No filters" in words(screen.card)


async def test_the_answer_says_how_many_of_the_newest_events_would_pass(routed: BotHarness) -> None:
    await came(routed, tweet("Launch at noon"), tweet("Lunch at noon"), tweet("Launch!", author="esa"))
    await came(routed, tweet("Of somebody else"), tenant=TenantId("slack", "T0002"))
    screen = await routed.say("relay filter alerts-nasa contains:launch")
    assert "1 of the last 3 events would pass." in words(screen.card)
    await routed.say("relay pause alerts-nasa")
    screen = await routed.say("relay filter alerts-nasa")
    assert screen.card.title == "Filters"
    assert "1 of the last 3 events would pass." in words(screen.card), "also while it is paused"


async def test_without_any_event_the_answer_says_that_there_is_none_to_try(routed: BotHarness) -> None:
    assert "nothing to try it on" in words((await routed.say("relay filter alerts-nasa")).card)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('matches:"(?=launch)"', "no look-around"),
        ('matches:"(launch"', "missing )"),
        (f"matches:{'a' * 501}", "the limit is 500"),
        ("language:englsh", "did you mean English (en)"),
        ("has:media lacks:media", "nothing would pass"),
        ("has:sound", "is not one of media, link, poll"),
        ("min_followers:0", "it must be from 1"),
        ("remove:1", "there is no filter 1; there are none"),
        ("remove:1 clear:yes", "none left to remove"),
        ("sensitive:maybe", "is not one of channel, always, never"),
        ("replies:perhaps", "neither yes nor no"),
        (f"contains:{'x' * 101}", "a word or phrase can have at most 100"),
        ("quiet:one min_followers:5 language:x1", "not a language that X knows"),
        ("contians:launch", "'contians:launch' after the route 'alerts-nasa' is not an option"),
    ],
)
async def test_a_filter_that_cannot_be_used_is_refused_by_name(
    routed: BotHarness, options: str, said: str
) -> None:
    assert said in await _refused(routed, f"relay filter alerts-nasa {options}")


# --- look ------------------------------------------------------------------------------------


async def test_a_look_is_stored_and_shows_the_newest_event_that_fits(routed: BotHarness) -> None:
    await came(routed, tweet("We have lift-off"), tweet("Not ours", author="esa"))
    screen = await routed.say(
        "relay look alerts-nasa layout:compact thread:day tags:launches,news publish:yes"
    )
    look = (await _route(routed)).appearance
    assert (look.layout, look.threading) == (Layout.COMPACT, Threading.DAY)
    assert (look.tags, look.publish) == (("launches", "news"), True)
    said = words(screen.card)
    assert "The newest event it takes looks like this:" in said
    assert "We have lift-off" in said
    assert "Not ours" not in said


async def test_a_look_is_shown_on_a_made_up_event_where_none_fits(routed: BotHarness) -> None:
    screen = await routed.say("relay look alerts-nasa")
    assert screen.card.title == "Look"
    assert "No event matches yet." in words(screen.card)
    assert "First light!" in words(screen.card)


async def test_a_template_is_used_as_soon_as_it_is_given(routed: BotHarness) -> None:
    await came(routed, tweet("We have lift-off"))
    screen = await routed.say('relay look alerts-nasa template:"** {{ author.username }} ** {{ text }}"')
    look = (await _route(routed)).appearance
    assert look.layout is Layout.TEMPLATE
    assert look.template == "** {{ author.username }} ** {{ text }}"
    assert "** nasa ** We have lift-off" in words(screen.card)


async def test_a_template_that_was_not_given_is_written_in_a_form(routed: BotHarness) -> None:
    asked = await routed.say("relay look alerts-nasa layout:template thread:day")
    (field,) = asked.form.inputs
    assert (field.name, field.kind, field.required) == ("template", InputKind.PARAGRAPH, True)
    assert "{{ text }}" in field.value
    wrong = await routed.submit(asked, template="{{ nothing }}")
    assert "there is no field 'nothing'" in words(wrong.failure)
    again = await routed.press(wrong.failure, "Change it")
    assert "{{ nothing }}" in [one.value for one in again.form.inputs]
    saved = await routed.submit(asked, template="New:\n{{ text }}")
    assert saved.card.title == "Look saved"
    look = (await _route(routed)).appearance
    assert (look.template, look.threading) == ("New:\n{{ text }}", Threading.DAY)
    asked = await routed.say("relay look alerts-nasa layout:template")
    assert asked.form.inputs[0].value == "New:\n{{ text }}", "the form shows what is there"


async def test_a_template_is_kept_for_later_or_taken_away(routed: BotHarness) -> None:
    await routed.say('relay look alerts-nasa template:"{{ text }}"')
    await routed.say("relay look alerts-nasa layout:full")
    assert (await _route(routed)).appearance.template == "{{ text }}"
    await routed.say('relay look alerts-nasa template:"{{ url }}"')
    await routed.say("relay look alerts-nasa off:template")
    look = (await _route(routed)).appearance
    assert (look.layout, look.template) == (Layout.FULL, "")


async def test_a_user_group_is_notified_and_the_answer_itself_notifies_nobody(routed: BotHarness) -> None:
    screen = await routed.say("relay look alerts-nasa ping:<!subteam^S01|@launch-team>,S02")
    assert (await _route(routed)).appearance.pings == ("S01", "S02")
    assert field_of(screen.card, "Notifies") == "S01, S02"
    assert screen.card.pings == ()
    await routed.say("relay look alerts-nasa off:ping,tags")
    assert (await _route(routed)).appearance.pings == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("ping:<!channel>", "never notifies everybody"),
        ("ping:@everyone", "never notifies everybody"),
        ("ping:<@U123>", "is one person, not a user group"),
        ("ping:<@&1>", "is not a user group"),
        ("ping:S01,S02,S03,S04,S05,S06", "at most 5"),
        ("ping:S01 off:ping", "both set and removed"),
        (f"tags:{'x' * 21}", "a tag has 20 at most"),
        ("tags:a,b,c,d,e,f", "at most 5"),
        ("thread:week", "is not one of none, tweet, day, account"),
        ("layout:huge", "is not one of full, compact, link, template"),
        ('template:"{{ txt }}"', "there is no field 'txt'"),
        ('template:"{% if %}"', "template:"),
        ('template:"{{ text }}" layout:link', "needs layout:template"),
        ("layout:template off:template", "the template that is being removed"),
        ("timezone:Europe/Berln", "did you mean Europe/Berlin"),
    ],
)
async def test_a_look_that_cannot_be_used_is_refused_by_name(
    routed: BotHarness, options: str, said: str
) -> None:
    assert said in await _refused(routed, f"relay look alerts-nasa {options}")


async def test_what_comes_to_nothing_in_a_channel_is_said_and_kept(routed: BotHarness) -> None:
    screen = await routed.say("relay look alerts-nasa publish:yes tags:news")
    said = words(screen.card)
    assert "c1 is not an announcement channel, so nothing is published there." in said
    assert "c1 is not a forum, so its messages get no tags." in said
    assert screen.card.tone == "warning"
    assert (await _route(routed)).appearance.publish, "it may become one"
    routed.wall.places["c1"] = PlaceFacts(PlaceKind.ANNOUNCEMENTS)
    said = words((await routed.say("relay look alerts-nasa off:tags")).card)
    assert "announcement" not in said


async def test_a_place_without_threads_and_notifications_says_so(routed: BotHarness) -> None:
    """As the channels of the playground and of a terminal are."""
    routed.wall.places["c1"] = PlaceFacts(threads=False, notifies=False)
    said = words((await routed.say("relay look alerts-nasa thread:day ping:S0LAUNCH")).card)
    assert "c1 has no threads, so its messages come one after another." in said
    assert "Nobody is notified in c1; its messages only name the roles." in said
    said = words((await routed.say("relay look alerts-nasa thread:none off:ping")).card)
    assert "no threads" not in said and "notified" not in said


async def test_a_forum_names_its_tags_where_a_route_names_others_or_none(routed: BotHarness) -> None:
    routed.wall.places["c1"] = PlaceFacts(PlaceKind.FORUM, tags=("News", "Launches"), tag_required=True)
    said = words((await routed.say("relay look alerts-nasa")).card)
    assert "The forum c1 requires a tag" in said
    assert "It has: News, Launches." in said
    said = words((await routed.say("relay look alerts-nasa tags:news,nonsense")).card)
    assert "The forum c1 has no tag nonsense" in said
    screen = await routed.say("relay look alerts-nasa tags:news")
    assert screen.card.tone == "success"


async def test_a_thread_begins_none_and_sensitive_tweets_are_warned_of(routed: BotHarness) -> None:
    routed.wall.places["c1"] = PlaceFacts(PlaceKind.THREAD)
    assert "no threads are started in it" in words(
        (await routed.say("relay look alerts-nasa thread:day")).card
    )
    said = words((await routed.say("relay filter alerts-nasa sensitive:always")).card)
    assert "Sensitive tweets are posted in c1, which is not marked for sensitive content." in said
    routed.wall.places["c1"] = PlaceFacts(sensitive=True)
    said = words((await routed.say("relay filter alerts-nasa sensitive:always")).card)
    assert "not marked" not in said


# --- timing ----------------------------------------------------------------------------------


async def test_a_schedule_is_stored_and_said_with_its_next_moments(routed: BotHarness) -> None:
    routed.clock.ahead = datetime(2027, 3, 1, 21, 30, tzinfo=UTC).timestamp() - routed.clock()
    screen = await routed.say(
        "relay timing alerts-nasa quiet:22:00-07:00 digest:18:00 timezone:Europe/Berlin "
        'burst:"5 in 10m" per_hour:20 per_day:100'
    )
    schedule = (await _route(routed)).schedule
    assert schedule.quiet == QuietHours(22 * 60, 7 * 60)
    assert (schedule.digest, schedule.timezone) == ("0 18 * * *", "Europe/Berlin")
    assert (schedule.burst, schedule.per_hour, schedule.per_day) == (Burst(5, 600), 20, 100)
    assert (await _route(routed)).appearance.timezone == "Europe/Berlin", "a route has one timezone"
    assert field_of(screen.card, "As a list") == "daily at 18:00; next list: tomorrow 18:00 Europe/Berlin"
    assert "quiet now, until tomorrow 07:00 Europe/Berlin" in field_of(screen.card, "Quiet hours")
    assert "more than 5 events in 10m" in field_of(screen.card, "Bursts")


@pytest.mark.parametrize(
    ("digest", "stored", "said"),
    [
        ("hourly", "0 * * * *", "hourly"),
        ("daily", "0 9 * * *", "daily at 09:00"),
        ("7:05", "5 7 * * *", "daily at 07:05"),
        ('"0 9 * * 1-5"', "0 9 * * 1-5", "Monday to Friday at 09:00"),
    ],
)
async def test_a_list_comes_by_a_word_a_time_or_a_schedule(
    routed: BotHarness, digest: str, stored: str, said: str
) -> None:
    screen = await routed.say(f"relay timing alerts-nasa digest:{digest}")
    assert (await _route(routed)).schedule.digest == stored
    assert field_of(screen.card, "As a list").startswith(f"{said}; next list: ")
    await routed.say("relay timing alerts-nasa digest:off")
    assert (await _route(routed)).schedule == STEADY


async def test_what_is_late_or_deleted_has_its_policy(routed: BotHarness) -> None:
    screen = await routed.say("relay timing alerts-nasa missed:last last:5 deleted:remove")
    route = await _route(routed)
    assert (route.catch_up, route.deleted) == (CatchUpPolicy(MissedPolicy.LAST, 5), Deleted.REMOVE)
    assert field_of(screen.card, "Late events") == "the last 5 are posted, and the others counted"
    await routed.say("relay timing alerts-nasa missed:digest deleted:keep")
    assert (await _route(routed)).catch_up.policy is MissedPolicy.DIGEST
    await routed.say("relay timing alerts-nasa last:7")
    assert (await _route(routed)).catch_up == CatchUpPolicy(MissedPolicy.LAST, 7)


async def test_a_part_of_the_schedule_is_switched_off_and_the_rest_stays(routed: BotHarness) -> None:
    await routed.say("relay timing alerts-nasa quiet:22:00-07:00 digest:hourly per_day:10")
    await routed.say("relay timing alerts-nasa off:quiet,digest")
    schedule = (await _route(routed)).schedule
    assert (schedule.quiet, schedule.digest, schedule.per_day) == (None, "", 10)
    shown = await routed.say("relay timing alerts-nasa")
    assert shown.card.title == "Timing"
    await routed.say("relay timing alerts-nasa off:per_day")
    shown = await routed.say("relay timing alerts-nasa")
    assert field_of(shown.card, "When") == "each event at once"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("quiet:tonight", "write it like 22:00-07:00"),
        ("quiet:22:00-25:00", "'25:00' is not a time of day"),
        ("quiet:22:00-22:00", "would never let anything through"),
        ("digest:sometimes", "write hourly, daily, weekly, 18:00"),
        ('digest:"0 0 31 2 *"', "is not a schedule"),
        ('digest:"0 * * * * *"', "a cron expression has five"),
        ("burst:many", "like 5 in 10m"),
        ('burst:"0 in 10m"', "out of range"),
        ('burst:"5 in 2d"', "a burst lasts a second to a day"),
        ("per_hour:0", "per_hour"),
        ("per_day:10001", "per_day"),
        ("timezone:Mars/Base", "is not a timezone"),
        ("missed:all last:5", "last is for missed:last"),
        ("missed:some", "is not one of all, last, digest"),
        ("deleted:hide", "is not one of mark, remove, keep"),
        ("quiet:22:00-07:00 off:quiet", "both set and switched off"),
        ("digest:hourly burst:often", "burst"),
    ],
)
async def test_a_schedule_that_cannot_be_kept_is_refused_by_name(
    routed: BotHarness, options: str, said: str
) -> None:
    assert said in await _refused(routed, f"relay timing alerts-nasa {options}")


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["filter", "look", "timing", "edit"])
async def test_settings_are_for_who_manages_and_of_the_own_place(routed: BotHarness, verb: str) -> None:
    assert (await routed.say(f"relay {verb} alerts-nasa", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    elsewhere = await routed.say(f"relay {verb} alerts-nasa", ADMIN, TenantId("slack", "T0002"))
    assert elsewhere.failure.title == "Not found"


async def test_a_form_for_a_template_opens_only_for_who_manages(routed: BotHarness) -> None:
    screen = await routed.say("relay look alerts-nasa layout:template", MEMBER)
    assert screen.names == ["fail"]
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED


@pytest.mark.parametrize("name", ["uyarılar-İstanbul", "अलर्ट", "ニュース-ABC", "ΝΈΑ", "alerts-esa"])
async def test_names_of_routes_are_the_same_in_capitals(house: BotHarness, name: str) -> None:
    await house.done(f"relay add channel:alerts account:nasa name:{name} watch:no")
    for written in (name.upper(), name.lower(), name.title()):
        shown = (await house.say(f"relay show {written}")).card
        assert name in words(shown), written
    assert (await house.say(f"relay filter {name.upper()} contains:ay")).card.title == "Filters saved"

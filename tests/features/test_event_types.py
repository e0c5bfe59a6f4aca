"""Every type of event can be watched and routed, and a monitor reports what routes name, and no less than
it did."""

from __future__ import annotations

from typing import get_args

import pytest
from x_twitter_scraper.types.monitors.post_monitor import PostEventType as TheirPostTypes

from bot.app.asking_monitors import ask_monitors
from bot.core.chat.ids import Destination
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.routes.events import (
    BY_NAME_TYPES,
    DELETED_TYPE,
    KEYWORD_TYPES,
    MONITOR_TYPES,
    POST_TYPES,
    UNNAMED_TYPES,
)
from bot.core.routes.route import Route
from bot.xquik.models import KeywordMonitor, Monitor
from tests.facts import table
from tests.features.edge import words
from tests.features.harness import ELSEWHERE as THERE
from tests.features.harness import HERE, BotHarness


async def _monitor(house: BotHarness, name: str = "nasa") -> Monitor:
    xquik = await house.app.services.xquik.of(HERE)
    return next(one for one in await xquik.monitors.list() if one.username.lower() == name)


async def _search(house: BotHarness, query: str) -> KeywordMonitor:
    xquik = await house.app.services.xquik.of(HERE)
    return next(one for one in await xquik.keyword_monitors.list() if one.query == query)


async def _happens(house: BotHarness, kind: str) -> bool:
    """Whether the sandbox, which reports what was asked for and nothing else, tells of it."""
    event = await house.control("emit", body={"username": "nasa", "type": kind, "asked": True})
    return event["id"] is not None


def test_the_types_are_those_of_the_vendor() -> None:
    assert sorted(MONITOR_TYPES) == sorted(table("xquik_sdk")["event_types"])
    meant = table("xquik_event")["event"]["properties"]["eventType"]["enum"]
    assert set(MONITOR_TYPES) - BY_NAME_TYPES == set(meant)
    assert len(MONITOR_TYPES) == 30 and len(meant) == 21
    assert get_args(TheirPostTypes) == POST_TYPES and set(POST_TYPES) <= BY_NAME_TYPES


@pytest.mark.parametrize("kind", sorted(BY_NAME_TYPES & {*MONITOR_TYPES}))
async def test_a_route_that_names_a_type_has_the_monitor_report_it(house: BotHarness, kind: str) -> None:
    await house.done("monitor add nasa")
    before = set((await _monitor(house)).event_types)
    assert not await _happens(house, kind)
    added = await house.done(f"relay add channel:#alerts account:nasa events:{kind}")
    assert added.outcome is InvocationOutcome.OK
    assert set((await _monitor(house)).event_types) == {*before, kind, DELETED_TYPE}
    assert await _happens(house, kind)


@pytest.mark.parametrize("kind", sorted(MONITOR_TYPES))
async def test_each_type_can_be_named_where_an_account_is_watched(house: BotHarness, kind: str) -> None:
    assert (await house.done(f"monitor add nasa events:{kind}")).outcome is InvocationOutcome.OK
    assert (await _monitor(house)).event_types == (kind,)
    assert await _happens(house, kind)


async def test_a_monitor_made_after_the_route_reports_what_it_names(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa events:follower.added,space.started")
    await house.done("monitor add nasa")
    types = set((await _monitor(house)).event_types)
    assert {"follower.added", "space.started", DELETED_TYPE, "tweet.new"} <= types
    assert "follower.removed" not in types


@pytest.mark.parametrize(("policy", "asked"), [("mark", True), ("remove", True), ("keep", False)], ids=str)
async def test_deletions_are_asked_for_where_something_is_done_about_them(
    house: BotHarness, policy: str, asked: bool
) -> None:
    await house.app.services.relay.routes.add(_kept(), 0.0)
    await house.done("monitor add nasa")
    assert not await _happens(house, DELETED_TYPE)
    changed = await house.say(f"relay timing nasa-route deleted:{policy} missed:last")
    assert changed.outcome is InvocationOutcome.OK
    assert await _happens(house, DELETED_TYPE) is asked


def _kept() -> Route:
    from bot.core.routes.route import Deleted

    place = Destination(HERE, "c1")
    return Route("r1", "nasa-route", place, accounts=("nasa",), deleted=Deleted.KEEP)


async def test_a_changed_route_asks_and_what_it_leaves_stays_for_others(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:one events:broadcast.started")
    await house.done("relay edit one events:following.removed")
    types = set((await _monitor(house)).event_types)
    assert {"broadcast.started", "following.removed", "tweet.new"} <= types


async def test_a_route_of_one_account_asks_no_other_monitor(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("monitor add esa")
    await house.done("relay add channel:#alerts account:nasa events:follower.added")
    assert "follower.added" not in (await _monitor(house, "esa")).event_types
    await house.done("relay add channel:#social events:follower.removed")
    for name in ("nasa", "esa"):
        assert "follower.removed" in (await _monitor(house, name)).event_types


@pytest.mark.parametrize("query", ["new horizons", "İstanbul depremi", "عاجل الآن", "चंद्रयान", "地震 速報"])
async def test_a_search_gains_posts_alone(house: BotHarness, query: str) -> None:
    await house.done(f'monitor keyword "{query}" events:tweet.new')
    route = f'relay add channel:#alerts keyword:"{query}" events:tweet.mention,follower.added'
    assert (await house.done(route)).outcome is InvocationOutcome.OK
    assert set((await _search(house, query)).event_types) == {"tweet.new", "tweet.mention"}
    refused = await house.done('monitor keyword "mars" events:follower.added')
    assert refused.outcome is not InvocationOutcome.OK and "follower.added" in words(refused.failure)
    assert DELETED_TYPE not in KEYWORD_TYPES


async def test_a_paused_monitor_gains_types_and_stays_paused(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.say("monitor pause nasa")
    await house.done("relay add channel:#alerts account:nasa events:profile.followers.changed")
    monitor = await _monitor(house)
    assert "profile.followers.changed" in monitor.event_types and not monitor.is_active


async def test_types_that_another_place_asked_for_are_kept(house: BotHarness) -> None:
    await house.give_key(THERE, house.sandbox.api_key)
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa events:follower.added", tenant=THERE)
    await house.done("relay add channel:#alerts account:nasa events:following.added")
    assert {"follower.added", "following.added"} <= set((await _monitor(house)).event_types)


async def test_routes_of_an_earlier_version_are_asked_for_at_the_start(house: BotHarness) -> None:
    xquik = await house.app.services.xquik.of(HERE)
    await xquik.monitors.create("nasa", ("tweet.new",))
    route = Route("r1", "old", Destination(HERE, "c1"), accounts=("nasa",))
    await house.app.services.relay.routes.add(route, 0.0)
    assert await ask_monitors(house.app, HERE)
    assert (await _monitor(house)).event_types == tuple(sorted({DELETED_TYPE, *UNNAMED_TYPES}))
    assert not await ask_monitors(house.app, HERE), "once is enough"


async def test_a_route_without_events_has_its_monitor_report_all_that_it_takes(house: BotHarness) -> None:
    """One that runs, one that is paused and one that is started with the route."""
    wanted = {*UNNAMED_TYPES, DELETED_TYPE}
    await house.done("monitor add nasa events:tweet.new")
    await house.done("monitor add esa")
    await house.say("monitor pause esa")
    await house.done("relay add channel:#alerts account:nasa,esa,jaxa name:all")
    for name in ("nasa", "esa", "jaxa"):
        assert set((await _monitor(house, name)).event_types) == wanted, name
    assert not (await _monitor(house, "esa")).is_active
    assert await _happens(house, "profile.bio.changed")
    assert not await _happens(house, "follower.added")
    assert await _happens(house, "profile.username.changed")


async def test_a_route_that_names_no_type_any_more_asks_for_all(house: BotHarness) -> None:
    await house.done("monitor add nasa events:tweet.new")
    await house.done("relay add channel:#alerts account:nasa name:one events:tweet.new")
    assert not await _happens(house, "profile.avatar.changed")
    await house.done("relay edit one every:events")
    assert await _happens(house, "profile.avatar.changed")


@pytest.mark.parametrize("query", ["new horizons", "İstanbul depremi", "عاجل الآن", "चंद्रयान", "地震 速報"])
async def test_a_search_reports_every_sort_of_tweet_to_a_route_without_events(
    house: BotHarness, query: str
) -> None:
    await house.done(f'monitor keyword "{query}" events:tweet.new')
    await house.done(f'relay add channel:#alerts keyword:"{query}"')
    assert set((await _search(house, query)).event_types) == KEYWORD_TYPES


async def test_a_route_is_kept_while_xquik_cannot_be_told(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.fault(method="PATCH", path="/monitors/*", status=503, times=9)
    added = await house.done("relay add channel:#alerts account:nasa name:kept events:follower.added")
    assert added.outcome is InvocationOutcome.OK and "monitors could not be updated" in words(added.card)
    assert [route.name for route in await house.app.services.relay.routes.of_tenant(HERE)] == ["kept"]


async def test_a_monitor_that_comes_to_report_more_is_told_of(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.say("monitor edit nasa events:tweet.new")
    added = await house.done(
        "relay add channel:#social account:nasa events:tweet.quote,profile.bio.changed name:r2"
    )
    said = words(added.card)
    assert "@nasa now reports this as well, since a route takes it: New bio, Deleted tweet, Quote" in said
    edited = words((await house.say("relay edit r2 events:tweet.new,tweet.reply")).card)
    assert "now reports this as well" in edited and "New reply" in edited
    assert "now reports" not in words((await house.say("relay edit r2 events:tweet.new")).card)
    await house.done("monitor keyword artemis")
    await house.say("monitor edit artemis events:tweet.reply")
    said = words((await house.done("relay add channel:#social keyword:artemis events:tweet.quote")).card)
    assert "“artemis” now reports this as well, since a route takes it: Quote" in said


async def test_an_edit_says_that_routes_take_more_than_is_left(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa")
    edited = words((await house.say("monitor edit nasa events:tweet.new")).card)
    assert "Routes here take more" in edited and "relay edit says" in edited
    again = words((await house.say("monitor add nasa")).card)
    assert "@nasa now reports this as well" in again, "what is watched again says so too"

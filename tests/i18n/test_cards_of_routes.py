"""What is said of routes, of the way of an event, and of monitors is said whole in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs

from bot.cards.explanations import explanation_card
from bot.cards.monitor_starts import Bill, start_preview, started_card, started_monitor_card
from bot.cards.monitors import monitor_card, monitors_note, monitors_table
from bot.cards.routes import routes, status
from bot.cards.routes.routes import Place, RouteRow
from bot.cards.routes.settings import filter_lines
from bot.cards.routes.status import RouteOverview, Status
from bot.cards.silences import Purse
from bot.cards.templates.samples import samples
from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.message import msg
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.explanations import AtPlace, ByRoute, Explanation, Fate, MessageUpdate
from bot.core.routes.filters import (
    Contains,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.routes.monitor_starts import Plan, Start
from bot.core.routes.route import (
    CatchUpPolicy,
    Deleted,
    Filtered,
    Matched,
    MissedPolicy,
    Route,
    Sensitive,
)
from bot.core.routes.route_status import PlaceStatus
from bot.core.routes.route_trials import Trial
from bot.core.routes.schedule import Burst, QuietHours, Schedule
from bot.core.routes.silences import Silence, SilenceCause
from bot.xquik.models import KeywordMonitor, Monitor
from tests.i18n.left_over import english_in_card

NAMES = """rrr nasa esa moon mars tweet new reply profile bio changed de en UTC Europe Berlin aaa bbb tag
maker full compact link template none day account relay add channel alerts show resume replay why edit setup
key view max_age status monitor list pause keyword https com credits topup"""
MADE_UP = str(samples()[0].data)
HERE = Destination(TenantId("discord", "G"), "C")
THERE = replace(HERE, channel="D")
DAY = 86_400.0
NOW = 1.7e9
FILTERS = (
    Contains(("moon", "mars")),
    Quiet(tuple(f"moon{n}" for n in range(12))),
    Contains(("月" * 80,) * 8),
    Matches("^" + "月" * 240),
    Has(("media", "link", "poll")),
    Lacks(("media", "link")),
    Languages(("de", "en")),
    MinFollowers(1),
    NoReplies(),
    OfTweets(("20", "21")),
)
PLAIN = Route("1", "rrr", HERE)
FULL = Route(
    "2",
    "rrr",
    HERE,
    accounts=tuple(f"nasa{n}" for n in range(12)),
    keywords=("月 " * 50,) * 7,
    events=("tweet.new", "profile.bio.changed"),
    created_by="maker",
    also=(THERE,),
    filters=FILTERS,
    quoted=True,
    sensitive=Sensitive.NEVER,
    appearance=Appearance(
        Layout.TEMPLATE,
        "moon",
        threading=Threading.DAY,
        pings=("aaa", "bbb"),
        tags=("tag",),
        publish=True,
        timezone="Europe/Berlin",
    ),
    schedule=Schedule("Europe/Berlin", QuietHours(60, 120), "0 9 * * 1", Burst(5, 600), 5, 50),
    catch_up=CatchUpPolicy(MissedPolicy.LAST, 3),
    deleted=Deleted.REMOVE,
    changed_at=NOW,
)
PAUSED = replace(FULL, accounts=(), paused_reason=msg("paused by hand"))
SEARCH = replace(FULL, accounts=("nasa",), keywords=("moon",), events=(), created_by="")
ROUTES = (PLAIN, FULL, PAUSED, SEARCH, replace(PLAIN, changed_at=NOW))
EVENT = Event(1, HERE.tenant, "tweet.new", "nasa", None, NOW, NOW, {"tweet": {"text": "moon"}}, "e:1")
STOPPED = msg("the route is paused")
TRIALS = (
    Trial((), ()),
    Trial((EVENT,), ()),
    Trial((), ((STOPPED, 1),)),
    Trial((EVENT,) * 3, ((STOPPED, 1197),)),
)
NOTE = line(msg("Title"))
GONE = msg("I was removed from the channel.")
PURSES = (None, Purse(9, 9, 3 * DAY))


def of_routes() -> Iterator[Card]:
    for route in ROUTES:
        yield routes.route_card(route, msg("Title"), [NOTE, msg("Title")])
        yield routes.removed_card(route, ["relay add channel:#alerts"] * 2)
        yield routes.look_card(route, EVENT, now=NOW, changed=True)
        yield routes.timing_card(route, NOW, changed=False)
        yield from (routes.filters_card(route, trial, changed=trial.tried == 1) for trial in TRIALS)
        yield from (routes.preview_card(route, one, msg("Title"), shown=1, unsaved=True) for one in TRIALS)
        for places in (
            (),
            (Place(HERE, None, NOW), Place(THERE, GONE, None, None, 3), Place(HERE, waiting=1)),
        ):
            yield routes.route_page(route, places, created_at=NOW - DAY, now=NOW)
        row = RouteRow(route, None, 3, GONE)
        yield Card(msg("Title"), routes.routes_blocks([row, RouteRow(route, NOW)]))
        yield Card(msg("Title"), (routes.names_table([row]), Text(routes.NO_ROUTES)))
    for policy in MissedPolicy:
        for deleted in Deleted:
            route = replace(PLAIN, catch_up=CatchUpPolicy(policy), deleted=deleted)
            yield routes.timing_card(route, NOW, changed=True)
    for begins in range(0, 1440, 180):
        hours = Schedule("UTC", QuietHours(begins, (begins + 200) % 1440), f"0 {begins // 60} * * 1-5")
        yield routes.timing_card(replace(PLAIN, schedule=hours), NOW, changed=False)
    for sensitive in Sensitive:
        yield routes.filters_card(replace(PLAIN, sensitive=sensitive), TRIALS[0], changed=False)
    yield Card(msg("Title"), (routes.keyless_text(), routes.names_note()))


def of_looks() -> Iterator[Card]:
    for layout in Layout:
        for threading in Threading:
            look = Appearance(layout, threading=threading)
            yield routes.look_card(replace(PLAIN, appearance=look), None, now=NOW, changed=False)


def of_status() -> Iterator[Card]:
    for via in ("webhook", "stream", "catchup", ""):
        for purse in PURSES:
            for refused in (True, False):
                now = Status(
                    NOW, NOW, via, None, 3, NOW - DAY, 2, not refused, refused, refused,
                    (Silence("s", SilenceCause.LOW, "", 0.0),), purse,
                )  # fmt: skip
                yield Card(msg("Title"), (status.status_fields(now), *status.troubles(now)))
    never = Status(NOW, None, "", NOW, 0, None, 0, True, False, False)
    yield Card(msg("Title"), (status.status_fields(never), *status.troubles(never), Text(status.NO_ROUTE)))
    yield Card(msg("Title"), (status.dead_hint(), status.further_troubles(["rrr"] * 20)))
    for route in ROUTES:
        for lost_at in (None, NOW):
            for by_person in (True, False):
                places = (
                    PlaceStatus(HERE, GONE, NOW, None, lost_at, 3, by_person),
                    PlaceStatus(THERE, None, None, GONE),
                )
                for shown in (places, places[1:]):
                    for waiting in (0, 3):
                        one = RouteOverview(route, shown, waiting, (waiting, NOW), waiting, lost_at)
                        yield Card(msg("Title"), (status.route_line(one), *status.route_blocks(one)))


def of_explanations() -> Iterator[Card]:
    updates = [
        MessageUpdate(HERE, removes, fate, at, detail)
        for removes in (True, False)
        for fate in (Fate.SENT, Fate.WAITING, Fate.DEAD)
        for at in (None, NOW)
        for detail in ("", GONE)
    ]
    places = [
        AtPlace(
            HERE, fate, at, at, detail, n, n == 1, n == 1, n == 1, by, GONE if n == 2 else "",
            MessageUpdate(HERE, removes=n == 1, fate=Fate.SENT, at=at),
        )
        for fate in Fate
        for at in (None, NOW)
        for detail in ("", GONE) if fate is not Fate.HELD
        for n, by in ((0, None), (1, "rrr"), (2, ""))
    ]  # fmt: skip
    places += [
        AtPlace(HERE, Fate.HELD, until=NOW, detail=why) for why in ("digest", "quiet", "burst", "missed")
    ]
    no = Filtered(msg("the route is paused"))
    by = [ByRoute(PLAIN, Matched(), True, (one,)) for one in places]
    for start in range(0, len(by), 8):
        yield explanation_card([explained(by[start : start + 8])], "moon")
    refused = [ByRoute(PLAIN, no, n == 1, (), missed=n == 2) for n in range(9)]
    yield explanation_card([explained([*by, *refused])], "moon")
    yield explanation_card([explained([ByRoute(PLAIN, no, False, tuple(places[:1]))])], "moon")
    yield explanation_card([], "moon")
    deleted = structs.replace(EVENT, type=DELETED_TYPE, username=None, identity="x")
    for via in ("webhook", "stream", "catchup", ""):
        for start in range(0, len(updates), 8):
            told = explained([], via=via, event=deleted)
            yield explanation_card([structs.replace(told, message_updates=tuple(updates[start:]))], "moon")
            yield explanation_card([told], "moon")


def explained(by: list[ByRoute], via: str = "stream", event: Event = EVENT) -> Explanation:
    elsewhere = (AtPlace(THERE, Fate.SENT, NOW),)
    return Explanation(event, via, "", bool(by) or via == "stream", True, tuple(by), elsewhere)


WATCHED = (
    Monitor(id="1", username="nasa", x_user_id="1"),
    Monitor(id="2", username="esa", x_user_id="2", is_active=False, paused_reason="insufficient_credits"),
    KeywordMonitor(id="3", query="moon", event_types=("tweet.new",)),
    KeywordMonitor(id="4", query="moon", is_active=False),
)
STARTS = (
    Start("account", "nasa", ("tweet.new",)),
    Start("account", "esa", (), "2", "insufficient_credits"),
    Start("keyword", "moon", (), "4"),
    Start("keyword", "mars", ()),
)
BILLS = (Bill(30), Bill(30, 0, 20), Bill(30, 60, 2000), Bill(30, 60, 9, True), Bill(30, 0, 0))


def of_monitors() -> Iterator[Card]:
    yield from (monitor_card(one, msg("Title"), NOTE) for one in WATCHED)
    yield Card(msg("Title"), (monitors_table(WATCHED), Text(monitors_note(1)), Text(monitors_note(3))))
    plans = [Plan((one,), 30) for one in STARTS]
    plans += [Plan(STARTS, 30, FULL, True), Plan(STARTS[:2], 30, PLAIN), Plan(STARTS[:2], 30)]
    plans += [Plan(STARTS[:1], 30, PLAIN), Plan(STARTS[2:3], 30, PLAIN, True)]
    for plan in plans:
        for bill in BILLS:
            for unseen in ((), ("nasa",), ("nasa", "esa")):
                yield start_preview(plan, bill, [NOTE, msg("Title")], unseen)
        yield from (started_monitor_card(plan, one, msg("Title"), NOTE) for one in WATCHED)
        for refused in ((), ((STARTS[0], NOTE),)):
            for route in (None, PLAIN):
                yield started_card(plan, WATCHED, refused, msg("Title"), route=route, notes=[NOTE])


@pytest.mark.parametrize(
    "cards", [of_routes, of_looks, of_status, of_explanations, of_monitors], ids=lambda made: made.__name__
)
def test_what_is_said_of_routes_and_monitors_is_a_message_whole(cards: object) -> None:
    assert callable(cards)
    values = f"{NAMES} {MADE_UP}" if cards is of_looks else NAMES
    for card in cards():
        assert english_in_card(card, values) == set(), card
        assert english_in_card(card_json.decode(card_json.encode(card)), values) == set(), "as it is stored"


def test_the_filters_of_a_route_are_said_as_suggestions() -> None:
    for said in filter_lines(FULL):
        assert english_in_card(Card(said), NAMES) == set()

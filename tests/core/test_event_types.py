"""Which types a route without `events` takes: those it meant, and what nobody knew when it was made."""

from __future__ import annotations

import pytest

from bot.cards.routes.routes import route_filter
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.dedup_keys import of_event
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import (
    BY_NAME_TYPES,
    DELETED_TYPE,
    KEYWORD_TYPES,
    MONITOR_TYPES,
    UNNAMED_TYPES,
    Event,
)
from bot.core.routes.route import Deleted, Filtered, Route, match, takes_type, types_asked
from bot.relay.routing.route_index import RouteIndex
from bot.relay.sending.notices import describe

TENANT = TenantId("slack", "T1")
PLACE = Destination(TENANT, "C1")
ALL = Route("r1", "all", PLACE)


def _event(kind: str) -> Event:
    return Event(7, TENANT, kind, "nasa", None, 0.0, 0.0, {"id": "18"}, "e:7")


@pytest.mark.parametrize("kind", [*sorted(MONITOR_TYPES), "hologram.started"])
@pytest.mark.parametrize("accounts", [(), ("nasa",)])
def test_newer_types_come_only_by_name(kind: str, accounts: tuple[str, ...]) -> None:
    unnamed = Route("r1", "all", PLACE, accounts)
    named = Route("r2", "one", PLACE, accounts, events=(kind,))
    assert takes_type(unnamed, kind) is (kind not in BY_NAME_TYPES)
    assert bool(RouteIndex([unnamed]).targets(_event(kind))) is (kind not in BY_NAME_TYPES)
    assert takes_type(named, kind) and RouteIndex([named]).targets(_event(kind))


def test_a_deletion_is_no_news_of_the_tweet_itself() -> None:
    assert of_event(_event(DELETED_TYPE)) == "d:18"
    assert of_event(_event("tweet.new")) == "t:18"


def test_routes_ask_their_own_monitors() -> None:
    kept = Route("r2", "b", PLACE, ("esa",), events=("odd.type", "space.started"), deleted=Deleted.KEEP)
    assert types_asked([kept], account="ESA") == {"space.started"}
    assert types_asked([kept], account="nasa") == frozenset()
    assert types_asked([kept, ALL], account="nasa") == UNNAMED_TYPES | {DELETED_TYPE}
    assert types_asked([ALL], query="mars") == KEYWORD_TYPES


@pytest.mark.parametrize(
    ("accounts", "keywords", "events", "said"),
    [
        (("nasa",), (), (), "tweets and profile changes"),
        ((), (), (), "tweets and profile changes"),
        (("nasa",), ("地震",), (), "tweets and profile changes"),
        ((), ("عاجل",), (), "tweets"),
        (("nasa",), (), ("tweet.new", "space.started"), "New tweet, Space started"),
    ],
)
def test_what_a_route_takes_is_said_as_it_is(
    accounts: tuple[str, ...], keywords: tuple[str, ...], events: tuple[str, ...], said: str
) -> None:
    route = Route("r1", "one", PLACE, accounts, keywords, events=events)
    assert route_filter(route).split("; ")[-1] == said
    assert describe(route).startswith(f"It takes {said} of ")


@pytest.mark.parametrize("kind", sorted(BY_NAME_TYPES))
def test_what_comes_only_by_name_says_so(kind: str) -> None:
    said = kind_words(kind)
    refused = match(ALL, _event(kind))
    assert refused == Filtered(f"the route takes events of this kind only if events names them: {said}")
    named = Route("r2", "b", PLACE, events=("odd.type",))
    assert match(named, _event(kind)) == Filtered(f"the route does not take events of this kind: {said}")

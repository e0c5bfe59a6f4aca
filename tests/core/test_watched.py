"""Which routes a monitor feeds, whatever it watches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.account_names import KnownAccount
from bot.core.routes.events import POST_TYPES
from bot.core.routes.filters import OfTweets
from bot.core.routes.route import Route
from bot.core.routes.watched import WatchedSource, of_stored, share, stored

ROUTE = Route("r1", "alerts", Destination(TenantId("slack", "T1"), "C1"))
NASA, MOON = replace(ROUTE, accounts=("nasa",)), replace(ROUTE, keywords=("moon landing",))
TWEET = replace(ROUTE, filters=(OfTweets(("20",)),))
ACCOUNT, SEARCH = WatchedSource("account", "nasa", "11"), WatchedSource("keyword", "Moon  landing")
POST = WatchedSource("post", "20", "11", "nasa")


@pytest.mark.parametrize(
    ("one", "route", "fed"),
    [
        (ACCOUNT, NASA, True),
        (structs.replace(ACCOUNT, watched="NASA"), NASA, True),
        (ACCOUNT, MOON, False),
        (ACCOUNT, ROUTE, True),
        (ACCOUNT, TWEET, False),
        (SEARCH, MOON, True),
        (SEARCH, NASA, False),
        (SEARCH, ROUTE, True),
        (POST, TWEET, True),
        (WatchedSource("post", "20"), TWEET, True),
        (structs.replace(POST, watched="21"), TWEET, False),
        (POST, NASA, False),
        (POST, replace(NASA, events=(POST_TYPES[0],)), True),
        (POST, ROUTE, False),
    ],
)
def test_a_monitor_feeds_what_takes_something_of_it(one: WatchedSource, route: Route, fed: bool) -> None:
    assert one.feeds(route) is fed
    assert share(30, (one,), route) == (30 if fed else 0)


def test_an_account_is_known_by_its_id_where_that_is_known() -> None:
    route = replace(NASA, known=(KnownAccount("11", "nasa", 1.0),))
    assert WatchedSource("account", "renamed", "11").feeds(route)
    assert not WatchedSource("account", "nasa", "12").feeds(route), "somebody else by now"


def test_of_several_a_route_has_its_part_and_none_once_it_is_gone() -> None:
    both = (ACCOUNT, WatchedSource("account", "esa", "12"))
    assert share(60, both, NASA) == 30 and share(60, both, ROUTE) == 60
    assert share(60, both, None) == share(60, (), NASA) == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[["account"]]', "null", '"x"'])
def test_it_is_kept_as_json_and_what_is_none_is_nothing(text: str) -> None:
    assert of_stored(stored((ACCOUNT, POST, SEARCH))) == (ACCOUNT, POST, SEARCH)
    assert of_stored(text) == ()

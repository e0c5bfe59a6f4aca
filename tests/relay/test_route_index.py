"""The index of a tenant's routes says what asking every route in turn would say, only quicker."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.ids import Destination
from bot.core.routes.account_names import FormerName, KnownAccount
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.routes.muting import Muting
from bot.core.routes.route import Deleted, LostPlace, Matched, Route, Sensitive, match
from bot.core.routes.schedule import Burst, Schedule
from bot.relay.routing.route_index import RouteIndex
from bot.storage.relay.routes import overlap
from tests.relay.harness import TENANT, route

NOW = 1_772_193_600.0
ACCOUNTS = st.sampled_from(["nasa", "esa", "jaxa"])
KEYWORDS = st.sampled_from(["Moon  landing", "mars", "MARS"])
TYPES = st.sampled_from(["tweet.new", "tweet.reply", "odd.type", DELETED_TYPE, "post.edited"])
FILTERS: st.SearchStrategy[Filter] = st.sampled_from(
    [
        Contains(("go",)),
        Quiet(("ad", "Promo")),
        Matches("^go +for"),
        Matches("(unclosed"),
        Has(("link",)),
        Languages(("en",)),
        MinFollowers(100),
        NoReplies(),
        OfTweets(("20", "21")),
    ]
)
PLACES = st.builds(Destination, st.just(TENANT), st.sampled_from("ABC"), st.none() | st.just("1"))


@st.composite
def any_route(draw: st.DrawFn) -> Route:
    first, *also = draw(st.lists(PLACES, min_size=1, max_size=3, unique=True))
    lost = draw(st.lists(st.sampled_from([first, *also]), max_size=1))
    return Route(
        id=draw(st.uuids()).hex,
        name="r",
        destination=first,
        also=tuple(also),
        accounts=tuple(draw(st.lists(ACCOUNTS, max_size=2))),
        keywords=tuple(draw(st.lists(KEYWORDS, max_size=2))),
        events=tuple(draw(st.lists(TYPES, max_size=2))),
        paused_reason=draw(st.sampled_from([None, None, None, "paused"])),
        filters=tuple(draw(st.lists(FILTERS, max_size=2))),
        quoted=draw(st.booleans()),
        sensitive=draw(st.sampled_from(Sensitive)),
        deleted=draw(st.sampled_from(Deleted)),
        lost=tuple(LostPlace(place, "gone") for place in lost),
    )


KNOWN = {
    "nasa": (KnownAccount("11", "nasa", NOW, (FormerName("esa", NOW),)), KnownAccount("12", "nasa", NOW)),
    "esa": (KnownAccount("22", "esa", NOW + 9, (FormerName("jaxa", NOW + 9),)),),
    "jaxa": (KnownAccount("33", "jaxa", NOW - 9, holds=False),),
}


@st.composite
def following_route(draw: st.DrawFn) -> Route:
    plain = draw(any_route())
    behind = [one for name in plain.accounts for one in KNOWN[name] if draw(st.booleans())]
    return replace(plain, known=tuple({one.id: one for one in behind}.values()))


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    data: dict[str, object] = {
        "id": "7",
        "text": draw(st.sampled_from(["go  for launch", "an AD", "https://x"])),
    }
    if draw(st.booleans()):
        data |= {"lang": "en", "possiblySensitive": True, "author": {"username": "NASA", "followers": 100}}
    if draw(st.booleans()):
        data |= {"isReply": True, "inReplyToUsername": "ESA"}
    return Event(
        id=1,
        tenant=TENANT,
        type=draw(TYPES),
        username=draw(st.none() | st.sampled_from(["NASA", "esa", "jaxa", "other"])),
        account_id=draw(st.none() | st.sampled_from(["11", "12", "22", "33", "44"])),
        query=draw(st.none() | st.sampled_from(["moon landing", "Mars", "other"])),
        occurred_at=NOW,
        received_at=NOW,
        data=data,
        identity="e:1",
    )


MUTES = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["nasa", "esa"])), max_size=2)


@given(st.lists(following_route(), max_size=12), any_event(), MUTES)
def test_the_index_gives_exactly_the_places_that_matching_every_route_gives(
    routes: list[Route], event: Event, mutes: list[tuple[str, str]]
) -> None:
    hidden = Muting(mutes).hidden_in(event)
    wanted: dict[Destination, str] = {}
    for one in routes:
        if isinstance(match(one, event), Matched):
            for place in one.destinations:  # also where it waits until it can be written to again
                if place.channel not in hidden:
                    wanted.setdefault(place, one.id)
    found = RouteIndex(routes, mutes).targets(event)
    assert [(t.destination, t.route) for t in found] == list(wanted.items())


@given(MUTES, any_event())
def test_a_place_hides_what_is_of_the_account_or_the_author_that_it_muted(
    mutes: list[tuple[str, str]], event: Event
) -> None:
    author = event.data.get("author")
    seen = {(event.username or "").lower(), "nasa" if author else ""}
    hidden = {channel for channel, account in mutes if account in seen}
    assert Muting(mutes).hidden_in(event) == hidden
    # With ids it hides no more than that, unless one of them is the event's.
    known = Muting([(channel, account, "99") for channel, account in mutes])
    assert known.hidden_in(event) <= hidden


@given(following_route(), following_route(), any_event())
def test_two_routes_that_take_one_event_overlap(one: Route, other: Route, event: Event) -> None:
    if isinstance(match(one, event), Matched) and isinstance(match(other, event), Matched):
        # One by account and the other by keyword: no event is known to be of both beforehand.
        by_different_means = (one.accounts or one.keywords) and (other.accounts or other.keywords)
        assert overlap(one, other) or by_different_means


def test_ten_thousand_routes_are_looked_through_in_under_a_millisecond() -> None:
    routes = [
        route(f"r{n}", f"C{n % 700}", accounts=(f"account{n}",), events=("tweet.new",)) for n in range(9_990)
    ] + [route(f"s{n}", f"D{n}", accounts=("nasa",)) for n in range(10)]
    index = RouteIndex(routes)
    event = Event(1, TENANT, "tweet.new", "NASA", None, NOW, NOW, {}, "e:1")
    best = 1.0
    for _ in range(5):
        begun = time.perf_counter()
        assert len(index.targets(event)) == 10
        best = min(best, time.perf_counter() - begun)
    assert best < 0.001


def test_only_what_a_route_has_beyond_the_usual_keeps_it_in_memory() -> None:
    plain = route("plain", "C1", accounts=("nasa",), deleted=Deleted.REMOVE)
    paced = route("paced", "C2", accounts=("nasa",), schedule=Schedule(burst=Burst(3, 60)))
    index = RouteIndex([plain, paced])
    event = Event(1, TENANT, "tweet.new", "nasa", None, NOW, NOW, {}, "e:1")
    assert [target.rules for target in index.targets(event)] == [None, paced]


def test_deletions_are_looked_for_where_some_route_acts_on_them_also_a_paused_one() -> None:
    routes = [
        route("keep", "C1", deleted=Deleted.KEEP),
        route("remove", "C1", accounts=("nasa",), deleted=Deleted.REMOVE),
        route("mark", "C1"),
        route("other", "C2", deleted=Deleted.KEEP),
        route("paused", "C3", paused_reason="by Ann", deleted=Deleted.REMOVE),
    ]
    index = RouteIndex(routes)
    assert index.places_for_deletions() == {"slack:T1/C1": Deleted.REMOVE, "slack:T1/C3": Deleted.REMOVE}
    assert index.policy(routes[0].id) is Deleted.KEEP and index.policy("gone") is None

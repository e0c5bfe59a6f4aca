"""The words of routes, times and prices, and what is wrong with them, are said whole in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.errors import said_by
from bot.core.routes import conditions
from bot.core.routes.conditions import checked, checked_all, checked_hashtags, checked_keywords, without
from bot.core.routes.events import Event
from bot.core.routes.filtering import refusal
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.routes.route import Filtered, Route, Sensitive, match
from bot.core.routes.schedule_moments import check_timezone, minutes_of
from bot.core.routes.schedule_text import burst_of, digest_of, digest_words, quiet_of
from bot.core.text.invisible import only_unseen
from bot.core.text.lists import items_of
from bot.core.text.numerals import whole_number
from bot.core.text.patterns import check
from bot.core.times.durations import parse_duration
from bot.core.times.zone_words import moment_words, zone_label
from bot.core.x.forecast import DAY, HOUR, lasts_words
from bot.core.x.languages import language_code
from bot.core.x.prices import monitor_words
from bot.core.x.references import parse_tweet_ref, parse_username
from bot.core.x.searches import checked_search
from tests.i18n.left_over import english_in

HERE = Destination(TenantId("discord", "G"), "C")
TWEET = {"text": "the moon", "media": [{"type": "photo"}], "inReplyToUsername": "esa", "lang": "en"}
EVENT = Event(1, HERE.tenant, "tweet.new", "nasa", None, 0.0, 0.0, {"tweet": TWEET}, "e:1")


@pytest.mark.parametrize(
    "said",
    [
        *map(lasts_words, (1.0, HOUR, 30 * HOUR, 9 * DAY)),
        *map(monitor_words, (1, 30)),
        *map(
            digest_words,
            ("0 * * * *", "0 18 * * *", "0 9 * * 1", "0 9 * * 1-5", "0 9 * * 0,3", "*/7 * * * *"),
        ),
        zone_label("Europe/Berlin", 0.0),
        zone_label("xyz", 0.0),
        moment_words(1e18, "UTC"),
        only_unseen("\u3164\u200b\u200c\u200d\u2060\u061c\u115f"),
    ],
)
def test_words_are_messages(said: str) -> None:
    assert english_in(said, "Europe Berlin UTC xyz") == set(), said


@pytest.mark.parametrize(
    "one",
    [
        Contains(("mars", "sun")),
        Quiet(("moon",)),
        Matches("^mars"),
        Has(("poll",)),
        Has(("link",)),
        Lacks(("media",)),
        Languages(("de",)),
        MinFollowers(10),
        NoReplies(),
        OfTweets(("20",)),
    ],
)
def test_what_a_filter_says_is_a_message(one: Filter) -> None:
    said = refusal((one,), EVENT)
    assert said is not None and english_in(said, "mars sun moon en") == set(), said


@pytest.mark.parametrize(
    "route",
    [
        Route("1", "r", HERE, paused_reason="x"),
        Route("1", "r", HERE, events=("tweet.reply",)),
        Route("1", "r", HERE, accounts=("esa",)),
        Route("1", "r", HERE, keywords=("mars",)),
        Route("1", "r", HERE, sensitive=Sensitive.NEVER),
    ],
)
def test_why_a_route_takes_no_event_is_a_message(route: Route) -> None:
    sensitive = replace(EVENT, data={"tweet": {**TWEET, "possiblySensitive": True}})
    answer = match(route, sensitive)
    assert isinstance(answer, Filtered)
    assert english_in(answer.rule, "tweet new") == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda: checked(Has(())),
        lambda: checked(Contains(())),
        lambda: checked(Contains(tuple(map(str, range(60))))),
        lambda: checked(Contains(("9" * 200,))),
        lambda: checked(Matches("")),
        lambda: checked(Matches("a" * 2000)),
        lambda: checked(Languages(())),
        lambda: checked(MinFollowers(0)),
        lambda: checked(MinFollowers(2_000_000_000)),
        lambda: checked_all((NoReplies(),) * 30),
        lambda: checked_all((Has(("link",)), Lacks(("link",)))),
        lambda: without((), 1),
        lambda: without((NoReplies(),), 2),
        lambda: conditions.check_account_age(10**6, 1.8e9),
        lambda: checked_keywords(("moon*",)),
        lambda: checked_hashtags(("#12",)),
        lambda: checked_hashtags(("mo on",)),
        lambda: checked_hashtags(("9" * 200,)),
        *(lambda text=text: quiet_of(text) for text in ("x", "22:00-22:00", "9-10", "25:00-26:00")),
        *(lambda text=text: burst_of(text) for text in ("x", "0 in 10m", "5 in 9d", "5 in x")),
        *(lambda text=text: digest_of(text) for text in ("x", "2h", "1h", "9", "0 0 9 * * 1")),
        *(lambda text=text: minutes_of(text) for text in ("9", "15", "77", "x")),
        lambda: check_timezone("mars"),
        lambda: check_timezone("berlin"),
        *(lambda text=text: parse_duration(text) for text in ("5", "1:30", "2mo", "x", "999999w")),
        *(lambda text=text: whole_number(text) for text in ("x", "1.000", "1e9")),
        lambda: language_code("xyzzyq"),
        lambda: language_code("Germann"),
        *(lambda text=text: parse_tweet_ref(text) for text in ("x", "https://x.com/nasa")),
        *(
            lambda text=text: parse_username(text)
            for text in ("", "a b c", "https://x.com/i/user/1", "@a @b")
        ),
        *(
            lambda text=text: checked_search(text)
            for text in ("lang:", "lang:xyzzyq", "from:a!b", "min_faves:-1", "since:x", "max_id:x")
        ),
        lambda: checked_search("since:2026-02-01 until:2026-01-01"),
        *(lambda text=text: list(items_of(text)) for text in ('a "b', '"a b" c')),
        lambda: check("\\bü"),
    ],
)
def test_what_is_wrong_is_a_message(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError) as raised:
        make()
    said = said_by(raised.value)
    assert english_in(said, VALUES) == set(), said


VALUES = """xyzzyq UTC Europe Berlin mars berlin moon hourly mo on German Germann nasa esa since until max_id
min_faves lang from de en ASCII"""

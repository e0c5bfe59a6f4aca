"""The timezones that are offered while one is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.chat.zone_choices import MOST, zone_choices
from bot.core.times.zone_words import kept_zone
from bot.core.times.zones import people_zones, read_zone

WINTER = datetime(2026, 1, 15, tzinfo=UTC).timestamp()
SUMMER = datetime(2026, 7, 15, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("typed", "label", "value"),
    [
        ("new y", "New York (America/New_York, UTC−5 now)", "America/New_York"),
        ("New_York", "New York (America/New_York, UTC−5 now)", "America/New_York"),
        ("america/new", "New York (America/New_York, UTC−5 now)", "America/New_York"),
        ("İsta", "Istanbul (Europe/Istanbul, UTC+3 now)", "Europe/Istanbul"),
        ("ISTAN", "Istanbul (Europe/Istanbul, UTC+3 now)", "Europe/Istanbul"),
        ("東", "Tokyo (Asia/Tokyo, UTC+9 now)", "Asia/Tokyo"),
        ("القا", "Cairo (Africa/Cairo, UTC+2 now)", "Africa/Cairo"),
        ("मुं", "Kolkata (Asia/Kolkata, UTC+5:30 now)", "Asia/Kolkata"),
        ("กรุง", "Bangkok (Asia/Bangkok, UTC+7 now)", "Asia/Bangkok"),
        ("Моск", "Moscow (Europe/Moscow, UTC+3 now)", "Europe/Moscow"),
        ("são", "Sao Paulo (America/Sao_Paulo, UTC−3 now)", "America/Sao_Paulo"),
        ("calcutta", "Kolkata (Asia/Kolkata, UTC+5:30 now)", "Asia/Kolkata"),
        ("munich", "Berlin (Europe/Berlin, UTC+1 now)", "Europe/Berlin"),
        ("EST", "New York (America/New_York, UTC−5 now)", "America/New_York"),
        ("utc", "UTC", "UTC"),
        ("UTC+3", "UTC+3", "UTC+3"),
        ("gmt-5", "UTC-5", "UTC-5"),
    ],
)
def test_the_likeliest_comes_first_with_its_offset(typed: str, label: str, value: str) -> None:
    first = zone_choices(typed, (), WINTER)[0]
    assert (first.label, first.value) == (label, value)


def test_the_offset_is_that_of_the_moment() -> None:
    assert zone_choices("berlin", (), SUMMER)[0].label == "Berlin (Europe/Berlin, UTC+2 now)"


@pytest.mark.parametrize("short", ["EST", "IST", "CST", "BST", "pst"])
def test_a_short_name_offers_every_clock_that_it_may_be(short: str) -> None:
    offered = [choice.value for choice in zone_choices(short, (), WINTER)]
    assert len(offered) > 1 and len(set(offered)) == len(offered)
    assert {read_zone(value, WINTER).key for value in offered} <= set(people_zones())


def test_what_counts_here_stands_first_and_once() -> None:
    offered = [c.value for c in zone_choices("", ("Asia/Tokyo", "", "Asia/Tokyo", "Etc/GMT-2"), WINTER)]
    assert offered[:3] == ["Asia/Tokyo", "UTC+2", "UTC"] and offered.count("Asia/Tokyo") == 1
    # Of equals the one that counts here.
    assert zone_choices("m", ("Europe/Madrid",), WINTER)[0].value == "Europe/Madrid"
    assert zone_choices("", ("posixrules",), WINTER)[0].value == "America/New_York"


@pytest.mark.parametrize(
    "typed", ["", "a", "e", "america", "UTC+15", "x" * 500, "zzz", "\x00", "é", "GMT+99"]
)
def test_there_are_few_and_each_is_read_when_it_is_chosen(typed: str) -> None:
    offered = zone_choices(typed, (), WINTER)
    assert len(offered) <= MOST
    for choice in offered:
        assert 0 < len(choice.label) <= 75 and len(choice.value) <= 75, "Slack's bound; Discord's is 100"
        assert kept_zone(read_zone(choice.value, WINTER).key)


def test_every_zone_of_people_is_found_by_its_name_and_its_city() -> None:
    for name in people_zones():
        assert zone_choices(name, (), WINTER)[0].value == name
        city = name.rpartition("/")[2].replace("_", " ")
        assert name in {choice.value for choice in zone_choices(city, (), WINTER)}

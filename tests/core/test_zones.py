"""The zones that people mean, those that could be several, and whose rules count."""

from __future__ import annotations

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tzdata
import whenever

from bot.core.routes.schedule import QuietHours
from bot.core.routes.schedule_moments import TimingError, check_timezone, day_of, next_list, quiet_until
from bot.core.times.zone_words import kept_zone, moment_words, offset, zone_label, zone_name
from bot.core.times.zones import ZoneError, people_zones, read_zone, typed_zone

WINTER = datetime(2026, 1, 15, tzinfo=UTC).timestamp()
SUMMER = datetime(2026, 7, 15, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("New York", "America/New_York"),
        ("new york", "America/New_York"),
        ("  new   york ", "America/New_York"),
        ("NEW_YORK", "America/New_York"),
        ("NYC", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("berlin time", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("Asia/istanbul", "Europe/Istanbul"),
        ("istanbul", "Europe/Istanbul"),
        ("İstanbul", "Europe/Istanbul"),
        ("ISTANBUL", "Europe/Istanbul"),
        ("istanbul saati", "Europe/Istanbul"),
        ("İzmir", "Europe/Istanbul"),
        ("Turkey", "Europe/Istanbul"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Bogotá", "America/Bogota"),
        ("Asunción", "America/Asuncion"),
        ("Kolkata", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("mumbai", "Asia/Kolkata"),
        ("tokyo", "Asia/Tokyo"),
        ("Ｔｏｋｙｏ", "Asia/Tokyo"),
        ("東京", "Asia/Tokyo"),
        ("서울", "Asia/Seoul"),
        ("القاهرة", "Africa/Cairo"),
        ("मुंबई", "Asia/Kolkata"),
        ("กรุงเทพ", "Asia/Bangkok"),
        ("МОСКВА", "Europe/Moscow"),
        ("Αθηνα", "Europe/Athens"),
        ("\u2066Berlin\u2069", "Europe/Berlin"),
        ("kiev", "Europe/Kyiv"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
        ("Etc/UTC", "UTC"),
        ("GMT+2", "Etc/GMT-2"),
        ("UTC+3", "Etc/GMT-3"),
        ("utc +03:00", "Etc/GMT-3"),
        ("UTC−4", "Etc/GMT+4"),
        ("-0500", "Etc/GMT+5"),
        ("UTC+14", "Etc/GMT-14"),
        ("UTC+0", "UTC"),
    ],
)
def test_a_zone_is_read_as_people_write_it(typed: str, zone: str) -> None:
    assert read_zone(typed, WINTER).key == zone


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "EST",
            "America/New_York (UTC−5 now, UTC−4 in part of the year), America/Panama (UTC−5 now, all year)",
        ),
        ("est", "America/New_York"),
        ("MST", "America/Phoenix (UTC−7 now, all year)"),
        ("HST", "Pacific/Honolulu (UTC−10 now, all year)"),
        ("CET", "Europe/Berlin (UTC+1 now, UTC+2 in part of the year)"),
        ("PST", "Asia/Manila (UTC+8 now, all year)"),
        ("Pacific", "America/Los_Angeles"),
        ("IST", "Asia/Kolkata (UTC+5:30 now, all year), Europe/Dublin"),
        ("BST", "'BST' could be several timezones: Europe/London"),
        ("BST", "Asia/Dhaka (UTC+6 now, all year)"),
        ("JST", "'JST' is only an abbreviation; did you mean Asia/Tokyo (UTC+9 now, all year)?"),
        ("GMT", "UTC, Europe/London"),
        ("EST5EDT", "America/New_York"),
        ("UTC+5:30", "Asia/Colombo, Asia/Kolkata"),
        ("Etc/GMT-2", "write UTC+2"),
    ],
)
def test_what_could_be_several_clocks_is_asked_about(typed: str, said: str) -> None:
    with pytest.raises(ZoneError) as caught:
        read_zone(typed, WINTER)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "typed",
    [
        "Factory",
        "posixrules",
        "localtime",
        "Europe/Berlin\x00",
        "leapseconds",
        "right/UTC",
        "posix/Europe/Berlin",
        "zone.tab",
        "",
        "XST",
        "Mars/Base",
        "../../etc/passwd",
        "/etc/localtime",
        "UTC+15",
        "UTC-13",
        "GMT+99",
        "x" * 81,
    ],
)
def test_no_system_file_is_a_zone_and_no_hint_names_another_time(typed: str) -> None:
    with pytest.raises(ZoneError, match="is not a timezone") as caught:
        read_zone(typed, WINTER)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Europe/Berln", "Europe/Berlin (UTC+1 now)"),
        ("Istanbull", "Europe/Istanbul (UTC+3 now)"),
        ("singapor", "Asia/Singapore (UTC+8 now)"),
        ("New Yrok", "America/New_York (UTC−5 now)"),
        ("Johanesburg", "Africa/Johannesburg (UTC+2 now)"),
    ],
)
def test_a_slip_is_answered_with_the_zone_and_its_offset(typed: str, said: str) -> None:
    with pytest.raises(ZoneError) as caught:
        read_zone(typed, WINTER)
    assert f"did you mean {said}?" in str(caught.value)


def test_the_label_says_the_offset_of_the_moment() -> None:
    assert zone_label("Europe/Berlin", WINTER) == "Europe/Berlin (UTC+1 now)"
    assert zone_label("Europe/Berlin", SUMMER) == "Europe/Berlin (UTC+2 now)"
    assert zone_label("Asia/Kathmandu", WINTER) == "Asia/Kathmandu (UTC+5:45 now)"
    assert zone_label("America/St_Johns", WINTER) == "America/St_Johns (UTC−3:30 now)"
    assert zone_label("UTC", WINTER) == "UTC" and zone_label("Etc/GMT-2", WINTER) == "UTC+2"


@pytest.mark.parametrize("hours", [*range(-12, 0), *range(1, 15)])
def test_hours_from_utc_are_written_as_they_are_read(hours: int) -> None:
    zone = read_zone(f"UTC{hours:+d}", WINTER)
    assert datetime.fromtimestamp(WINTER, zone).utcoffset() == timedelta(hours=hours)
    assert zone_name(zone.key) == f"UTC{hours:+d}" and check_timezone(zone.key) == zone.key


def test_every_zone_of_people_is_read_by_its_name_and_loads_everywhere() -> None:
    for name in people_zones():
        assert read_zone(name, WINTER).key == name
        assert whenever.Instant.from_timestamp(0).to_tz(name)


@pytest.mark.parametrize("name", ["EST", "CET", "HST", "Etc/GMT-2", "Asia/Calcutta", "Europe/Berlin", "GMT"])
def test_a_file_names_a_zone_exactly_and_keeps_what_routes_of_older_versions_have(name: str) -> None:
    assert check_timezone(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("berlin", "write Europe/Berlin"),
        ("europe/berlin", "write Europe/Berlin"),
        ("İstanbul", "write Europe/Istanbul"),
        ("東京", "write Asia/Tokyo"),
        ("IST", "write a name like"),
        ("Factory", "write a name like"),
        ("posixrules", "write a name like"),
        ("right/UTC", "write a name like"),
        ("Etc/GMT-15", "write a name like"),
        ("UTC+15", "at that offset now|write a city"),
    ],
)
def test_a_file_is_told_how_a_zone_is_written(name: str, said: str) -> None:
    with pytest.raises(TimingError, match=said):
        check_timezone(name)


def test_a_file_may_name_hours_from_utc() -> None:
    assert [check_timezone(one) for one in ("UTC+2", "UTC-5", "utc", "UTC+0")] == [
        "Etc/GMT-2",
        "Etc/GMT+5",
        "UTC",
        "UTC",
    ]


# --- what older versions stored --------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "counts"),
    [
        ("posixrules", "America/New_York"),
        ("right/Europe/Berlin", "Europe/Berlin"),
        ("posix/Asia/Tokyo", "Asia/Tokyo"),
        ("right/posixrules", "America/New_York"),
        ("Factory", "UTC"),
        ("localtime", "UTC"),
        ("right/UTC", "UTC"),
        ("Gone/Away", "UTC"),
        ("America", "UTC"),
        ("", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("a\x00b", "UTC"),
        ("EST", "EST"),
        ("CET", "CET"),
    ],
)
def test_a_stored_name_that_is_no_zone_raises_nowhere(stored: str, counts: str) -> None:
    """Older versions took every file of the machine for a zone."""
    assert kept_zone(stored) == counts
    night = QuietHours(22 * 60, 7 * 60)
    for at in (WINTER, SUMMER):
        assert day_of(stored, at) == day_of(counts, at)
        assert next_list("30 2 * * *", stored, at) == next_list("30 2 * * *", counts, at)
        assert quiet_until(night, stored, at) == quiet_until(night, counts, at)
        assert moment_words(at, stored) == moment_words(at, counts)
        assert zone_name(stored) in moment_words(at, stored)
    label = zone_label(stored, WINTER)
    assert (f"since {stored} is not a timezone" in label) is (stored != counts)
    assert counts in label


def test_every_stored_name_is_written_so_that_it_is_read_with_the_same_clock() -> None:
    listed = Path(str(tzdata.__file__)).with_name("zones").read_text().split()
    for name in (*listed, "posixrules", "right/Europe/Berlin", "localtime"):
        again = read_zone(typed_zone(name, WINTER), WINTER)
        for at in (WINTER, SUMMER):
            assert offset(again.key, at) == offset(kept_zone(name), at), name


def test_a_moment_says_its_zone() -> None:
    assert moment_words(WINTER, "Europe/Berlin") == "2026-01-15 01:00 Europe/Berlin"
    assert moment_words(WINTER, "Etc/GMT-2") == "2026-01-15 02:00 UTC+2"
    assert moment_words(WINTER, "UTC") == "2026-01-15 00:00 UTC"
    assert moment_words(1e18, "Asia/Tokyo") == "an unknown time"


# --- whose rules -----------------------------------------------------------------------------


def test_the_pinned_database_counts_in_this_process() -> None:
    assert zoneinfo.TZPATH == () and whenever.get_tzpath() == ()


def test_the_pinned_database_counts_in_a_process_told_of_another(tmp_path: Path) -> None:
    """A system's file that calls Tokyo UTC is not read, by either library."""
    made = (
        "import pathlib, sys, importlib.resources as r\n"
        "to = pathlib.Path(sys.argv[1]) / 'Asia'; to.mkdir()\n"
        "to.joinpath('Tokyo').write_bytes((r.files('tzdata') / 'zoneinfo' / 'UTC').read_bytes())\n"
        "from datetime import datetime; from zoneinfo import ZoneInfo\n"
        "if sys.argv[2] == 'bot': import bot.cli\n"
        "import whenever\n"
        "print(datetime(2026, 1, 1, tzinfo=ZoneInfo('Asia/Tokyo')).strftime('%z'),"
        " whenever.ZonedDateTime(2026, 1, 1, tz='Asia/Tokyo').offset.total('hours'))\n"
    )

    def told(which: str, folder: str) -> str:
        Path(folder).mkdir()
        ran = subprocess.run(
            [sys.executable, "-c", made, folder, which],
            env={**os.environ, "PYTHONTZPATH": folder},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return ran.stdout.strip()

    assert told("none", f"{tmp_path}/none") == "+0000 0.0", "the test's own file is read without the bot"
    assert told("bot", f"{tmp_path}/bot") == "+0900 9.0"

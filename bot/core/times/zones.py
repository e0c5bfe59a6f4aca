"""The timezones that people live in, and what people call them. Pure but for the files of tzdata.

Zones are those of IANA's zone.tab and UTC (or hours from it); in the other files of the database ("Factory",
"posixrules", "EST5EDT") nobody lives. What could mean several clocks is asked about.
"""

from __future__ import annotations

import importlib.resources
import re
import time
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.sameness import folded
from bot.core.text.shortening import cut
from bot.core.times.zone_words import offset, offset_text, zone_label, zone_name

_LONGEST: Final = 80  # characters of what is typed; the longest name of a zone has 32
_MOST_HINTS: Final = 6
_CLOSE: Final = 0.82  # of difflib's ratio: a slip of the hand, never another city
# Their "Pacific" is half a name.
_COUNTRIES: Final = ("US", "Canada", "Mexico", "Brazil", "Chile")  # no message: names

# What a short name may mean, the likeliest first. None of them is a zone of people: some never change where
# the people who say them do, and some are said on two continents.
_SHORT: Final = """
est: America/New_York America/Panama America/Jamaica
edt et eastern: America/New_York America/Toronto
cst: America/Chicago Asia/Shanghai America/Havana America/Costa_Rica
cdt ct central: America/Chicago America/Havana
mst: America/Denver America/Phoenix
mdt mt mountain: America/Denver
pst: America/Los_Angeles Asia/Manila
pdt pt pacific: America/Los_Angeles
akst akdt: America/Anchorage
hst: Pacific/Honolulu
ast adt: America/Halifax America/Puerto_Rico Asia/Riyadh
nst ndt: America/St_Johns
ist: Asia/Kolkata Europe/Dublin Asia/Jerusalem
bst: Europe/London Asia/Dhaka
gmt: UTC Europe/London Africa/Accra
wet west: Europe/Lisbon Atlantic/Canary
cet met: Europe/Berlin Europe/Paris Europe/Madrid Africa/Algiers
cest mest: Europe/Berlin Europe/Paris Europe/Madrid
eet: Europe/Athens Europe/Kyiv Africa/Cairo Africa/Tripoli
eest: Europe/Athens Europe/Kyiv Africa/Cairo
msk: Europe/Moscow
trt: Europe/Istanbul
gst: Asia/Dubai
pkt: Asia/Karachi
sgt: Asia/Singapore
hkt: Asia/Hong_Kong
wib: Asia/Jakarta
jst: Asia/Tokyo
kst: Asia/Seoul
aest aedt: Australia/Sydney Australia/Brisbane
acst acdt: Australia/Adelaide Australia/Darwin
awst: Australia/Perth
nzst nzdt: Pacific/Auckland
sast: Africa/Johannesburg
cat: Africa/Maputo Africa/Johannesburg
eat: Africa/Nairobi
wat: Africa/Lagos
brt: America/Sao_Paulo
art: America/Argentina/Buenos_Aires
est5edt: America/New_York
cst6cdt: America/Chicago
mst7mdt: America/Denver
pst8pdt: America/Los_Angeles
"""  # no message: names
# Cities that people name and the database does not, and old names whose link leads to another country.
_CITIES: Final = """
America/Los_Angeles: San Francisco, Seattle, San Diego, Las Vegas, Portland
America/New_York: NYC, Boston, Miami, Atlanta, Philadelphia
America/Chicago: Houston, Dallas, Austin
America/Sao_Paulo: Rio de Janeiro, Brasilia
Asia/Kolkata: Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, India, दिल्ली, मुंबई, कोलकाता
Asia/Shanghai: Beijing, Shenzhen, Guangzhou, China, 北京, 上海
Asia/Tokyo: Osaka, Kyoto, 東京, 大阪
Asia/Seoul: Busan, 서울
Asia/Taipei: 台北, 臺北
Asia/Hong_Kong: 香港
Asia/Bangkok: กรุงเทพ, กรุงเทพฯ
Asia/Tehran: تهران
Africa/Cairo: القاهرة
Africa/Casablanca: الدار البيضاء
Asia/Baghdad: بغداد
Europe/Athens: Αθήνα
Europe/Kyiv: Київ
Europe/Moscow: Москва, Saint Petersburg
Europe/Sofia: София
Asia/Riyadh: Mecca, Jeddah, الرياض
Asia/Dubai: Abu Dhabi, دبي
Asia/Jerusalem: Tel Aviv, ירושלים, תל אביב
Asia/Karachi: Lahore, Islamabad
Europe/Istanbul: Ankara, İzmir
Europe/Berlin: Munich, München, Hamburg, Frankfurt, Cologne, Köln
Europe/London: Manchester, Edinburgh
Europe/Madrid: Barcelona
Europe/Rome: Milan, Milano, Roma
Europe/Zurich: Geneva, Bern
Atlantic/Reykjavik: Iceland
"""  # no message: names
_HOURS = re.compile(r"(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?(\d{2}))?")
_POSIX = re.compile(r"etc/gmt ?([+-]) ?(\d{1,2})")
_TAIL = re.compile(r" (?:time|timezone|time zone|saati)$")
_ZERO: Final = frozenset(
    {"utc", "z", "zulu", "uct", "universal", "etc/utc", "etc/uct", "etc/zulu", "etc/universal"}
)
_NOWHERE: Final = msg("no place is at that offset now")
_WEST, _EAST = 12, 14  # hours from UTC that clocks keep


class ZoneError(ValueError):
    """What is written is no zone, or may be several; the message says which, for who wrote it."""


def read_zone(text: str, at: float | None = None) -> ZoneInfo:
    """The zone that a person means: "Europe/Berlin", "new york", "berlin time", "UTC+3"; else ZoneError.

    at: epoch seconds, for the offsets that the error names; now when it is None.
    """
    at = time.time() if at is None else at
    typed = cut(" ".join(text.split()), 40)
    controls = any(unicodedata.category(c) == "Cc" and not c.isspace() for c in text)
    if controls or len(text) > _LONGEST:
        raise ZoneError(_none_such(typed))
    plain = plain_name(text)
    if plain in _ZERO:
        return ZoneInfo("UTC")
    if posix := _POSIX.fullmatch(plain):
        sign = "-" if posix[1] == "+" else "+"
        meant = f"UTC{sign}{int(posix[2])}"
        raise ZoneError(
            msg(
                "{typed} means {meant}, with the sign reversed; write {meant}", typed=repr(typed), meant=meant
            )
        )
    if hours := _HOURS.fullmatch(plain):
        return _by_hours(typed, hours[1], int(hours[2]), int(hours[3] or 0), at)
    return _by_name(typed, plain, at)


def people_zones() -> tuple[str, ...]:
    """The IANA names of the zones of people, UTC first, then by the alphabet."""
    return _tables()[0]


def exact_zone(name: str) -> str:
    """The stored name of a zone that a file names: as tzdata writes it, whatever it is called there, or
    hours from UTC as `zone_name` shows them. ZoneError says how it is written."""
    if name in _names():
        return name
    plain = plain_name(name)
    if plain in _ZERO or (_HOURS.fullmatch(plain) and plain[0] in "ug"):
        return read_zone(name).key
    typed = cut(" ".join(name.split()), 40)
    try:
        meant = read_zone(name).key
    except ZoneError:
        raise ZoneError(
            msg("{typed} is not a timezone; write a name like Europe/Berlin", typed=repr(typed))
        ) from None
    raise ZoneError(msg("{typed} is not a timezone; write {meant}", typed=repr(typed), meant=meant))


@lru_cache(maxsize=1024)
def told_zone(name: str) -> str:
    """The zone that a platform or browser tells of a person, as people call it today; "" for what is none."""
    if name not in _names():
        return ""
    try:
        return read_zone(name).key
    except ZoneError:
        return name


def typed_zone(name: str, at: float) -> str:
    """A stored zone in words that `read_zone` reads, with the same clock: "UTC-5" for the old name EST."""
    counts = zone_name(name)
    try:
        read_zone(counts, at)
    except ZoneError:
        pass
    else:
        return counts
    year = datetime.fromtimestamp(at, UTC).year
    months = [datetime(year, month, 1, tzinfo=UTC).timestamp() for month in range(1, 13)]
    clock = [offset(counts, month) for month in months]
    hours, rest = divmod(clock[0], timedelta(hours=1))
    if len(set(clock)) == 1 and not rest:
        return f"UTC{hours:+d}" if hours else "UTC"
    likely = (*short_names().get(plain_name(counts), ()), *people_zones())
    return next((one for one in likely if [offset(one, month) for month in months] == clock), counts)


def _by_hours(typed: str, sign: str, hours: int, minutes: int, at: float) -> ZoneInfo:
    if minutes == 0 and hours <= (_EAST if sign == "+" else _WEST):
        # The database turns the sign round: Etc/GMT-2 is two hours ahead of UTC.
        return ZoneInfo(f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC")
    span = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    same = [name for name in people_zones() if offset(name, at) == span]
    near = Joined(tuple(same[:_MOST_HINTS]), JoinedBy.COMMA)
    there = msg("at that offset now: {zones}", zones=near) if same else _NOWHERE
    if minutes and hours <= _EAST:
        raise ZoneError(
            msg(
                "{typed} is not whole hours, and only such offsets can be set; name a city instead; {there}",
                typed=repr(typed),
                there=there,
            )
        )
    if not same:
        raise ZoneError(_none_such(typed))
    raise ZoneError(msg("{wrong}; {there}", wrong=_none_such(typed), there=there))


def _by_name(typed: str, plain: str, at: float) -> ZoneInfo:
    _, known = _tables()
    short = short_names()
    meant = short.get(plain) or known.get(plain) or known.get(_TAIL.sub("", plain)) or ()
    if plain in short:
        if len(meant) == 1:
            raise ZoneError(
                msg(
                    "{typed} is only an abbreviation; did you mean {zone}?",
                    typed=repr(typed),
                    zone=_candidate(meant[0], at),
                )
            )
        raise ZoneError(
            msg(
                "{typed} could be several timezones: {zones}; write the one you mean",
                typed=repr(typed),
                zones=Joined(tuple(_candidate(name, at) for name in meant), JoinedBy.COMMA),
            )
        )
    if len(meant) == 1:
        return ZoneInfo(meant[0])
    if meant:
        raise ZoneError(
            msg(
                "{typed} may be {zones}; write the whole name",
                typed=repr(typed),
                zones=Joined(tuple(zone_label(name, at) for name in meant), JoinedBy.OR),
            )
        )
    # A few letters are close to any short name, and the nearest may be another time.
    close = get_close_matches(plain, known, n=1, cutoff=_CLOSE) if len(plain) > len("aest") else []
    likely = [zone_label(name, at) for name in known.get(close[0], ())] if close else []
    if not likely:
        raise ZoneError(_none_such(typed))
    raise ZoneError(
        msg(
            "{typed} is not a timezone; did you mean {zones}?",
            typed=repr(typed),
            zones=Joined(tuple(likely), JoinedBy.OR),
        )
    )


def _none_such(typed: str) -> Message:
    return msg("{typed} is not a timezone; write a city or a name like Europe/Berlin", typed=repr(typed))


def _candidate(name: str, at: float) -> str:
    if name == "UTC":
        return name
    year = datetime.fromtimestamp(at, UTC).year
    offsets = {
        offset_text(name, datetime(year, month, 1, tzinfo=UTC).timestamp()): None for month in range(1, 13)
    }
    now = offset_text(name, at)
    other = [offset for offset in offsets if offset != now]
    if other:
        return msg("{zone} ({now} now, {other} in part of the year)", zone=name, now=now, other=other[0])
    return msg("{zone} ({now} now, all year)", zone=name, now=now)


def plain_name(text: str) -> str:
    """A name as names are compared, without case, accents and marks: "São_Paulo " is "sao paulo"."""
    bare = unicodedata.normalize("NFD", folded(text.strip().replace("−", "-"))).replace("_", " ")
    letters = "".join(c for c in bare if unicodedata.category(c) != "Mn")
    return " ".join(unicodedata.normalize("NFC", letters).split())


def known_names() -> Mapping[str, tuple[str, ...]]:
    """Each name of a zone of people, as `plain_name` gives it, with the zones that it may mean."""
    return _tables()[1]


@lru_cache(maxsize=1)
def short_names() -> Mapping[str, tuple[str, ...]]:
    """The short names that are asked about ("est"), with what each may mean, the likeliest first."""
    lines = (line.partition(":") for line in _SHORT.strip().splitlines())
    return MappingProxyType(
        {word: tuple(zones.split()) for words, _, zones in lines for word in words.split()}
    )


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Every name that tzdata has, but for that of no zone."""
    listed = (importlib.resources.files("tzdata") / "zones").read_text(encoding="utf-8")
    return frozenset(listed.split()) - {"Factory"}  # no message: names


@lru_cache(maxsize=1)
def _links() -> Mapping[str, str]:
    """The zone behind each name that is only another one for it."""
    rows = (importlib.resources.files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8")
    pairs = (row.split()[1:] for row in rows.splitlines() if row.startswith("L "))
    return MappingProxyType({link: zone for zone, link in pairs})


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """The zones of people, and each folded name of one with what it may mean."""
    files = importlib.resources.files("tzdata") / "zoneinfo"
    rows = (files / "zone.tab").read_text(encoding="utf-8").splitlines()
    names = sorted({row.split("\t")[2] for row in rows if row and not row.startswith("#")})
    people, short = {*names, "UTC"}, short_names()
    known: dict[str, set[str]] = {}

    def name_it(words: Iterable[str], zone: str) -> None:
        for word in words:
            if (plain := plain_name(word)) not in short:
                known.setdefault(plain, set()).add(zone)

    for name in names:
        name_it((name, name.rpartition("/")[2]), name)
    for line in _CITIES.strip().splitlines():
        zone, _, cities = line.partition(":")
        name_it(cities.split(","), zone)
    for link, zone in _links().items():
        if zone in people and link not in people:
            area, _, city = link.rpartition("/")
            words = (link,) if area in _COUNTRIES else (link, city)
            name_it([word for word in words if plain_name(word) not in known], zone)
    return ("UTC", *names), MappingProxyType({word: tuple(sorted(zones)) for word, zones in known.items()})

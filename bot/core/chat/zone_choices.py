"""The timezones that are offered while one is typed: by city, each with its offset. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.core.chat.cards import Choice
from bot.core.messages.message import msg
from bot.core.times.zone_words import kept_zone, offset_text, zone_name
from bot.core.times.zones import ZoneError, known_names, plain_name, read_zone, short_names

MOST: Final = 25
"""Discord takes no more."""
_BEGINS: Final = 1
_LONGEST = 80  # characters of what is typed
_HOURS = re.compile(r"(?:utc|gmt) ?[+-] ?\d{1,2}")
# Offered before anything is typed, behind those that count here: where most people of chats live.
_USUAL: Final = tuple(
    f"{area}/{city}"
    for area, cities in {
        "America": "Los_Angeles Denver Chicago New_York Sao_Paulo",  # no message: names of zones
        "Europe": "London Berlin Paris Istanbul Moscow",  # no message: names of zones
        "Africa": "Lagos Cairo",  # no message: names of zones
        "Asia": "Dubai Karachi Kolkata Jakarta Singapore Shanghai Tokyo Seoul",  # no message: names of zones
        "Australia": "Sydney",  # no message: names of zones
    }.items()
    for city in cities.split()
)


def zone_choices(typed: str, first: Sequence[str], at: float) -> tuple[Choice, ...]:
    """At most `MOST` zones that what was typed may mean, the likeliest first; label: with the offset at a
    moment (epoch seconds), value: what `read_zone` reads. first: those that count here."""
    plain = plain_name(typed[:_LONGEST])
    if not plain:
        return _offered([*first, "UTC", *_USUAL], at)
    if _HOURS.fullmatch(plain):
        return _offered(_by_hours(typed, at), at)
    ranks = _ranked(plain, known_names())
    likely = list(dict.fromkeys([*first, *_USUAL]))
    place = {name: number for number, name in enumerate(likely)}
    order = sorted(ranks, key=lambda name: (ranks[name], place.get(name, len(place)), name))
    if short := short_names().get(plain, ()):
        # Who means the short name finds each clock that it may be; only what begins so is another name.
        return _offered([*short, *(name for name in order if ranks[name] <= _BEGINS)], at)
    return _offered(["UTC", *order] if "utc".startswith(plain) else order, at)


def _ranked(plain: str, known: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
    """Each zone with a name that contains what was typed: 0 for the name itself, 1 and 2 where the name or a
    word of it begins so, 3 elsewhere."""
    found: dict[str, int] = {}
    for name, zones in known.items():
        if plain not in name:
            continue
        city = name.rpartition("/")[2]
        if plain in (name, city):
            rank = 0
        elif city.startswith(plain) or name.startswith(plain):
            rank = _BEGINS
        else:
            rank = 2 if f" {plain}" in f" {city}".replace("-", " ") else 3
        for zone in zones:
            found[zone] = min(rank, found.get(zone, rank))
    return MappingProxyType(found)


def _by_hours(typed: str, at: float) -> Sequence[str]:
    try:
        return (read_zone(typed, at).key,)
    except ZoneError:
        return ()


def _offered(names: Sequence[str], at: float) -> tuple[Choice, ...]:
    counted = dict.fromkeys(kept_zone(name) for name in names if name)
    return tuple(Choice(_label(name, at), zone_name(name)) for name in list(counted)[:MOST])


def _label(name: str, at: float) -> str:
    """As "New York (America/New_York, UTC−5 now)"; of mere hours from UTC these alone."""
    shown = zone_name(name)
    if shown == "UTC" or shown != name:
        return shown
    city = name.rpartition("/")[2].replace("_", " ")
    return msg("{city} ({zone}, {offset} now)", city=city, zone=name, offset=offset_text(name, at))

"""Stored timezones as people read them: a name and how far from UTC. Pure but for the files of tzdata."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.messages.message import msg

_HOURS = re.compile(r"Etc/GMT([+-])(\d{1,2})")
# Names that a machine's own files gave to routes of older versions, and whose rules they hold.
_SYSTEM: Final = {"posixrules": "America/New_York", "Factory": "UTC", "localtime": "UTC"}
_FOLDERS: Final = ("right/", "posix/")  # of a machine's files: the same zones once more


@lru_cache(maxsize=1024)
def kept_zone(name: str) -> str:
    """The zone whose rules count for a stored name: itself, but for a name that tzdata does not have.

    Older versions took every file of the machine for a zone ("right/Europe/Berlin", "posixrules"). What was
    meant counts then where it is known, and UTC elsewhere. Never an error.
    """
    plain = next((name.removeprefix(folder) for folder in _FOLDERS if name.startswith(folder)), name)
    plain = _SYSTEM.get(plain, plain)
    try:
        ZoneInfo(plain)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return plain


def zone_name(name: str) -> str:
    """The zone that counts for a stored name, as it stands behind a time: "Europe/Berlin", "UTC+2" for
    Etc/GMT-2."""
    counts = kept_zone(name)
    hours = _HOURS.fullmatch(counts)
    return f"UTC{'-' if hours[1] == '+' else '+'}{int(hours[2])}" if hours else counts


def zone_label(name: str, at: float) -> str:
    """A zone with its offset at a moment (epoch seconds): "Europe/Berlin (UTC+1 now)"; one that is nothing
    but an offset is that alone: "UTC+2". It says so where another zone counts than the stored one."""
    counts = kept_zone(name)
    alone = counts == "UTC" or _HOURS.fullmatch(counts)
    label = (
        zone_name(counts)
        if alone
        else msg("{zone} ({offset} now)", zone=counts, offset=offset_text(counts, at))
    )
    return label if counts == name else msg("{zone}, since {name} is not a timezone", zone=label, name=name)


def offset_text(name: str, at: float) -> str:
    """The offset of a zone at a moment (epoch seconds): "UTC", "UTC+5:30", "UTC−4"."""
    minutes = round(offset(name, at) / timedelta(minutes=1))
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def offset(name: str, at: float) -> timedelta:
    """How far a zone that tzdata has is ahead of UTC at a moment (epoch seconds)."""
    return datetime.fromtimestamp(at, ZoneInfo(name)).utcoffset() or timedelta(0)


def moment_iso(at: float, zone: str) -> str:
    """A moment (epoch seconds) for programs, by ISO 8601, with how far the zone is from UTC then:
    "2026-11-28T19:05:09+01:00"."""
    try:
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(kept_zone(zone)))
    except (OverflowError, ValueError, OSError):
        return "an unknown time"  # no message: programs read it
    return local.isoformat(timespec="seconds")


def moment_words(at: float, zone: str) -> str:
    """A moment (epoch seconds) on the clock of a zone, and which it is: "2026-11-28 19:05 Europe/Berlin"."""
    try:
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(kept_zone(zone)))
    except (OverflowError, ValueError, OSError):
        return msg("an unknown time")
    return f"{local:%Y-%m-%d %H:%M} {zone_name(zone)}"

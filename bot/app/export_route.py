"""`[[tenant.route]]` as `export` writes it: what is as usual is left out, and `apply` reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import tomlkit
from tomlkit.items import Array, String, Table

from bot.core.chat.ids import Destination
from bot.core.routes.appearance import PLAIN, Appearance
from bot.core.routes.conditions import NAMES
from bot.core.routes.filters import Filter, Matches, MinFollowers, NoReplies
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import Schedule
from bot.core.routes.schedule_text import burst_text, digest_text, quiet_text
from bot.core.times.zone_words import kept_zone

Value: TypeAlias = str | bool | int | tuple[str, ...]
_USUAL = CatchUpPolicy()


def route_table(route: Route) -> Table:
    """One route, with its filters in their order."""
    found = table(_head(route))
    if route.filters:
        found["filter"] = tomlkit.aot()
        for one in route.filters:
            found["filter"].append(table(_filter(one)))
    for name, values in (("look", _look(route.appearance)), ("timing", _timing(route))):
        if values:
            found[name] = table(values)
    return found


def _head(route: Route) -> dict[str, Value]:
    found: dict[str, Value] = {"name": route.name, "channel": route.destination.channel}
    if route.destination.thread:
        found["thread"] = route.destination.thread
    for name, values in (
        ("also", tuple(_place(place) for place in route.also)),
        ("accounts", route.accounts),
        ("keywords", route.keywords),
        ("events", route.events),
    ):
        if values:
            found[name] = values
    if route.sensitive is not Sensitive.CHANNEL:
        found["sensitive"] = route.sensitive.value
    if route.quoted:
        found["quoted"] = True
    return found


def _place(place: Destination) -> str:
    return f"{place.channel}/{place.thread}" if place.thread else place.channel


def _filter(one: Filter) -> dict[str, Value]:
    name = NAMES[type(one)]
    match one:
        case NoReplies():
            return {name: False}
        case Matches(pattern):
            return {name: pattern}
        case MinFollowers(followers):
            return {name: followers}
        case _:
            (values,) = (getattr(one, field) for field in one.__struct_fields__)
            return {name: values}


def _look(look: Appearance) -> dict[str, Value]:
    return _unusual(
        {
            "layout": (look.layout.value, PLAIN.layout.value),
            "template": (look.template, PLAIN.template),
            "ping": (look.pings, PLAIN.pings),
            "thread": (look.threading.value, PLAIN.threading.value),
            "tags": (look.tags, PLAIN.tags),
            "publish": (look.publish, PLAIN.publish),
            "timezone": (kept_zone(look.timezone), PLAIN.timezone),
        }
    )


def _timing(route: Route) -> dict[str, Value]:
    schedule: Schedule = route.schedule
    found = _unusual({"timezone": (kept_zone(schedule.timezone), "UTC")})
    if schedule.quiet is not None:
        found["quiet"] = quiet_text(schedule.quiet)
    if schedule.digest:
        found["digest"] = digest_text(schedule.digest)
    if schedule.burst is not None:
        found["burst"] = burst_text(schedule.burst)
    if schedule.per_hour is not None:
        found["per_hour"] = schedule.per_hour
    if schedule.per_day is not None:
        found["per_day"] = schedule.per_day
    return found | _unusual(
        {
            "missed": (route.catch_up.policy.value, MissedPolicy.ALL.value),
            "last": (route.catch_up.last, _USUAL.last),
            "deleted": (route.deleted.value, Deleted.MARK.value),
        }
    )


def _unusual(values: Mapping[str, tuple[Value, Value]]) -> dict[str, Value]:
    return {name: value for name, (value, usual) in values.items() if value != usual}


def table(values: Mapping[str, Value]) -> Table:
    """A table with these keys."""
    found = tomlkit.table()
    for name, value in values.items():
        match value:
            case str():
                found[name] = _string(value)
            case tuple():
                found[name] = _array(value)
            case _:
                found[name] = value
    return found


def _array(values: tuple[str, ...]) -> Array:
    found = tomlkit.array()
    found.extend(_string(value) for value in values)
    return found


def _string(text: str) -> String:
    """Literal where that is easier to read, as for patterns; several lines as such, unless they end as on
    Windows: reading TOML makes other line ends of those."""
    if "\n" in text and "\r" not in text:
        return tomlkit.string(text, multiline=True)
    plain = all(character >= " " and character != "\x7f" for character in text)
    return tomlkit.string(text, literal=plain and "'" not in text and ('"' in text or "\\" in text))

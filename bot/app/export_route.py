"""`[[tenant.route]]` as `export` writes it: what is as usual is left out, and `apply` reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

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


def exported_route(route: Route) -> list[str]:
    """The lines of one route."""
    lines = ["[[tenant.route]]", *_lines(_head(route))]
    for one in route.filters:
        lines.extend(["[[tenant.route.filter]]", *_lines(_filter(one))])
    for table, values in (("look", _look(route.appearance)), ("timing", _timing(route))):
        if values:
            lines.extend([f"[tenant.route.{table}]", *_lines(values)])
    return lines


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
            (values,) = (getattr(one, field) for field in one.__slots__)
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


def _lines(values: Mapping[str, Value]) -> list[str]:
    return [f"{name} = {_written(value)}" for name, value in values.items()]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return listed(value)
    return _several_lines(value) if "\n" in value else quoted(value)


def listed(values: tuple[str, ...]) -> str:
    """An array of strings."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def quoted(text: str) -> str:
    """A string of TOML: literal where that is easier to read, as for patterns."""
    plain = all(character >= " " and character != "\x7f" for character in text)
    if plain and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return f'"{"".join(map(_escaped, text))}"'


def _several_lines(text: str) -> str:
    shown = "".join(character if character == "\n" else _escaped(character) for character in text)
    return f'"""\n{shown}"""'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character >= " " and character != "\x7f" else f"\\u{ord(character):04X}"

"""Command lines that make a route again. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.routes.appearance import Appearance, Layout, Threading
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
from bot.core.routes.route import Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule_text import burst_text, digest_text, quiet_text
from bot.core.text.lists import as_list, is_plain
from bot.core.text.quoting import written
from bot.core.times.zones import typed_zone


def add_line(route: Route) -> str:
    """The `relay add` that makes the route again: where it leads, what it takes and its filters."""
    parts = [f"relay add channel:{route.destination.channel}"]  # no message: a command
    parts.extend(_option("account", route.accounts))
    parts.extend(_option("keyword", route.keywords))
    parts.extend(_option("events", route.events))
    parts.extend(_option("also", [place.channel for place in route.also]))
    if route.appearance.layout in (Layout.COMPACT, Layout.LINK):
        parts.append(f"post:{route.appearance.layout.value}")
    parts.extend(_single("name", route.name))
    for one in route.filters:
        parts.extend(_filter(one))
    if route.sensitive is not Sensitive.CHANNEL:
        parts.append(f"sensitive:{route.sensitive.value}")
    if route.quoted:
        parts.append("quoted:yes")
    return " ".join(parts)


def lines_again(route: Route, now: float, usual: str = "UTC") -> tuple[str, ...]:
    """All that make the route again, in order: where no setting is left to a line, it is not there.

    now: epoch seconds, for timezones that have to be written by their offset. usual: the zone that a new
    route gets.
    """
    rest = {"look": _look(route.appearance, now, usual), "timing": _timing(route, now, usual)}
    name = " ".join(_single("route", route.name))
    behind = tuple(f"relay {verb} {name} {' '.join(parts)}" for verb, parts in rest.items() if parts)
    return (add_line(route), *behind)


def _look(look: Appearance, now: float, usual: str) -> list[str]:
    """What `relay add` cannot say of it."""
    parts = _single("template", look.template) if look.layout is Layout.TEMPLATE else []
    parts.extend(_option("ping", look.pings))
    if look.threading is not Threading.NONE:
        parts.append(f"thread:{look.threading.value}")
    parts.extend(_option("tags", look.tags))
    if look.publish:
        parts.append("publish:yes")
    if look.timezone != usual:
        parts.append(f"timezone:{typed_zone(look.timezone, now)}")
    return parts


def _timing(route: Route, now: float, usual: str) -> list[str]:
    schedule = route.schedule
    parts = [f"quiet:{quiet_text(schedule.quiet)}"] if schedule.quiet is not None else []
    if schedule.digest:
        parts.extend(_single("digest", digest_text(schedule.digest)))
    if schedule.burst is not None:
        parts.extend(_single("burst", burst_text(schedule.burst)))
    if schedule.per_hour is not None:
        parts.append(f"per_hour:{schedule.per_hour}")
    if schedule.per_day is not None:
        parts.append(f"per_day:{schedule.per_day}")
    if schedule.timezone not in (usual, route.appearance.timezone):
        parts.append(f"timezone:{typed_zone(schedule.timezone, now)}")
    if route.catch_up.policy is not MissedPolicy.ALL:
        parts.append(f"missed:{route.catch_up.policy.value}")
    if route.catch_up.policy is MissedPolicy.LAST:
        parts.append(f"last:{route.catch_up.last}")
    if route.deleted is not Deleted.MARK:
        parts.append(f"deleted:{route.deleted.value}")
    return parts


def _filter(one: Filter) -> list[str]:
    match one:
        case Contains(words):
            return _option("contains", words)
        case Quiet(words):
            return _option("quiet", words)
        case Matches(pattern):
            return _single("matches", pattern)
        case Has(parts):
            return _option("has", parts)
        case Lacks(parts):
            return _option("lacks", parts)
        case Languages(codes):
            return _option("language", codes)
        case MinFollowers(followers):
            return [f"min_followers:{followers}"]
        case NoReplies():
            return ["replies:no"]
        case OfTweets(ids):
            return _option("tweet", ids)


def _option(name: str, values: Sequence[str]) -> list[str]:
    """`name:value` as the text grammar reads it; nothing without values."""
    if not values:
        return []
    return [f"{name}:{as_list(values)}"]


def _single(name: str, value: str) -> list[str]:
    """An option that takes one value, which may have commas of its own."""
    return [f"{name}:{value if is_plain(value) else written(value)}"]

"""Command lines that make a route again. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.appearance import Layout
from bot.core.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    Quiet,
)
from bot.core.routes import Route, Sensitive


def add_line(route: Route) -> str:
    """The `relay add` that makes the route again: where it leads, what it takes and its filters."""
    parts = [f"relay add channel:{route.destination.channel}"]
    parts.extend(_option("account", route.accounts))
    parts.extend(_option("keyword", route.keywords))
    parts.extend(_option("events", route.events))
    parts.extend(_option("also", [place.channel for place in route.also]))
    if route.appearance.layout in (Layout.COMPACT, Layout.LINK):
        parts.append(f"post:{route.appearance.layout.value}")
    parts.extend(_option("name", [route.name]))
    for one in route.filters:
        parts.extend(_filter(one))
    if route.sensitive is not Sensitive.CHANNEL:
        parts.append(f"sensitive:{route.sensitive.value}")
    return " ".join(parts)


def _filter(one: Filter) -> list[str]:
    match one:
        case Contains(words):
            return _option("contains", words)
        case Quiet(words):
            return _option("quiet", words)
        case Matches(pattern):
            return _option("matches", [pattern])
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


def _option(name: str, values: Sequence[str]) -> list[str]:
    """`name:value` as the text grammar reads it; nothing without values."""
    if not values:
        return []
    text = ",".join(values)
    if any(character.isspace() or character in "\"'“”‘’<>" for character in text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return [f'{name}:"{escaped}"']
    return [f"{name}:{text}"]

"""The settings of a route as JSON: what is as usual is left out, so that rows stay short and old ones
need no change when something is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final, get_type_hints

import msgspec

from bot.core.routes.appearance import PLAIN, Appearance
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
from bot.core.routes.route import CatchUpPolicy, Deleted, Route, Sensitive
from bot.core.routes.schedule import STEADY, Schedule

_FILTERS: dict[str, type[Any]] = {
    "contains": Contains,
    "quiet": Quiet,
    "matches": Matches,
    "has": Has,
    "lacks": Lacks,
    "languages": Languages,
    "min_followers": MinFollowers,
    "no_replies": NoReplies,
    "tweets": OfTweets,
}
_NAMES = {made: name for name, made in _FILTERS.items()}
_USUAL_CATCH_UP = CatchUpPolicy()
# What `encode` writes; everything else of a route stands beside it in `whole`.
_SETTINGS: Final = frozenset(
    {"filters", "quoted", "sensitive", "appearance", "schedule", "catch_up", "deleted"}
)


def encode(route: Route) -> str:
    """The settings of `route` beyond who, what and where."""
    found: dict[str, Any] = {}
    if route.filters:
        found["filters"] = [[_NAMES[type(one)], msgspec.to_builtins(one)] for one in route.filters]
    if route.quoted:
        found["quoted"] = True
    if route.sensitive is not Sensitive.CHANNEL:
        found["sensitive"] = route.sensitive.value
    if route.appearance != PLAIN:
        found["appearance"] = msgspec.to_builtins(route.appearance)
    if route.schedule != STEADY:
        found["rhythm"] = msgspec.to_builtins(route.schedule)
    if route.catch_up != _USUAL_CATCH_UP:
        found["catch_up"] = msgspec.to_builtins(route.catch_up)
    if route.deleted is not Deleted.MARK:
        found["deleted"] = route.deleted.value
    return msgspec.json.encode(found).decode()


def decode(text: str, route: Route) -> Route:
    """`route` with the settings that `encode` wrote; ValueError when they cannot be read."""
    if text == "{}":
        return route
    try:
        return _decoded(msgspec.json.decode(text, type=dict[str, Any]), route)
    except (msgspec.MsgspecError, TypeError) as error:
        raise ValueError(str(error)) from None


def whole(route: Route) -> dict[str, Any]:
    """All of a route as JSON data, to be stored elsewhere than in its own rows."""
    found = {name: msgspec.to_builtins(getattr(route, name)) for name in _kept()}
    return found | {"settings": encode(route)}


def of_whole(data: Mapping[str, Any]) -> Route:
    """The route that `whole` wrote; ValueError when it cannot be read."""
    try:
        given = {name: msgspec.convert(data[name], type=kind) for name, kind in _kept().items()}
        return decode(data["settings"], Route(**given))
    except (msgspec.MsgspecError, TypeError, KeyError) as error:
        raise ValueError(str(error)) from None


@cache
def _kept() -> dict[str, Any]:
    """The fields of a route that are no settings, with their types."""
    hints = get_type_hints(Route)
    return {field.name: hints[field.name] for field in fields(Route) if field.name not in _SETTINGS}


def _decoded(found: Mapping[str, Any], route: Route) -> Route:
    return replace(
        route,
        filters=tuple(_filter(one) for one in found.get("filters", ())),
        quoted=found.get("quoted") is True,
        sensitive=Sensitive(found.get("sensitive", Sensitive.CHANNEL)),
        appearance=msgspec.convert(found.get("appearance", {}), type=Appearance),
        schedule=msgspec.convert(found.get("rhythm", {}), type=Schedule),
        catch_up=msgspec.convert(found.get("catch_up", {}), type=CatchUpPolicy),
        deleted=Deleted(found.get("deleted", Deleted.MARK)),
    )


def _filter(pair: Any) -> Filter:
    name, values = pair
    if name not in _FILTERS:
        msg = f"there is no filter {name!r}"
        raise ValueError(msg)
    made: Filter = msgspec.convert(values, type=_FILTERS[name])
    return made

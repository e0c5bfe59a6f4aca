"""Routes: which events go to which channel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.core.events import Event
from bot.core.ids import Destination


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of a tenant.

    accounts: usernames without @, lower case; keywords: the queries of keyword monitors;
    events: event types. An empty tuple lets everything of its sort pass, with one exception: a
    route that names only accounts does not take keyword events, and the other way round.
    paused_reason: why it is paused, or None while it is on.
    """

    id: str
    name: str
    destination: Destination
    accounts: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    paused_reason: str | None = None
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """The route takes the event."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The route does not take the event; rule: which of its rules said no, in words."""

    rule: str


Match: TypeAlias = Matched | Filtered


def match(route: Route, event: Event) -> Match:
    """Whether `route` takes `event`. The caller has checked that both are of one tenant."""
    if route.paused_reason is not None:
        return Filtered("the route is paused")
    if route.events and event.type not in route.events:
        return Filtered(f"the route does not take {event.type}")
    if not route.accounts and not route.keywords:
        return Matched()
    account = (event.username or "").lower()
    if account and account in route.accounts:
        return Matched()
    if event.query is not None and _same_query(event.query, route.keywords):
        return Matched()
    if event.query is not None and event.username is None:
        return Filtered("the route does not take this keyword monitor")
    return Filtered("the route does not take this account")


def _same_query(query: str, keywords: tuple[str, ...]) -> bool:
    # Xquik normalises the white space of a query, so the comparison does too.
    folded = " ".join(query.split()).casefold()
    return any(" ".join(k.split()).casefold() == folded for k in keywords)

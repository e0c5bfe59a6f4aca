"""Routes: which events go to which channels, how and when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from bot.core.chat.ids import Destination
from bot.core.messages.message import Message, msg
from bot.core.routes.account_names import KnownAccount
from bot.core.routes.appearance import PLAIN, Appearance
from bot.core.routes.event_readings import is_sensitive
from bot.core.routes.event_words import kind_words, types_words
from bot.core.routes.events import (
    BY_NAME_TYPES,
    DELETED_TYPE,
    KEYWORD_TYPES,
    MONITOR_TYPES,
    POST_TYPES,
    UNNAMED_TYPES,
    Event,
)
from bot.core.routes.filtering import refusal
from bot.core.routes.filters import Filter, OfTweets
from bot.core.routes.schedule import STEADY, Schedule
from bot.core.text.sameness import same


class Sensitive(StrEnum):
    """Tweets that X marks as possibly sensitive. CHANNEL: only where the platform says that the channel
    is meant for them. ALWAYS, NEVER: whatever the channel is."""

    CHANNEL = "channel"
    ALWAYS = "always"
    NEVER = "never"


class Deleted(StrEnum):
    """What becomes of a relayed message when its tweet is deleted on X."""

    MARK = "mark"
    REMOVE = "remove"
    KEEP = "keep"


class MissedPolicy(StrEnum):
    """How events that catch-up finds late are posted: each, the last few, or as one list."""

    ALL = "all"
    LAST = "last"
    DIGEST = "digest"


class CatchUpPolicy(msgspec.Struct, frozen=True):
    """The policy for what was missed. last: how many, for Missed.LAST."""

    policy: MissedPolicy = MissedPolicy.ALL
    last: int = 10


_USUAL_CATCH_UP: Final = CatchUpPolicy()


class LostPlace(msgspec.Struct, frozen=True):
    """A place of a route that cannot be written to any more, and why.

    by_person: somebody stopped it; else the platform refused a message, and it is found out now and then
    whether it still does.
    """

    destination: Destination
    reason: str
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of a tenant.

    destination: where its messages go; also: further places. accounts: usernames without @, lower case;
    keywords: the queries of keyword monitors; events: event types. An empty tuple lets everything of its
    sort pass, with two exceptions: a route that names only accounts does not take keyword events, and
    the other way round; and types of `BY_NAME_TYPES` pass only where they are named.
    filters: further conditions, in order; quoted: they look into a quoted tweet too.
    paused_reason: why it is paused as a whole, or None while it is on. paused_by_person: somebody ordered
    that; else all of its places are lost, and it goes on collecting for them. lost: those of its places
    that cannot be reached. changed_at: epoch seconds of its last change by a person, 0 when not known.
    known: the accounts behind its usernames, as far as their ids are known: it follows the ids. Of one that
    names nothing and has a thread for each account: all that are known.
    """

    id: str
    name: str
    destination: Destination
    accounts: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    paused_reason: str | None = None
    created_by: str = ""
    also: tuple[Destination, ...] = ()
    filters: tuple[Filter, ...] = ()
    quoted: bool = False
    sensitive: Sensitive = Sensitive.CHANNEL
    appearance: Appearance = PLAIN
    schedule: Schedule = STEADY
    catch_up: CatchUpPolicy = _USUAL_CATCH_UP
    deleted: Deleted = Deleted.MARK
    lost: tuple[LostPlace, ...] = ()
    changed_at: float = 0.0
    paused_by_person: bool = True
    known: tuple[KnownAccount, ...] = ()

    @property
    def collects(self) -> bool:
        """Whether it takes events: while it is on, and while it is paused only for want of a place."""
        return self.paused_reason is None or not self.paused_by_person

    @property
    def tweets(self) -> tuple[str, ...]:
        """The ids of the watched tweets that it names."""
        return next((one.ids for one in self.filters if isinstance(one, OfTweets)), ())

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it takes, empty for all but those of `BY_NAME_TYPES`: those that it names, else,
        where it names tweets, all that their monitors report."""
        return self.events or (POST_TYPES if self.tweets else ())

    @property
    def followed(self) -> tuple[KnownAccount, ...]:
        """The accounts that it names whose ids are known."""
        return tuple(one for one in self.known if one.name in self.accounts)

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Every place it leads to, the first one first."""
        return (self.destination, *self.also)

    @property
    def open_destinations(self) -> tuple[Destination, ...]:
        """The places that can be written to, as far as is known."""
        lost = {place.destination for place in self.lost}
        return tuple(place for place in self.destinations if place not in lost)


class Matched(msgspec.Struct, frozen=True):
    """The route takes the event."""


class Filtered(msgspec.Struct, frozen=True):
    """The route does not take the event; rule: which of its rules said no, in words."""

    rule: str


Match: TypeAlias = Matched | Filtered


def match(route: Route, event: Event) -> Match:
    """Whether `route` takes `event`. The caller has checked that both are of one tenant."""
    if not route.collects:
        return Filtered(msg("the route is paused"))
    if not takes_type(route, event.type):
        what = kind_words(event.type)
        if route.types:
            return Filtered(msg("the route does not take events of this kind: {event}", event=what))
        return Filtered(
            msg("the route takes events of this kind only if events names them: {event}", event=what)
        )
    refused = _source_refusal(route, event)
    if refused is None:
        refused = refusal(route.filters, event, quoted=route.quoted)
    if refused is None and route.sensitive is Sensitive.NEVER and is_sensitive(event):
        refused = msg("X marks it as possibly sensitive")
    return Matched() if refused is None else Filtered(refused)


def takes_type(route: Route, kind: str) -> bool:
    """Whether the route takes events of a type.

    One that names none takes all but those of `BY_NAME_TYPES`; types that are not known yet pass.
    """
    return kind in route.types if route.types else kind not in BY_NAME_TYPES


def types_in_words(route: Route, most: int | None = None) -> str:
    """The types that a route takes, as people call them. most: of those that it names; None for all. A search
    reports tweets alone, and so does not bring the changes of a profile."""
    if route.events:
        return types_words(route.events, most)
    if route.tweets:
        return msg("what happens to watched tweets")
    if route.keywords and not route.accounts:
        return msg("tweets")
    return msg("tweets and profile changes")


def types_asked(
    routes: Iterable[Route], *, account: str = "", account_id: str | None = None, query: str = ""
) -> frozenset[str]:
    """The types that the monitor of an account, or of a search, has to report for these routes: those that
    they name, those that are meant by a route that names none, and deletions where they mark or remove
    what was deleted.

    Routes that are paused count: they go on one day. A search reports posts alone.
    """
    found: set[str] = set()
    for route in routes:
        if not takes_from(route, account=account, account_id=account_id, query=query):
            continue
        if of_posts_alone(route):
            continue  # the monitors of these tweets report them
        found.update(route.types or UNNAMED_TYPES)
        if route.deleted is not Deleted.KEEP:
            found.add(DELETED_TYPE)
    return KEYWORD_TYPES & found if query else frozenset(MONITOR_TYPES) & found


def of_posts_alone(route: Route) -> bool:
    """Whether it takes only what the monitors of single tweets report."""
    return bool(route.types) and {*route.types} <= {*POST_TYPES}


def takes_from(route: Route, *, account: str = "", account_id: str | None = None, query: str = "") -> bool:
    """Whether the route takes what the monitor of an account, or of a search, reports. account: its
    username now; account_id: X's id, where it is known."""
    if not route.accounts and not route.keywords:
        return True
    if query:
        return _same_query(query, route.keywords)
    name = account.lower()
    if account_id is not None:
        if any(one.id == account_id for one in route.followed):
            return True
        if any(one.name == name for one in route.followed):
            return False  # it was somebody else who was found under that username
    return name in route.accounts


def takes_account(route: Route, event: Event) -> bool:
    """Whether the event is of an account that the route names: by its id where that is known, else by its
    username."""
    followed = route.followed
    if any(one.is_of(event) for one in followed):
        return True
    name = (event.username or "").lower()
    return bool(name) and name in route.accounts and all(one.name != name for one in followed)


def _source_refusal(route: Route, event: Event) -> Message | None:
    if not route.accounts and not route.keywords:
        return None
    if takes_account(route, event):
        return None
    if event.query is not None and _same_query(event.query, route.keywords):
        return None
    if event.query is not None and event.username is None:
        return msg("the route does not take this keyword monitor")
    name = (event.username or "").lower()
    if name in route.accounts:
        return msg("the route takes another account, which was called @{name}", name=name)
    return msg("the route does not take this account")


def _same_query(query: str, keywords: tuple[str, ...]) -> bool:
    return any(same(query, keyword) for keyword in keywords)

"""The way of an event, from its receipt to each place: what `relay why` tells."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from bot.core.chat.ids import Destination
from bot.core.routes.events import Event
from bot.core.routes.route import Match, Route


class Fate(StrEnum):
    """What became of an event in a place. NOTHING: no message was made for it."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    DEAD = "dead"
    HELD = "held"
    LISTED = "listed"
    LEFT_OUT = "left out"
    NOTHING = "nothing"


class MessageUpdate(msgspec.Struct, frozen=True):
    """What a deletion on X does to a message. removes: else it is marked.

    fate: SENT when it was done; at: when it was settled, epoch seconds; detail: why it was not done.
    """

    destination: Destination
    removes: bool
    fate: Fate
    at: float | None = None
    detail: str = ""


class AtPlace(msgspec.Struct, frozen=True):
    """What became of an event in a place.

    at: when it was settled; until: when it is tried or released next; both epoch seconds, or None.
    detail: the reason of a failure, of its being held ("digest", "quiet", "burst", "missed"), or left out,
    if that is known.
    attempts: how often it was tried. before: the message was made by another event of the same tweet.
    muted: the place has muted the account since. by: the name of another route that brought the message
    there; of one that is gone, "". lost: why it waits, where the place cannot be written to. update: what was
    done to the message when its tweet was deleted.
    """

    destination: Destination
    fate: Fate
    at: float | None = None
    until: float | None = None
    detail: str = ""
    attempts: int = 0
    marked: bool = False
    before: bool = False
    muted: bool = False
    by: str | None = None
    lost: str = ""
    update: MessageUpdate | None = None


class ByRoute(msgspec.Struct, frozen=True):
    """What a route says to an event, and what became of it where the route leads.

    changed: the route was changed after the event came, so it may have said otherwise then. missed: a person
    has paused the route, and it is one of those that may follow when somebody lets it go on.
    """

    route: Route
    match: Match
    changed: bool
    places: tuple[AtPlace, ...]
    missed: bool = False


class Explanation(msgspec.Struct, frozen=True):
    """An event's way. via: webhook, stream or catchup. trace: the id it has in logs. routed: it was
    looked at by the router. too_old: it was older than is posted singly when it came. elsewhere: what
    became of it in places that no route leads to any more. message_updates: what the news that a
    tweet was deleted did to messages."""

    event: Event
    via: str
    trace: str
    routed: bool
    too_old: bool
    routes: tuple[ByRoute, ...]
    elsewhere: tuple[AtPlace, ...]
    message_updates: tuple[MessageUpdate, ...] = ()


def in_channel(told: Explanation, channel: str) -> Explanation | None:
    """What of it concerns those who are in a channel: the routes that brought the event there, and what
    became of it there. None when it never came there. channel: the platform's id."""

    def here(place: AtPlace) -> bool:
        return place.destination.channel == channel and place.fate is not Fate.NOTHING

    routes = (replace(one, places=tuple(filter(here, one.places))) for one in told.routes)
    brought = tuple(one for one in routes if one.places)
    elsewhere = tuple(filter(here, told.elsewhere))
    message_updates = tuple(
        update for update in told.message_updates if update.destination.channel == channel
    )
    if not (brought or elsewhere or message_updates):
        return None
    return replace(told, routes=brought, elsewhere=elsewhere, message_updates=message_updates)

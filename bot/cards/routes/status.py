"""`relay status`: everything at a glance, route by route, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.figures import listed, plural
from bot.cards.silences import Purse, lasting, silence_blocks
from bot.core.chat.cards import (
    Block,
    Bold,
    ChannelMention,
    Code,
    Field,
    Fields,
    Line,
    Text,
    Timestamp,
    line,
)
from bot.core.routes.route import Route
from bot.core.routes.route_status import PlaceStatus, RouteStatus
from bot.core.routes.silences import Silence, SilenceCause
from bot.core.text.shortening import shorten

# Messages that have waited so long are worth a word (seconds).
_LONG = 300.0
# Characters of why a place gets nothing.
_REASON = 120
_WAYS = {"webhook": "by webhook", "stream": "on the stream", "catchup": "by catching up"}


@dataclass(frozen=True, slots=True)
class RouteOverview:
    """A route: its places, how many messages wait, how many events are held and when the first is due
    (epoch seconds), how many messages failed for good and were not sent again, when a person paused it."""

    route: Route
    places: Sequence[PlaceStatus]
    waiting: int
    held: tuple[int, float]
    dead: int
    paused_at: float | None = None

    @classmethod
    def of(cls, standing: RouteStatus) -> RouteOverview:
        """What is stored of it, without what waits and failed."""
        paused_at = None if standing.route.collects else standing.paused_at
        return cls(standing.route, standing.places, 0, (0, 0.0), 0, paused_at)


@dataclass(frozen=True, slots=True)
class Status:
    """The relay of a place. Times: epoch seconds, None for never. last_via: how the last event came.

    key_refused: Xquik refused the very key that is stored now.
    oldest_waiting_at: when the message was made that has waited longest of those that could go.
    reasons: whether what is said of the routes shown says why something waits.
    silences: why places are quiet. purse: what there is to spend; None where that is not known.
    """

    now: float
    last_event_at: float | None
    last_via: str
    last_success_at: float | None
    backlog: int
    oldest_waiting_at: float | None
    dead: int
    has_key: bool
    key_refused: bool
    reasons: bool
    silences: tuple[Silence, ...] = ()
    purse: Purse | None = None


NO_ROUTE: Final[Line] = line("There is no route yet: ", Code("relay add channel:#alerts account:nasa"))


def status_fields(status: Status) -> Fields:
    """Everything at a glance."""
    received: Line = ("never",)
    if status.last_event_at is not None:
        way = _WAYS.get(status.last_via, "")
        received = (Timestamp(status.last_event_at, relative=True), f" {way}".rstrip())
    sent: Line = (
        ("never",) if status.last_success_at is None else (Timestamp(status.last_success_at, relative=True),)
    )
    waits: Line = (plural(status.backlog, "message"),)
    if status.oldest_waiting_at is not None and status.backlog:
        waits = (*waits, ", the oldest from ", Timestamp(status.oldest_waiting_at, relative=True))
    fields = [
        Field("Last received", received),
        Field("Last sent", sent),
        Field("Waiting", waits),
        Field("Failed for good", (plural(status.dead, "message"),)),
    ]
    if status.purse is not None:
        fields.append(Field("Credits last", lasting(status.purse)))
    return Fields(tuple(fields))


def route_line(one: RouteOverview) -> Text:
    """A route in one line: how it does."""
    said: list[str] = []
    if one.route.paused_reason is not None:
        said.append("paused")
    if one.waiting:
        per_hour = one.route.schedule.per_hour
        said.append(f"{one.waiting:,} waiting" + (f" (at most {per_hour:,} an hour)" if per_hour else ""))
    if one.held[0]:
        said.append(f"{one.held[0]:,} held")
    if one.dead:
        said.append(f"{one.dead:,} failed")
    last = max((p.last_success_at for p in one.places if p.last_success_at is not None), default=None)
    sent: Line = (" · last sent ", Timestamp(last, relative=True)) if last else (" · nothing sent yet",)
    due: Line = (" · next list ", Timestamp(one.held[1], relative=True)) if one.held[0] else ()
    return Text((Bold(one.route.name), f": {', '.join(said) or 'on'}", *sent, *due))


def troubles(status: Status) -> tuple[Block, ...]:
    """What is wrong with the whole, and the next step."""
    found: list[Block] = []
    if not status.has_key:
        found.append(Text(line("No Xquik key is stored, so nothing can arrive: ", Code("setup key"))))
    found += silence_blocks(status.silences, status.purse)
    if status.key_refused and not any(one.cause is SilenceCause.KEY for one in status.silences):
        said = "Xquik refuses the stored key, so nothing is fetched and no monitor can be changed: "
        found.append(Text(line(said, Code("setup key"))))
    old = status.oldest_waiting_at
    if old is not None and status.now - old > _LONG:
        long = "Messages have been waiting for more than five minutes"
        why = line(f"{long}. ", Code("relay why"), " says what a tweet is waiting for.")
        found.append(Text(line(f"{long}; the reasons are below.") if status.reasons else why))
    return tuple(found)


def dead_hint() -> Text:
    """How what was given up is sent again."""
    return Text(line("What failed can be sent again: ", Code("relay replay")))


def further_troubles(routes: Sequence[str]) -> Text:
    """Names of routes of other pages that need somebody's attention."""
    return Text(line(f"On other pages, also in trouble: {listed(tuple(routes))}"))


def route_blocks(one: RouteOverview) -> list[Block]:
    """Why nothing of a route, or less, reaches its places, and what mends that."""
    found: list[Block] = []
    for place in one.places:
        if place.lost_reason is not None:
            found.append(Text(_lost(one.route.name, place)))
        elif place.last_failure and (one.waiting or one.dead):
            said = line(
                Bold(one.route.name),
                " in ",
                ChannelMention(place.destination.channel),
                f": {shorten(place.last_failure, _REASON)}",
            )
            found.append(Text(said, subtle=True))
    if one.route.paused_reason is not None and not found:
        reason = shorten(one.route.paused_reason, _REASON)
        again = Code(f"relay resume {one.route.name}")
        since: Line = (", ", Timestamp(one.paused_at, relative=True)) if one.paused_at else ()
        said = (Bold(one.route.name), f": {reason}", *since, ". ", again)
        if one.paused_at:
            said = (*said, " says what came since then and asks what to send.")
        found.append(Text(said))
    return found


def _lost(route: str, place: PlaceStatus) -> Line:
    """A place that cannot be written to: why, since when, and what becomes of what comes."""
    since: Line = (", since ", Timestamp(place.lost_at)) if place.lost_at else ()
    reason = shorten(place.lost_reason or "", _REASON).rstrip(".")
    said: Line = (Bold(route), " cannot post in ", ChannelMention(place.destination.channel), *since)
    said = (*said, f": {reason}.")
    if place.left_out:
        left = plural(place.left_out, "message was", "messages were")
        said = (*said, f" {left} left out, as too old or too many.")
    if place.lost_by_person:
        return (*said, " New messages are kept and sent when that is over.")
    kept = " New messages are kept and sent when I can post there again; I check every hour. To check now: "
    return (*said, kept, Code(f"relay resume {route}"))

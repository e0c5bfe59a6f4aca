"""`relay status`: everything at a glance, route by route, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.cards.figures import joined, listed
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
from bot.core.messages.enumerations import sentence
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.routes.route import Route
from bot.core.routes.route_status import PlaceStatus, RouteStatus
from bot.core.routes.silences import Silence, SilenceCause
from bot.core.text.shortening import shorten

# Messages that have waited so long are worth a word (seconds).
_LONG = 300.0
# Characters of why a place gets nothing.
_REASON = 120


class RouteOverview(msgspec.Struct, frozen=True):
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


class Status(msgspec.Struct, frozen=True):
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


NO_ROUTE: Final[Line] = line(msg("There is no route yet: `relay add channel:#alerts account:nasa`"))


def status_fields(status: Status) -> Fields:
    """Everything at a glance."""
    fields = [
        Field(msg("Last received"), (_received(status),)),
        Field(msg("Last sent"), (_last(status.last_success_at),)),
        Field(msg("Waiting"), (_waiting(status),)),
        Field(msg("Failed for good"), (_messages(status.dead),)),
    ]
    if status.purse is not None:
        fields.append(Field(msg("Credits last"), lasting(status.purse)))
    return Fields(tuple(fields))


def _received(status: Status) -> Timestamp | Message:
    when = _last(status.last_event_at)
    if status.last_event_at is None:
        return when
    match status.last_via:
        case "webhook":
            return msg("{when} by webhook", when=when)
        case "stream":
            return msg("{when} on the stream", when=when)
        case "catchup":
            return msg("{when} by catching up", when=when)
        case _:
            return when


def _last(at: float | None) -> Timestamp | Message:
    return pmsg("when something last happened", "never") if at is None else Timestamp(at, relative=True)


def _waiting(status: Status) -> Message:
    if status.oldest_waiting_at is None or not status.backlog:
        return _messages(status.backlog)
    return nmsg(
        "{n} message, the oldest from {when}",
        "{n} messages, the oldest from {when}",
        n=status.backlog,
        when=Timestamp(status.oldest_waiting_at, relative=True),
    )


def _messages(number: int) -> Message:
    return nmsg("{n} message", "{n} messages", n=number)


def route_line(one: RouteOverview) -> Text:
    """A route in one line: how it does."""
    last = max((p.last_success_at for p in one.places if p.last_success_at is not None), default=None)
    sent = msg("last sent {when}", when=Timestamp(last, relative=True)) if last else msg("nothing sent yet")
    due = msg("next list {when}", when=Timestamp(one.held[1], relative=True)) if one.held[0] else None
    state = Joined(tuple(_state(one)), JoinedBy.COMMA)
    return Text(joined(msg("{route}: {state}", route=Bold(one.route.name), state=state), sent, due))


def _state(one: RouteOverview) -> list[Message]:
    """What is to be said of a route, on where there is nothing."""
    said: list[Message] = []
    if one.route.paused_reason is not None:
        said.append(pmsg("the state of a route", "paused"))
    if one.waiting and (per_hour := one.route.schedule.per_hour):
        said.append(
            nmsg(
                "{n} waiting (at most {most} an hour)",
                "{n} waiting (at most {most} an hour)",
                n=one.waiting,
                most=per_hour,
            )
        )
    elif one.waiting:
        said.append(nmsg("{n} waiting", "{n} waiting", n=one.waiting))
    if one.held[0]:
        said.append(nmsg("{n} held", "{n} held", n=one.held[0]))
    if one.dead:
        said.append(nmsg("{n} failed", "{n} failed", n=one.dead))
    return said or [pmsg("the state of a route", "on")]


def troubles(status: Status) -> tuple[Block, ...]:
    """What is wrong with the whole, and the next step."""
    found: list[Block] = []
    if not status.has_key:
        found.append(Text(line(msg("No Xquik key is stored, so nothing can arrive: `setup key`"))))
    found += silence_blocks(status.silences, status.purse)
    if status.key_refused and not any(one.cause is SilenceCause.KEY for one in status.silences):
        refused = msg(
            "Xquik refuses the stored key, so nothing is fetched and no monitor can be changed: `setup key`"
        )
        found.append(Text(line(refused)))
    old = status.oldest_waiting_at
    if old is not None and status.now - old > _LONG:
        found.append(Text(line(_waiting_long(status.reasons))))
    return tuple(found)


def _waiting_long(reasons: bool) -> Message:
    if reasons:
        return msg("Messages have been waiting for more than five minutes; the reasons are below.")
    return msg(
        "Messages have been waiting for more than five minutes. `relay why` says what a tweet is waiting for."
    )


def dead_hint() -> Text:
    """How what was given up is sent again."""
    return Text(line(msg("What failed can be sent again: `relay replay`")))


def further_troubles(routes: Sequence[str]) -> Text:
    """Names of routes of other pages that need somebody's attention."""
    return Text(line(msg("On other pages, also in trouble: {routes}", routes=listed(tuple(routes)))))


def route_blocks(one: RouteOverview) -> list[Block]:
    """Why nothing of a route, or less, reaches its places, and what mends that."""
    found: list[Block] = []
    for place in one.places:
        if place.lost_reason is not None:
            found.append(Text(_lost(one.route.name, place)))
        elif place.last_failure and (one.waiting or one.dead):
            said = msg(
                "{route} in {channel}: {why}",
                route=Bold(one.route.name),
                channel=ChannelMention(place.destination.channel),
                why=shorten(place.last_failure, _REASON),
            )
            found.append(Text(line(said), subtle=True))
    if one.route.paused_reason is not None and not found:
        found.append(Text(line(_paused(one.route, one.route.paused_reason, one.paused_at))))
    return found


def _paused(route: Route, reason: str, at: float | None) -> Message:
    name, why = Bold(route.name), shorten(reason, _REASON)
    again = Code(f"relay resume {route.name}")
    if not at:
        return msg("{route}: {why}. {command}", route=name, why=why, command=again)
    return msg(
        "{route}: {why}, {when}. {command} says what came since then and asks what to send.",
        route=name,
        why=why,
        when=Timestamp(at, relative=True),
        command=again,
    )


def _lost(route: str, place: PlaceStatus) -> Line:
    """A place that cannot be written to: why, since when, and what becomes of what comes."""
    said: list[Message] = [_no_post(route, place)]
    if place.left_out:
        said.append(
            nmsg(
                "{n} message was left out, as too old or too many.",
                "{n} messages were left out, as too old or too many.",
                n=place.left_out,
            )
        )
    if place.lost_by_person:
        said.append(msg("New messages are kept and sent when that is over."))
    else:
        said += [
            msg("New messages are kept and sent when I can post there again; I check every hour."),
            msg("To check now: {command}", command=Code(f"relay resume {route}")),
        ]
    return tuple(piece for one in said for piece in (" ", one))[1:]


def _no_post(route: str, place: PlaceStatus) -> Message:
    name, channel = Bold(route), ChannelMention(place.destination.channel)
    why = sentence(shorten(place.lost_reason or "", _REASON))
    if not place.lost_at:
        return msg("{route} cannot post in {channel}: {why}", route=name, channel=channel, why=why)
    since = Timestamp(place.lost_at)
    return msg(
        "{route} cannot post in {channel}, since {since}: {why}",
        route=name,
        channel=channel,
        since=since,
        why=why,
    )

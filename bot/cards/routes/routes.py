"""Routes: one after a change, one with everything about it, all of them, and what one would take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.events.lines import event_line
from bot.cards.figures import listed, plural
from bot.cards.relayed import relayed_card
from bot.cards.routes.settings import (
    QUOTED_TOO,
    filter_fields,
    filter_lines,
    look_fields,
    sensitive_words,
    timing_fields,
)
from bot.cards.templates.samples import samples
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Line,
    Shape,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from bot.core.chat.ids import Destination
from bot.core.routes.events import Event
from bot.core.routes.route import Route, Sensitive, types_in_words
from bot.core.routes.route_trials import Trial
from bot.core.text.shortening import shorten
from bot.core.times.zone_words import zone_name

# Rules that a preview lists, those that stopped most first.
_MOST_RULES = 8
_LINE_TEXT = 120
# Characters of what a route takes, and of why it stands still, in a list: eight routes fit a message.
_LISTED = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a route and how it does there. last_success_at: epoch seconds; waiting: messages."""

    destination: Destination
    lost_reason: str | None = None
    last_success_at: float | None = None
    last_failure: str | None = None
    waiting: int = 0


def route_card(
    route: Route,
    title: str,
    notes: Sequence[str | Line] = (),
    buttons: tuple[Button, ...] = (),
    *,
    timezone: str = "",
) -> Card:
    """One route after it was made or changed. notes: what to know, for instance an overlap. timezone: how
    that of its times is said, "" for its name alone."""
    blocks: list[Block] = [Fields(route_fields(route, timezone))]
    blocks.extend(_told(notes))
    return Card(title, tuple(blocks), Tone.WARNING if notes else Tone.SUCCESS, buttons)


def _told(notes: Sequence[str | Line]) -> tuple[Text, ...]:
    return tuple(Text((note,) if isinstance(note, str) else note) for note in notes)


def route_fields(route: Route, timezone: str = "") -> tuple[Field, ...]:
    """What a route is, in fields. timezone: as of `route_card`."""
    fields = [
        Field("Name", (Code(route.name),)),
        Field("Channel" if not route.also else "Channels", _channels(route)),
        Field("Takes", (route_filter(route),), short=False),
    ]
    if route.filters:
        fields.append(Field("Filters", ("; ".join(filter_lines(route)),), short=False))
    if route.paused_reason is not None:
        fields.append(Field("Paused", (route.paused_reason,), short=False))
    if route.appearance.timezone != "UTC":
        fields.append(Field("Timezone", (timezone or zone_name(route.appearance.timezone),)))
    return tuple(fields)


def _channels(route: Route) -> Line:
    parts: list[str | ChannelMention] = []
    for place in route.destinations:
        parts.extend([", ", _mention(place)] if parts else [_mention(place)])
    return tuple(parts)


def _mention(place: Destination) -> ChannelMention:
    return ChannelMention(place.channel)


def route_filter(route: Route) -> str:
    """The accounts, searches and event types a route takes, in words."""
    what: list[str] = []
    if route.accounts:
        what.append(listed(tuple(f"@{name}" for name in route.accounts)))
    if route.keywords:
        what.append("keywords " + listed(tuple(shorten(word, 40) for word in route.keywords), 5))
    if not what:
        what.append("every account and keyword")
    what.append(types_in_words(route, listed(route.events, 6)))
    return "; ".join(what)


def removed_card(route: Route, commands: Sequence[str]) -> Card:
    """A route that is gone. commands: make it again, one after the other."""
    again = [
        Text(line("Then: " if number else "To add it again: ", Code(command)), subtle=True)
        for number, command in enumerate(commands)
    ]
    return Card(
        "Route removed",
        (
            Text(line("The route ", Code(route.name), " to ", *_channels(route), " was removed.")),
            Text(line("It took: ", route_filter(route)), subtle=True),
            *again,
        ),
        Tone.SUCCESS,
    )


def filters_card(route: Route, trial: Trial, notes: Sequence[Line] = (), *, changed: bool) -> Card:
    """The filters of a route with their numbers, and how many of the newest events pass now."""
    blocks: list[Block] = [Text(line(Code(route.name), " takes: ", route_filter(route)))]
    blocks.extend(Text((text,)) for text in filter_lines(route))
    if not route.filters:
        blocks.append(Text(line("No filters: all of that is sent.")))
    if route.quoted:
        blocks.append(Text(line(QUOTED_TOO)))
    if route.sensitive is not Sensitive.CHANNEL:
        blocks.append(Text(line(f"Tweets marked sensitive: {sensitive_words(route)}.")))
    blocks.append(Text(line(passing(trial)), subtle=True))
    blocks.extend(_told(notes))
    return Card("Filters saved" if changed else "Filters", tuple(blocks), _tone(changed, notes))


def look_card(
    route: Route, newest: Event | None, notes: Sequence[Line] = (), *, now: float, changed: bool
) -> Card:
    """How the messages of a route look, and its newest event so; a made-up one where none fits yet.

    now: epoch seconds, for the offset of its timezone.
    """
    fields = (Field("Route", (Code(route.name),)), *look_fields(route.appearance, now))
    sample = relayed_card(newest or samples()[0], route.appearance, late=False)
    said = (
        "The newest event it takes looks like this:"
        if newest
        else "No event matches yet. A made-up one looks like this:"
    )
    title = (Text(line(Bold(sample.title))),) if sample.shape is Shape.CARD else ()
    # Only what it shows: nothing here notifies anybody, and its buttons are those of a real message.
    blocks = (Fields(fields), *_told(notes), Text(line(said), subtle=True), *title, *sample.blocks)
    return Card("Look saved" if changed else "Look", blocks, _tone(changed, notes))


def timing_card(route: Route, now: float, *, changed: bool) -> Card:
    """When the messages of a route come."""
    fields = (Field("Route", (Code(route.name),)), *timing_fields(route, now))
    return Card("Timing saved" if changed else "Timing", (Fields(fields),), _tone(changed))


def _tone(changed: bool, notes: Sequence[Line] = ()) -> Tone:
    return Tone.WARNING if notes else Tone.SUCCESS if changed else Tone.INFO


def passing(trial: Trial) -> str:
    """ "12 of the last 50 events would pass." """
    if not trial.tried:
        return "No event has arrived here yet, so there is nothing to try it on."
    if trial.tried == 1:
        return f"The last event would {'' if trial.passed else 'not '}pass."
    return f"{len(trial.passed)} of the last {trial.tried:,} events would pass."


def route_page(
    route: Route,
    places: Sequence[Place],
    *,
    created_at: float,
    now: float,
    buttons: tuple[Button, ...] = (),
) -> Card:
    """Everything about one route. created_at, now: epoch seconds."""
    blocks: list[Block] = []
    if route.paused_reason is not None:
        blocks.append(Text(line(Bold("Paused: "), route.paused_reason)))
    takes = Field("Takes", (route_filter(route),), short=False)
    sensitive = Field("Sensitive tweets", (sensitive_words(route),), short=False)
    quoted = (Field("Quoted tweets", (QUOTED_TOO,), short=False),) if route.quoted else ()
    blocks.append(Fields((takes, *filter_fields(route), *quoted, sensitive)))
    look = look_fields(route.appearance, now)
    blocks.append(Fields(look))
    # The timezone is one of both.
    blocks.append(Fields(tuple(field for field in timing_fields(route, now) if field not in look)))
    blocks.append(_places(route, places))
    blocks.append(Text(_made(route, created_at), subtle=True))
    lost = any(one.lost_reason for one in places)
    tone = Tone.WARNING if lost or route.paused_reason is not None else Tone.INFO
    return Card(f"Route {route.name}", tuple(blocks), tone, buttons)


def _places(route: Route, places: Sequence[Place]) -> Table:
    reasons = [shorten(one.lost_reason or one.last_failure or "", 160) for one in places]
    rows = [_place_row(route, one) for one in places]
    if not any(reasons):
        return Table(("Channel", "State", "Last sent"), tuple(rows))
    told = tuple((*row, (reason or "–",)) for row, reason in zip(rows, reasons, strict=True))
    return Table(("Channel", "State", "Last sent", "Last failure"), told)


def _place_row(route: Route, place: Place) -> tuple[Line, ...]:
    sent: Line = (
        (Timestamp(place.last_success_at, relative=True),)
        if place.last_success_at is not None
        else ("never",)
    )
    waits = f", {place.waiting:,} waiting" if place.waiting else ""
    state = "unreachable" if place.lost_reason else "paused" if route.paused_reason is not None else "on"
    return ((_mention(place.destination),), (state + waits,), sent)


def _made(route: Route, created_at: float) -> Line:
    by: Line = (" by ", UserMention(route.created_by)) if route.created_by else ()
    made: Line = ("Made ", Timestamp(created_at), *by)
    if route.changed_at > created_at:
        return (*made, ", last changed ", Timestamp(route.changed_at), ".")
    return (*made, ".")


def preview_card(route: Route, trial: Trial, title: str, *, shown: int, unsaved: bool) -> Card:
    """What a route would take of the newest events, and which rules stopped the others."""
    takes = Field("Takes", (route_filter(route),), short=False)
    blocks: list[Block] = [Fields((takes, *filter_fields(route)))]
    blocks.append(Text(line(Bold(passing(trial)))))
    blocks.extend(Text(event_line(event, _LINE_TEXT)) for event in trial.passed[:shown])
    if len(trial.passed) > shown:
        blocks.append(Text(line(f"… {len(trial.passed) - shown:,} more"), subtle=True))
    if trial.refused:
        rows = tuple(((rule,), (f"{number:,}",)) for rule, number in trial.refused[:_MOST_RULES])
        blocks.append(Table(("Stopped by", "Events"), rows, total=len(trial.refused)))
    if unsaved:
        blocks.append(Text(line("Nothing was saved; this is only a preview."), subtle=True))
    if route.paused_reason is not None:
        blocks.append(Text(line("The route is paused, so it takes nothing now."), subtle=True))
    return Card(title, tuple(blocks), Tone.INFO)


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route in a list. last_success_at: epoch seconds; waiting: messages. named: nothing but its name is
    for whoever asks."""

    route: Route
    last_success_at: float | None = None
    waiting: int = 0
    last_failure: str | None = None
    named: bool = False


NO_ROUTES: Final[Line] = line(
    "No routes yet. Make one with ", Code("relay add channel:#alerts account:nasa"), "."
)


def routes_blocks(rows: Sequence[RouteRow]) -> tuple[Block, ...]:
    """Routes, of which there is one at least, and why one is paused or failed."""
    columns = ("Route", "Channel", "Takes", "State", "Last sent")
    found: list[Block] = [Table(columns, tuple(_list_row(one) for one in rows))]
    for one in rows:
        reason = one.route.paused_reason or one.last_failure
        if reason:
            found.append(Text(line(Bold(f"{one.route.name}: "), shorten(reason, _LISTED)), subtle=True))
    found.append(Text(line("Details: ", Code(f"relay show {rows[0].route.name}")), subtle=True))
    return tuple(found)


def keyless_text() -> Text:
    """Nothing can arrive in a place without an Xquik key."""
    return Text(line(Bold("No event can arrive: "), "no Xquik key is stored here. ", Code("setup key")))


def names_table(rows: Sequence[RouteRow]) -> Table:
    """Routes by name alone."""
    return Table(("Route",), tuple(((Code(one.route.name),),) for one in rows))


def names_note() -> Text:
    """Why it is the names alone."""
    return Text(line("The details, and other routes, need the ", Code("view"), " permission."), subtle=True)


def _list_row(row: RouteRow) -> tuple[Line, ...]:
    route, last = row.route, row.last_success_at
    sent: Line = (Timestamp(last, relative=True),) if last else ("never",)
    waits = f"{row.waiting} waiting" if row.waiting else "on"
    state = "paused" if route.paused_reason is not None else waits
    more = f" +{len(route.also)}" if route.also else ""
    takes = shorten(route_filter(route), _LISTED)
    if route.filters:
        takes += f"; {plural(len(route.filters), 'filter')}"
    channel: Line = (_mention(route.destination), more) if more else (_mention(route.destination),)
    return ((Code(route.name),), channel, (takes,), (state,), sent)

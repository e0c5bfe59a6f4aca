"""Routes: one after a change, one with everything about it, all of them, and what one would take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.cards.events.lines import event_line
from bot.cards.figures import count, listed
from bot.cards.relayed import relayed_card
from bot.cards.routes.gaps import Feeding, gap_lines
from bot.cards.routes.settings import (
    QUOTED_TOO,
    confirmed_fields,
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
from bot.core.chat.missing import Missing, missing
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg, pmsg
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
_ON: Final = pmsg("the state of a route", "on")
_PAUSED: Final = pmsg("the state of a route", "paused")
_UNFED: Final = pmsg("the state of a route", "gets nothing")
_UNREACHABLE: Final = pmsg("the state of a channel", "unreachable")
_NEVER: Final = pmsg("when something last happened", "never")


class Place(msgspec.Struct, frozen=True):
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


def route_fields(route: Route, timezone: str = "", *, whole: bool = False) -> tuple[Field, ...]:
    """What a route is, in fields. timezone: as of `route_card`; whole: with all that it names."""
    fields = [
        Field(msg("Name"), (Code(route.name),)),
        Field(msg("Channels") if route.also else msg("Channel"), (_channels(route),)),
        Field(msg("Takes"), (route_filter(route, whole=whole),), short=False),
    ]
    if whole:
        fields.extend(confirmed_fields(route))
    elif route.filters:
        apart = [piece for one in filter_lines(route) for piece in ("; ", one)]
        fields.append(Field(msg("Filters"), tuple(apart[1:]), short=False))
    if route.paused_reason is not None:
        fields.append(Field(msg("Paused"), (route.paused_reason,), short=False))
    if route.appearance.timezone != "UTC":
        fields.append(Field(msg("Timezone"), (timezone or zone_name(route.appearance.timezone),)))
    return tuple(fields)


def _channels(route: Route) -> Message:
    places = Joined(tuple(_mention(place) for place in route.destinations), JoinedBy.COMMA)
    return msg("{items}", items=places)


def _mention(place: Destination) -> ChannelMention:
    return ChannelMention(place.channel)


def route_filter(route: Route, most: int = 10, *, whole: bool = False) -> Message:
    """The accounts, searches and event types a route takes, in words. most: of each that are named; whole:
    all of them."""
    names = tuple(f"@{name}" for name in route.accounts)
    if whole:
        accounts, keywords = listed(names, len(names)), listed(route.keywords, len(route.keywords))
    else:
        accounts = listed(names, most)
        keywords = listed(tuple(shorten(word, 40) for word in route.keywords), min(most, 5))
    types = types_in_words(route, None if whole else min(most, 6))
    if route.accounts and route.keywords:
        return msg(
            "{accounts}; keywords {keywords}; {types}", accounts=accounts, keywords=keywords, types=types
        )
    if route.accounts:
        return msg("{accounts}; {types}", accounts=accounts, types=types)
    if route.keywords:
        return msg("keywords {keywords}; {types}", keywords=keywords, types=types)
    return msg("every account and keyword; {types}", types=types)


def removed_card(
    route: Route, commands: Sequence[str], left: Sequence[Line] = (), buttons: tuple[Button, ...] = ()
) -> Card:
    """A route that is gone. commands: make it again, one after the other. left: what goes on without it, with
    buttons that end that."""
    again = (
        msg("Then: {command}", command=Code(command))
        if number
        else msg("To add it again: {command}", command=Code(command))
        for number, command in enumerate(commands)
    )
    gone = msg(
        "The route {route} to {channels} was removed.", route=Code(route.name), channels=_channels(route)
    )
    return Card(
        msg("Route removed"),
        (
            Text(line(gone)),
            Text(line(msg("It took: {what}", what=route_filter(route))), subtle=True),
            *_told(left),
            *(Text(line(one), subtle=True) for one in again),
        ),
        Tone.WARNING if left else Tone.SUCCESS,
        buttons,
    )


def filters_card(
    route: Route, trial: Trial, notes: Sequence[Line] = (), buttons: tuple[Button, ...] = (), *, changed: bool
) -> Card:
    """The filters of a route with their numbers, and how many of the newest events pass now."""
    takes = msg("{route} takes: {what}", route=Code(route.name), what=route_filter(route))
    blocks: list[Block] = [Text(line(takes))]
    blocks.extend(Text(line(text)) for text in filter_lines(route))
    if not route.filters:
        blocks.append(Text(line(msg("No filters: all of that is sent."))))
    if route.quoted:
        blocks.append(Text(line(QUOTED_TOO)))
    if route.sensitive is not Sensitive.CHANNEL:
        blocks.append(Text(line(msg("Tweets marked sensitive: {what}.", what=sensitive_words(route)))))
    blocks.append(Text(line(passing(trial)), subtle=True))
    blocks.extend(_told(notes))
    title = msg("Filters saved") if changed else msg("Filters")
    return Card(title, tuple(blocks), _tone(changed, notes), buttons)


def look_card(
    route: Route, newest: Event | None, notes: Sequence[Line] = (), *, now: float, changed: bool
) -> Card:
    """How the messages of a route look, and its newest event so; a made-up one where none fits yet.

    now: epoch seconds, for the offset of its timezone.
    """
    fields = (Field(msg("Route"), (Code(route.name),)), *look_fields(route.appearance, now))
    sample = relayed_card(newest or samples()[0], route.appearance, late=False)
    said = (
        msg("The newest event it takes looks like this:")
        if newest
        else msg("No event matches yet. A made-up one looks like this:")
    )
    title = (Text(line(Bold(sample.title))),) if sample.shape is Shape.CARD else ()
    # Only what it shows: nothing here notifies anybody, and its buttons are those of a real message.
    blocks = (Fields(fields), *_told(notes), Text(line(said), subtle=True), *title, *sample.blocks)
    heading = msg("Look saved") if changed else msg("Look")
    return Card(heading, blocks, _tone(changed, notes))


def timing_card(route: Route, now: float, *, changed: bool) -> Card:
    """When the messages of a route come."""
    fields = (Field(msg("Route"), (Code(route.name),)), *timing_fields(route, now))
    title = msg("Timing saved") if changed else msg("Timing")
    return Card(title, (Fields(fields),), _tone(changed))


def _tone(changed: bool, notes: Sequence[Line] = ()) -> Tone:
    return Tone.WARNING if notes else Tone.SUCCESS if changed else Tone.INFO


def passing(trial: Trial) -> Message:
    """ "12 of the last 50 events would pass." """
    if not trial.tried:
        return msg("No event has arrived here yet, so there is nothing to try it on.")
    if trial.tried == 1:
        if trial.passed:
            return msg("The last event would pass.")
        return msg("The last event would not pass.")
    return nmsg(
        "{passed} of the last {n} event would pass.",
        "{passed} of the last {n} events would pass.",
        n=trial.tried,
        passed=len(trial.passed),
    )


def route_page(
    route: Route,
    places: Sequence[Place],
    *,
    created_at: float,
    now: float,
    buttons: tuple[Button, ...] = (),
    gaps: Sequence[Text] = (),
) -> Card:
    """Everything about one route. created_at, now: epoch seconds. gaps: what brings nothing, and why."""
    blocks: list[Block] = [*gaps]
    if route.paused_reason is not None:
        blocks.append(Text(line(Bold(msg("Paused:")), " ", route.paused_reason)))
    takes = Field(msg("Takes"), (route_filter(route),), short=False)
    sensitive = Field(msg("Sensitive tweets"), (sensitive_words(route),), short=False)
    quoted = (Field(msg("Quoted tweets"), (QUOTED_TOO,), short=False),) if route.quoted else ()
    blocks.append(Fields((takes, *filter_fields(route), *quoted, sensitive)))
    look = look_fields(route.appearance, now)
    blocks.append(Fields(look))
    # The timezone is one of both.
    blocks.append(Fields(tuple(field for field in timing_fields(route, now) if field not in look)))
    blocks.append(_places(route, places))
    blocks.append(Text(line(_made(route, created_at)), subtle=True))
    lost = any(one.lost_reason for one in places)
    tone = Tone.WARNING if lost or gaps or route.paused_reason is not None else Tone.INFO
    return Card(msg("Route {name}", name=route.name), tuple(blocks), tone, buttons)


def _places(route: Route, places: Sequence[Place]) -> Table:
    reasons = [shorten(one.lost_reason or one.last_failure or "", 160) for one in places]
    rows = [_place_row(route, one) for one in places]
    columns = (msg("Channel"), msg("State"), msg("Last sent"))
    if not any(reasons):
        return Table(columns, tuple(rows))
    told = tuple((*row, (reason or "–",)) for row, reason in zip(rows, reasons, strict=True))
    return Table((*columns, msg("Last failure")), told)


def _place_row(route: Route, place: Place) -> tuple[Line, ...]:
    state = _UNREACHABLE if place.lost_reason else _PAUSED if route.paused_reason is not None else _ON
    if place.waiting:
        state = nmsg("{state}, {n} waiting", "{state}, {n} waiting", n=place.waiting, state=state)
    return ((_mention(place.destination),), (state,), (_last(place.last_success_at),))


def _last(at: float | None) -> Timestamp | Message:
    return _NEVER if at is None else Timestamp(at, relative=True)


def _made(route: Route, created_at: float) -> Message:
    made, changed = Timestamp(created_at), Timestamp(route.changed_at)
    since = route.changed_at > created_at
    if not route.created_by:
        if since:
            return msg("Made {made}, last changed {changed}.", made=made, changed=changed)
        return msg("Made {made}.", made=made)
    who = UserMention(route.created_by)
    if since:
        return msg("Made {made} by {who}, last changed {changed}.", made=made, who=who, changed=changed)
    return msg("Made {made} by {who}.", made=made, who=who)


def preview_card(route: Route, trial: Trial, title: str, *, shown: int, unsaved: bool) -> Card:
    """What a route would take of the newest events, and which rules stopped the others."""
    takes = Field(msg("Takes"), (route_filter(route),), short=False)
    blocks: list[Block] = [Fields((takes, *filter_fields(route)))]
    blocks.append(Text(line(Bold(passing(trial)))))
    blocks.extend(Text(event_line(event, _LINE_TEXT)) for event in trial.passed[:shown])
    if len(trial.passed) > shown:
        blocks.append(Text(line(missing(len(trial.passed) - shown, Missing.ANYTHING)), subtle=True))
    if trial.refused:
        rows = tuple(((rule,), (count(number),)) for rule, number in trial.refused[:_MOST_RULES])
        blocks.append(Table((msg("Stopped by"), msg("Events")), rows, total=len(trial.refused)))
    if unsaved:
        blocks.append(Text(line(msg("Nothing was saved; this is only a preview.")), subtle=True))
    if route.paused_reason is not None:
        blocks.append(Text(line(msg("The route is paused, so it takes nothing now.")), subtle=True))
    return Card(title, tuple(blocks), Tone.INFO)


class RouteRow(msgspec.Struct, frozen=True):
    """A route in a list. last_success_at: epoch seconds; waiting: messages. named: nothing but its name is
    for whoever asks. feeding: what comes to it; None where that is not known."""

    route: Route
    last_success_at: float | None = None
    waiting: int = 0
    last_failure: str | None = None
    named: bool = False
    feeding: Feeding | None = None


NO_ROUTES: Final[Line] = line(msg("No routes yet. Make one with `relay add channel:#alerts account:nasa`."))


def routes_blocks(rows: Sequence[RouteRow]) -> tuple[Block, ...]:
    """Routes, of which there is one at least, and why one is paused, failed or gets nothing."""
    columns = (msg("Route"), msg("Channel"), msg("Takes"), msg("State"), msg("Last sent"))
    found: list[Block] = [Table(columns, tuple(_list_row(one) for one in rows))]
    for one in rows:
        reason = one.route.paused_reason or one.last_failure
        if reason:
            said = msg("{route}: {why}", route=Bold(one.route.name), why=shorten(reason, _LISTED))
            found.append(Text(line(said), subtle=True))
        if one.feeding is not None:
            found.extend(gap_lines(one.route.name, one.feeding, listed=True))
    details = msg("Details: {command}", command=Code(f"relay show {rows[0].route.name}"))
    found.append(Text(line(details), subtle=True))
    return tuple(found)


def keyless_text() -> Text:
    """Nothing can arrive in a place without an Xquik key."""
    nothing = Bold(msg("No event can arrive:"))
    return Text(line(msg("{nothing} no Xquik key is stored here. `setup key`", nothing=nothing)))


def names_table(rows: Sequence[RouteRow]) -> Table:
    """Routes by name alone."""
    return Table((msg("Route"),), tuple(((Code(one.route.name),),) for one in rows))


def names_note() -> Text:
    """Why it is the names alone."""
    said = msg("The details, and other routes, need the `view` permission.")
    return Text(line(said), subtle=True)


def _list_row(row: RouteRow) -> tuple[Line, ...]:
    route = row.route
    state = nmsg("{n} waiting", "{n} waiting", n=row.waiting) if row.waiting else _ON
    if route.paused_reason is not None:
        state = _PAUSED
    elif row.feeding is not None and row.feeding.nothing and not row.waiting:
        state = _UNFED
    takes = _briefly(route)
    if route.filters:
        takes = nmsg("{takes}; {n} filter", "{takes}; {n} filters", n=len(route.filters), takes=takes)
    mention = _mention(route.destination)
    channel: Line = (mention, f" +{len(route.also)}") if route.also else (mention,)
    return ((Code(route.name),), channel, (takes,), (state,), (_last(row.last_success_at or None),))


def _briefly(route: Route) -> str:
    """What it takes, with as many names as fit a list."""
    takes = (route_filter(route, most) for most in (10, 5, 3, 2))
    return next((one for one in takes if len(one) <= _LISTED), shorten(route_filter(route, 1), _LISTED))

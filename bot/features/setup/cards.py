"""Cards of what a place and a person set: timezones, and what may be spent at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from bot.cards.figures import credits_, listed
from bot.core.chat.cards import Bold, Card, Code, Field, Fields, Line, Text, Tone, line
from bot.core.chat.moments import ChosenZones, Whence, zone_for
from bot.core.commands.cost import ASK_ABOVE
from bot.core.messages.message import Message, msg, nmsg
from bot.core.text.lists import is_plain
from bot.core.text.quoting import written
from bot.core.times.zone_words import moment_words, zone_label, zone_name
from bot.core.times.zones import typed_zone

_NAMED = 5


def place_card(zone: str, others: Sequence[tuple[str, str]], *, now: float, changed: bool) -> Card:
    """The timezone of a place, "" where none is set. others: routes with another one, by name and zone.
    now: epoch seconds."""
    if zone:
        said = msg("The timezone here is {zone}.", zone=zone_label(zone, now))
        counts = line(
            msg("New routes get it, and it applies to everybody without their own (`me timezone`)."),
            " ",
            msg("`setup timezone off:yes` removes it."),
        )
    else:
        said = msg("No timezone is set here, so times are in UTC.")
        counts = line(msg("To set one: `setup timezone Europe/Berlin`"))
    blocks = [Text(line(said)), Text(counts, subtle=True)]
    if others:
        blocks.append(Text(_keep_theirs(others, typed_zone(zone or "UTC", now)), subtle=True))
    return Card(msg("Timezone here"), tuple(blocks), Tone.SUCCESS if changed else Tone.INFO)


def _keep_theirs(others: Sequence[tuple[str, str]], typed: str) -> Line:
    """That routes have another zone than the place, and how one gets it. typed: that zone, to be typed."""
    kept = nmsg(
        "{n} route keeps its own: {routes}.",
        "{n} routes keep their own: {routes}.",
        n=len(others),
        routes=listed(tuple(_kept(name, of) for name, of in others), _NAMED),
    )
    first = others[0][0]
    how = Code(f"relay timing {first if is_plain(first) else written(first)} timezone:{typed}")
    if len(others) == 1:
        return line(kept, " ", msg("{command} changes it.", command=how))
    return line(kept, " ", msg("{command} changes one.", command=how))


def _kept(name: str, zone: str) -> Message:
    return msg("{name} ({zone})", name=name, zone=zone_name(zone))


def own_card(chosen: ChosenZones, told: str, *, now: float, changed: bool) -> Card:
    """The timezone that counts for a person. told: what the platform tells of them, "" for nothing."""
    said = Text(line(msg("Your times are in {zone}.", zone=own_words(chosen, told, now))))
    if chosen.own:
        more = line(msg("It applies only to you, here."), " ", msg("`me timezone off:yes` removes it."))
    else:
        more = line(msg("To set your own: `me timezone Europe/Berlin`"))
    return Card(msg("Your timezone"), (said, Text(more, subtle=True)), Tone.SUCCESS if changed else Tone.INFO)


def own_words(chosen: ChosenZones, told: str, now: float) -> Message:
    """Which zone counts for a person, and why."""
    zone, whence = zone_for(chosen, told)
    label = zone_label(zone, now)
    match whence:
        case Whence.OWN:
            return msg("{zone}, as you set it", zone=label)
        case Whence.TOLD:
            return msg("{zone}, as your own settings say", zone=label)
        case Whence.PLACE:
            return msg("{zone}, the timezone here", zone=label)
        case Whence.NOBODY:
            return msg("UTC, since no timezone is set for you or here")
        case _:
            assert_never(whence)


def me_card(
    name: str, may: Sequence[str], chosen: ChosenZones, told: str, language: str, *, now: float
) -> Card:
    """What the bot knows of a person here. may: the names of the permissions they hold; language: the name
    of theirs."""
    place = zone_label(chosen.place, now) if chosen.place else msg("none set")
    zone, _ = zone_for(chosen, told)
    rights = listed(tuple(may)) if may else msg("nothing")
    fields = Fields(
        (
            Field(msg("You are"), (name,)),
            Field(msg("You may"), (rights,)),
            Field(msg("Your timezone"), (own_words(chosen, told, now),), short=False),
            Field(msg("Timezone here"), (place,)),
            Field(msg("Your clock shows"), (moment_words(now, zone),)),
            Field(msg("Your language"), (language,)),
        )
    )
    more = Text(line(msg("To set your timezone: `me timezone Europe/Berlin`")), subtle=True)
    return Card(msg("You"), (fields, more), Tone.INFO)


def spending_card(chosen: int | None, *, changed: bool) -> Card:
    """Above how many credits it is asked; chosen: None where nobody set it."""
    above = Bold(credits_(ASK_ABOVE if chosen is None else chosen))
    blocks = (
        Text(line(msg("The bot asks before it spends more than {credits} at once.", credits=above))),
        Text(line(msg("What changes X, draws and monitors are asked about in any case.")), subtle=True),
        Text(line(_other_limit(chosen)), subtle=True),
    )
    return Card(msg("Spending here"), blocks, Tone.SUCCESS if changed else Tone.INFO)


def _other_limit(chosen: int | None) -> Message:
    """How it is set to another number; the usual one where somebody chose."""
    if chosen is None:
        return msg(
            "To ask above {credits}: {command}", credits=credits_(50), command=Code("setup spending 50")
        )
    usual = Code(f"setup spending {ASK_ABOVE}")
    return msg("To ask above {credits}, as usual: {command}", credits=credits_(ASK_ABOVE), command=usual)

"""Cards of what a place and a person set: timezones, and what may be spent at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from bot.cards.figures import credits_, listed, plural
from bot.core.chat.cards import Bold, Card, Code, Field, Fields, Text, Tone, line
from bot.core.chat.moments import ChosenZones, Whence, zone_for
from bot.core.commands.cost import ASK_ABOVE
from bot.core.messages.message import msg
from bot.core.text.lists import is_plain
from bot.core.text.quoting import written
from bot.core.times.zone_words import moment_words, zone_label, zone_name
from bot.core.times.zones import typed_zone

_NAMED = 5
_PLACE = "setup timezone Europe/Berlin"
_OWN = "me timezone Europe/Berlin"


def place_card(zone: str, others: Sequence[tuple[str, str]], *, now: float, changed: bool) -> Card:
    """The timezone of a place, "" where none is set. others: routes with another one, by name and zone.
    now: epoch seconds."""
    if zone:
        said = line("The timezone here is ", zone_label(zone, now), ".")
        counts = line(
            "New routes get it, and it applies to everybody without their own (",
            Code("me timezone"),
            "). ",
            Code("setup timezone off:yes"),
            " removes it.",
        )
    else:
        said = line("No timezone is set here, so times are in UTC.")
        counts = line("To set one: ", Code(_PLACE))
    blocks = [Text(said), Text(counts, subtle=True)]
    if others:
        kept = listed(tuple(f"{name} ({zone_name(of)})" for name, of in others), _NAMED)
        have = "keeps its own" if len(others) == 1 else "keep their own"
        first = others[0][0] if is_plain(others[0][0]) else written(others[0][0])
        how = Code(f"relay timing {first} timezone:{typed_zone(zone or 'UTC', now)}")
        blocks.append(
            Text(
                line(
                    f"{plural(len(others), 'route')} {have}: {kept}. ",
                    how,
                    " changes it." if len(others) == 1 else " changes one.",
                ),
                subtle=True,
            )
        )
    return Card("Timezone here", tuple(blocks), Tone.SUCCESS if changed else Tone.INFO)


def own_card(chosen: ChosenZones, told: str, *, now: float, changed: bool) -> Card:
    """The timezone that counts for a person. told: what the platform tells of them, "" for nothing."""
    said = Text(line(f"Your times are in {own_words(chosen, told, now)}."))
    if chosen.own:
        more = line("It applies only to you, here. ", Code("me timezone off:yes"), " removes it.")
    else:
        more = line("To set your own: ", Code(_OWN))
    return Card("Your timezone", (said, Text(more, subtle=True)), Tone.SUCCESS if changed else Tone.INFO)


def own_words(chosen: ChosenZones, told: str, now: float) -> str:
    """Which zone counts for a person, and why."""
    zone, whence = zone_for(chosen, told)
    label = zone_label(zone, now)
    match whence:
        case Whence.OWN:
            return f"{label}, as you set it"
        case Whence.TOLD:
            return f"{label}, as your own settings say"
        case Whence.PLACE:
            return f"{label}, the timezone here"
        case Whence.NOBODY:
            return "UTC, since no timezone is set for you or here"
        case _:
            assert_never(whence)


def me_card(
    name: str, may: Sequence[str], chosen: ChosenZones, told: str, language: str, *, now: float
) -> Card:
    """What the bot knows of a person here. may: the names of the permissions they hold; language: the name
    of theirs."""
    place = zone_label(chosen.place, now) if chosen.place else "none set"
    zone, _ = zone_for(chosen, told)
    fields = Fields(
        (
            Field("You are", (name,)),
            Field("You may", (", ".join(may) or "nothing",)),
            Field("Your timezone", (own_words(chosen, told, now),), short=False),
            Field("Timezone here", (place,)),
            Field("Your clock shows", (moment_words(now, zone),)),
            Field(msg("Your language"), (language,)),
        )
    )
    more = Text(line("To set your timezone: ", Code(_OWN)), subtle=True)
    return Card("You", (fields, more), Tone.INFO)


def spending_card(chosen: int | None, *, changed: bool) -> Card:
    """Above how many credits it is asked; chosen: None where nobody set it."""
    above = Bold(credits_(ASK_ABOVE if chosen is None else chosen))
    other, usual = (50, "") if chosen is None else (ASK_ABOVE, ", as usual")
    blocks = (
        Text(line("The bot asks before it spends more than ", above, " at once.")),
        Text(line("What changes X, draws and monitors are asked about in any case."), subtle=True),
        Text(line(f"To ask above {credits_(other)}{usual}: ", Code(f"setup spending {other}")), subtle=True),
    )
    return Card("Spending here", blocks, Tone.SUCCESS if changed else Tone.INFO)

"""What a route's schedule says itself: that the day's cap is reached, and what a list is of."""

from __future__ import annotations

from bot.core.chat.cards import Bold, Card, Code, Text, Tone, line
from bot.core.routes.route import Route
from bot.core.routes.schedule_moments import clock_text
from bot.core.times.zone_words import zone_name


def capped(route: Route) -> Card:
    """Posted once a day, with the first event that is left out."""
    most = route.schedule.per_day or 0
    said = line(
        "The route ",
        Bold(route.name),
        f" posts at most {most:,} messages a day here. The rest until midnight "
        f"({zone_name(route.schedule.timezone)}) is left out here; on X it is still there.",
    )
    more = line("A manager can change that: ", Code(f"relay timing {route.name}"))
    return Card("That is all for today", (Text(said), Text(more, subtle=True)), Tone.WARNING)


def left_out(route: Route, count: int) -> Card:
    """Posted before the last of what was missed, for what came before them."""
    noun = "event was" if count == 1 else "events were"
    said = line(
        f"{count:,} older {noun} missed while the bot was not running, and left out: the route ",
        Bold(route.name),
        f" posts the last {route.catch_up.last:,}.",
    )
    return Card("Some events were left out", (Text(said),), Tone.INFO)


def list_title(route: Route, reason: str, count: int) -> str:
    """The heading of a list. reason: digest, quiet, missed or burst."""
    noun = "event" if count == 1 else "events"
    if reason == "quiet" and route.schedule.quiet is not None:
        quiet, zone = route.schedule.quiet, zone_name(route.schedule.timezone)
        hours = f"{clock_text(quiet.begins)}–{clock_text(quiet.ends)} {zone}"
        return f"{count:,} {noun} of the quiet hours ({hours})"
    if reason == "missed":
        return f"{count:,} {noun} that were missed"
    if reason == "burst":
        return f"{count:,} more {noun} at once"
    return f"{count:,} {noun} since the last list"

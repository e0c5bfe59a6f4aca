"""What a route's schedule says itself: that the day's cap is reached, and what a list is of."""

from __future__ import annotations

from bot.core.chat.cards import Bold, Card, Text, Tone, line
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.route import Route
from bot.core.routes.schedule_moments import clock_text
from bot.core.times.zone_words import zone_name


def capped(route: Route) -> Card:
    """Posted once a day, with the first event that is left out."""
    said = nmsg(
        "The route {route} posts at most {n} message a day here. The rest until midnight ({zone}) is left "
        "out here; on X it is still there.",
        "The route {route} posts at most {n} messages a day here. The rest until midnight ({zone}) is left "
        "out here; on X it is still there.",
        n=route.schedule.per_day or 0,
        route=Bold(route.name),
        zone=zone_name(route.schedule.timezone),
    )
    more = msg("A manager can change that: `relay timing {route}`", route=route.name)
    blocks = (Text(line(said)), Text(line(more), subtle=True))
    return Card(msg("That is all for today"), blocks, Tone.WARNING)


def left_out(route: Route, count: int) -> Card:
    """Posted before the last of what was missed, for what came before them."""
    said = nmsg(
        "{n} older event was missed while the bot was not running, and left out: the route {route} posts "
        "the last {last}.",
        "{n} older events were missed while the bot was not running, and left out: the route {route} posts "
        "the last {last}.",
        n=count,
        route=Bold(route.name),
        last=route.catch_up.last,
    )
    return Card(msg("Some events were left out"), (Text(line(said)),), Tone.INFO)


def list_title(route: Route, reason: str, count: int) -> Message:
    """The heading of a list. reason: digest, quiet, missed or burst."""
    if reason == "quiet" and route.schedule.quiet is not None:
        quiet = route.schedule.quiet
        return nmsg(
            "{n} event of the quiet hours ({begin}–{end} {zone})",
            "{n} events of the quiet hours ({begin}–{end} {zone})",
            n=count,
            begin=clock_text(quiet.begins),
            end=clock_text(quiet.ends),
            zone=zone_name(route.schedule.timezone),
        )
    if reason == "missed":
        return nmsg("{n} event that was missed", "{n} events that were missed", n=count)
    if reason == "burst":
        return nmsg("{n} more event at once", "{n} more events at once", n=count)
    return nmsg("{n} event since the last list", "{n} events since the last list", n=count)

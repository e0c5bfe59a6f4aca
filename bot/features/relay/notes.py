"""What a person should know about a route and its channels: settings that come to nothing there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.events.words import now_called
from bot.cards.figures import listed
from bot.core.chat.cards import ChannelMention, Code, Line, line
from bot.core.chat.ids import Destination
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.errors import DestinationTrouble
from bot.core.routes.appearance import Threading
from bot.core.routes.route import Route, Sensitive
from bot.features.services import CommandCall

# Routes that are named in a sentence.
_NAMED = 10


def overlap_notes(others: Sequence[Route], where: str) -> list[str]:
    """One sentence about routes that share events and a channel with another. where: which channel."""
    if not others:
        return []
    names = [f"{other.name!r}" for other in others[:_NAMED]]
    if len(others) > _NAMED:
        names.append(f"{len(others) - _NAMED} more")
    if len(names) == 1:
        who = f"The route {names[0]} sends"
    else:
        who = f"The routes {', '.join(names[:-1])} and {names[-1]} send"
    return [f"{who} some of the same events to {where}; each event is still posted only once."]


async def former_notes(call: CommandCall, route: Route) -> list[str]:
    """A word for each account that is named by a username which the account known under it gave up."""
    names = await call.services.relay.names.of_tenant(call.tenant)
    followed = {one.name for one in route.followed}
    notes = []
    for name in route.accounts:
        known = None if name in followed else names.formerly(name)
        if known is not None:
            notes.append(f"{now_called(name, known.name)}, so @{name} may be somebody else.")
    return notes


async def place_notes(call: CommandCall, route: Route) -> list[Line]:
    """A word for each setting that a channel of the route cannot follow; nothing where that is unknown."""
    try:
        messenger = call.services.platform(call.tenant).messenger
    except DestinationTrouble:
        return []
    notes: list[Line] = []
    for place in route.destinations:
        facts = await messenger.facts(place)
        if facts is not None:
            notes.extend(_notes(route, place, facts))
    return notes


def _notes(route: Route, place: Destination, facts: PlaceFacts) -> list[Line]:
    look, here = route.appearance, ChannelMention(place.channel)
    notes: list[Line] = []
    if look.publish and facts.kind is not PlaceKind.ANNOUNCEMENTS:
        notes.append(line(here, " is not an announcement channel, so nothing is published there."))
    if look.tags and facts.kind is not PlaceKind.FORUM:
        notes.append(line(here, " is not a forum, so its messages get no tags."))
    if facts.kind is PlaceKind.FORUM:
        notes.extend(_tag_notes(route, here, facts))
    if look.threading is not Threading.NONE:
        if facts.kind is PlaceKind.THREAD:
            notes.append(line(here, " is itself a thread, so no threads are started in it."))
        elif not facts.threads:
            notes.append(line(here, " has no threads, so its messages come one after another."))
    if look.pings and not facts.notifies:
        notes.append(line("Nobody is notified in ", here, "; its messages only name the roles."))
    if route.sensitive is Sensitive.ALWAYS and not facts.sensitive:
        notes.append(
            line("Sensitive tweets are posted in ", here, ", which is not marked for sensitive content.")
        )
    return notes


def _tag_notes(route: Route, here: ChannelMention, facts: PlaceFacts) -> list[Line]:
    known = {tag.casefold() for tag in facts.tags}
    missing = tuple(tag for tag in route.appearance.tags if tag.casefold() not in known)
    there = f"It has: {listed(facts.tags, 20)}." if facts.tags else "It has none."
    if missing:
        return [line("The forum ", here, f" has no tag {listed(missing)}, so it is left out. {there}")]
    if facts.tag_required and not route.appearance.tags:
        return [
            line(
                "The forum ",
                here,
                f" requires a tag. {there} To set one: ",
                Code(f"relay look {route.name} tags:…"),
            )
        ]
    return []

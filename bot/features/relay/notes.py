"""What a person should know about a route and its channels: settings that come to nothing there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.cards import ChannelMention, Line, line
from bot.core.chat.ids import Destination
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.errors import DestinationTrouble
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.routes.appearance import Threading
from bot.core.routes.route import Route, Sensitive
from bot.features.services import CommandCall

# Routes and tags that are named in a sentence.
_NAMED = 10
_TAGS = 20


def overlap_notes(others: Sequence[Route], *, several: bool) -> list[Message]:
    """One sentence about routes that share events and a channel with another. several: it has more channels
    than one."""
    if not others:
        return []
    said = [repr(other.name) for other in others]
    names = Joined(tuple(said)) if len(said) <= _NAMED else first_few(said, _NAMED)
    if len(others) == 1:
        return [_overlap_of_one(names, several=several)]
    if several:
        return [
            msg(
                "The routes {names} send some of the same events to one of these channels; each event is "
                "still posted only once.",
                names=names,
            )
        ]
    return [
        msg(
            "The routes {names} send some of the same events to this channel; each event is still posted "
            "only once.",
            names=names,
        )
    ]


def _overlap_of_one(names: Joined, *, several: bool) -> Message:
    if several:
        return msg(
            "The route {names} sends some of the same events to one of these channels; each event is still "
            "posted only once.",
            names=names,
        )
    return msg(
        "The route {names} sends some of the same events to this channel; each event is still posted only "
        "once.",
        names=names,
    )


async def former_notes(call: CommandCall, route: Route) -> list[Message]:
    """A word for each account that is named by a username which the account known under it gave up."""
    names = await call.services.relay.names.of_tenant(call.tenant)
    followed = {one.name for one in route.followed}
    notes = []
    for name in route.accounts:
        known = None if name in followed else names.formerly(name)
        if known is not None:
            notes.append(
                msg(
                    "@{before} is now @{after}, so @{before} may be somebody else.",
                    before=name,
                    after=known.name,
                )
            )
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
        said = msg("{channel} is not an announcement channel, so nothing is published there.", channel=here)
        notes.append(line(said))
    if look.tags and facts.kind is not PlaceKind.FORUM:
        notes.append(line(msg("{channel} is not a forum, so its messages get no tags.", channel=here)))
    if facts.kind is PlaceKind.FORUM:
        notes.extend(_tag_notes(route, here, facts))
    if look.threading is not Threading.NONE:
        if facts.kind is PlaceKind.THREAD:
            said = msg("{channel} is itself a thread, so no threads are started in it.", channel=here)
            notes.append(line(said))
        elif not facts.threads:
            said = msg("{channel} has no threads, so its messages come one after another.", channel=here)
            notes.append(line(said))
    if look.pings and not facts.notifies:
        said = msg("Nobody is notified in {channel}; its messages only name the roles.", channel=here)
        notes.append(line(said))
    if route.sensitive is Sensitive.ALWAYS and not facts.sensitive:
        said = msg(
            "Sensitive tweets are posted in {channel}, which is not marked for sensitive content.",
            channel=here,
        )
        notes.append(line(said))
    return notes


def _tag_notes(route: Route, here: ChannelMention, facts: PlaceFacts) -> list[Line]:
    known = {tag.casefold() for tag in facts.tags}
    missing = tuple(tag for tag in route.appearance.tags if tag.casefold() not in known)
    there = msg("It has: {tags}.", tags=first_few(facts.tags, _TAGS)) if facts.tags else msg("It has none.")
    if missing:
        tags = Joined(missing, JoinedBy.COMMA)  # a route has few
        return [
            line(
                msg("The forum {channel} has no tag {tags}, so it is left out.", channel=here, tags=tags),
                " ",
                there,
            )
        ]
    if facts.tag_required and not route.appearance.tags:
        return [
            line(
                msg("The forum {channel} requires a tag.", channel=here),
                " ",
                there,
                " ",
                msg("To set one: `relay look {route} tags:…`", route=route.name),
            )
        ]
    return []

"""What is suggested for the options of a route that is named already: its filters, the tags of its forums."""

from __future__ import annotations

import asyncio

from bot.cards.routes.settings import filter_lines
from bot.core.chat.cards import Choice
from bot.core.routes.route import Route
from bot.core.text.lists import as_list
from bot.features.relay.options import named_route
from bot.features.services import CommandCall
from bot.features.shared.suggesting import fitting


async def suggest_filters(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The filters of the route by their numbers, with what they say."""
    route = await _given_route(call)
    lines = () if route is None else filter_lines(route)
    return fitting([Choice(said, str(number)) for number, said in enumerate(lines, 1)], typed)


async def suggest_tags(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """The tags of the forums that the route posts in."""
    route = await _given_route(call)
    if route is None:
        return ()
    messenger = call.services.platform(call.tenant).messenger
    places = await asyncio.gather(*map(messenger.facts, route.destinations))
    tags = dict.fromkeys(tag for facts in places if facts is not None for tag in facts.tags)
    return fitting([Choice(tag, as_list([tag])) for tag in tags], typed)


async def _given_route(call: CommandCall) -> Route | None:
    """The route that stands in the command by now; None where there is none yet."""
    name = next((text for text in call.given.get("route", ()) if text.strip()), None)
    return None if name is None else await named_route(call, name.strip())

"""By whose clock: what several groups ask about timezones."""

from __future__ import annotations

from typing import Final

from bot.core.chat.moments import ChosenZones, Whence, zone_for
from bot.features.services import CommandCall

ZONES: Final = "timezones"
"""The source of suggestions for a timezone."""


async def chosen_zones(call: CommandCall) -> ChosenZones:
    """What the person and the place chose."""
    return await call.services.timezones.chosen(call.tenant, call.invocation.actor.id)


async def zone_of_new_routes(call: CommandCall) -> str:
    """The zone that a route gets when it is made: the place's, else that of who makes it."""
    chosen = await chosen_zones(call)
    return chosen.place or zone_for(chosen, call.invocation.zone)[0]


async def zone_for_everybody(call: CommandCall) -> str:
    """The zone that a new route gets whoever makes it; "" where that depends on the person."""
    chosen = await chosen_zones(call)
    _, whence = zone_for(chosen, call.invocation.zone)
    return chosen.place or ("UTC" if whence is Whence.NOBODY else "")

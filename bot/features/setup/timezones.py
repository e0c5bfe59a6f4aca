"""`setup timezone`, `me show|timezone`: by whose clock times are typed and shown; and the group `me`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Choice
from bot.core.chat.zone_choices import zone_choices
from bot.core.commands.declaring import Effect, Group, NoArgs, Option
from bot.core.commands.permits import held
from bot.core.commands.presets import LOCAL, SETTING, Rights, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.setup.cards import me_card, own_card, place_card
from bot.features.setup.changing import set_or_taken_back
from bot.features.setup.languages import OWN_LANGUAGE, own_language
from bot.features.shared.zones import ZONES, chosen_zones
from bot.storage.places.own_values import PLACE

_PLACE_EXAMPLE = "setup timezone Europe/Berlin"
_OWN_EXAMPLE = "me timezone Istanbul"
ZoneOption: TypeAlias = Annotated[
    ZoneInfo | None,
    Option(
        "A city or a name like Europe/Berlin; shows the current one if left out", main=True, suggest=ZONES
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceZoneArgs:
    """Which zone."""

    timezone: ZoneOption = None
    off: Annotated[bool, Option("Remove it; times are in UTC then")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnZoneArgs:
    """Which zone."""

    timezone: ZoneOption = None
    off: Annotated[bool, Option("Remove your own timezone")] = False


async def of_place(call: CommandCall, args: PlaceZoneArgs) -> Reply:
    """Set the timezone of the place, or say which it is."""
    services = call.services
    changed = await _change(call, PLACE, args.timezone, _PLACE_EXAMPLE, off=args.off)
    zone = await services.timezones.place(call.tenant)
    others = tuple(
        (route.name, route.schedule.timezone)
        for route in await services.relay.routes.of_tenant(call.tenant)
        if route.schedule.timezone != (zone or "UTC")
    )
    return Reply(place_card(zone, others, now=services.clock(), changed=changed))


async def of_person(call: CommandCall, args: OwnZoneArgs) -> Reply:
    """Set one's own timezone, or say which counts."""
    changed = await _change(call, call.invocation.actor.id, args.timezone, _OWN_EXAMPLE, off=args.off)
    card = own_card(
        await chosen_zones(call), call.invocation.zone, now=call.services.clock(), changed=changed
    )
    return Reply(card)


async def show(call: CommandCall, _args: NoArgs) -> Reply:
    """Who one is here, what one may, and by whose clock one's times are said."""
    may = (await held(call.services.grants, call.invocation)).names()
    chosen, told = await chosen_zones(call), call.invocation.zone
    speaks, now = await own_language(call), call.services.clock()
    return Reply(me_card(call.invocation.actor.display_name, may, chosen, told, speaks, now=now))


async def suggest_zones(call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Zones by city, those that count here first."""
    chosen = await chosen_zones(call)
    first = (chosen.own, call.invocation.zone, chosen.place)
    return zone_choices(typed, first, call.services.clock())


async def _change(call: CommandCall, subject: str, zone: ZoneInfo | None, example: str, *, off: bool) -> bool:
    stored, tenant = call.services.timezones, call.tenant
    return await set_or_taken_back(
        call,
        zone,
        off=off,
        put=lambda chosen: stored.put(tenant, subject, chosen.key),
        remove=lambda: stored.remove(tenant, subject),
        both=UsageError(msg("Give a timezone, or off."), option="off", example=example),
    )


PLACE_ZONE = command(
    "setup timezone",
    of_place,
    SETTING,
    "Show or set the timezone here, for times that are typed and shown",
    "setup timezone",
    _PLACE_EXAMPLE,
    looks=(),
)

ME = Group(
    "me",
    "Your own settings: your timezone and your language",
    (
        command(
            "me show",
            show,
            LOCAL,
            "Show who you are here, what you may do, your timezone and your language",
            "me show",
        ),
        command(
            "me timezone",
            of_person,
            Rights(Effect.SETTINGS, Permission.USE, Audience.PRIVATE, needs_key=False),
            "Show or set your own timezone, for the times you type and see here",
            "me timezone",
            _OWN_EXAMPLE,
            looks=(),
        ),
        OWN_LANGUAGE,
    ),
    default="show",
)

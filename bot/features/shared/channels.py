"""Channels that people name, as places that can be written to."""

from __future__ import annotations

from typing import assert_never

from bot.core.chat.delivery_results import Busy, Delivered, Gone, Refused, Unknown
from bot.core.chat.ids import Destination
from bot.core.chat.places import ChannelRef
from bot.core.errors import DestinationTrouble, NotFound
from bot.core.messages.message import msg
from bot.features.services import CommandCall


async def known_place(call: CommandCall, wanted: ChannelRef) -> Destination:
    """A channel that is there; NotFound otherwise."""
    found = await call.services.platform(call.tenant).channels.channel(call.tenant, wanted)
    if found is None:
        raise NotFound(
            msg("I cannot see a channel {channel} here.", channel=repr(wanted.name or wanted.id)),
            remedy=msg("Check the name; if the channel is private, invite the bot to it first."),
        )
    return Destination(call.tenant, found.id)


async def place_of(call: CommandCall, wanted: ChannelRef) -> Destination:
    """A channel that can be written to now; NotFound or DestinationTrouble otherwise."""
    destination = await known_place(call, wanted)
    result = await call.services.platform(call.tenant).messenger.check(destination)
    if not isinstance(result, Delivered):
        raise trouble(result)
    return destination


def trouble(result: Busy | Gone | Refused | Unknown) -> DestinationTrouble:
    """Why a channel cannot be written to, for the person who chose it."""
    match result:
        case Gone(reason, remedy):
            return DestinationTrouble(reason, remedy=remedy or None)
        case Refused(detail) | Unknown(detail):
            return DestinationTrouble(detail)
        case Busy(retry_after):
            return DestinationTrouble(
                msg("The platform is busy, so the channel could not be reached."),
                remedy=msg("Try again in a moment."),
                retry_after=retry_after,
            )
        case _:
            assert_never(result)

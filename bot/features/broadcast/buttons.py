"""What the button about a broadcast does, below a relayed event that one began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.events.events import BROADCAST_ACTION
from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.commands.declaring import Action
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.routes.event_readings import broadcast
from bot.features.broadcast.cards import broadcast_card
from bot.features.services import CommandCall, event_of
from bot.features.shared.explaining import known_here


async def of_event(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The broadcast that an event is about, as it is now."""
    event = await event_of(call, str(state["key"]))
    if event is None:
        raise Expired(
            msg("What this message is about is no longer stored here."),
            remedy=msg("Use `broadcast show` with the link of the broadcast."),
        )
    await known_here(call, event)
    found = broadcast(event)
    if found is None:
        raise Expired(msg("This message is not about a broadcast."), remedy=msg("There is nothing to do."))
    xquik = await call.xquik()
    return Reply(broadcast_card(await xquik.broadcasts.show(found.id)))


BROADCAST_ACTIONS = (
    Action(
        BROADCAST_ACTION, of_event, Permission.SPEND, Audience.CHANNEL, stored=False, command="broadcast show"
    ),
)

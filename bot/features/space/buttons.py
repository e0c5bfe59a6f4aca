"""What buttons about a Space do: below a relayed event that one began, and below a Space that is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.events.events import SPACE_ACTION
from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.commands.declaring import Action
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.routes.event_readings import space
from bot.core.x.gatherings import SpaceRef
from bot.features.services import CommandCall, event_of
from bot.features.shared.explaining import known_here
from bot.features.space.cards import REPLAY_ACTION
from bot.features.space.showing import played, shown


async def of_event(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The Space that an event is about, as it is now."""
    event = await event_of(call, str(state["key"]))
    if event is None:
        raise Expired(
            msg("What this message is about is no longer stored here."),
            remedy=msg("Use `space show` with the link of the Space."),
        )
    await known_here(call, event)
    found = space(event)
    if found is None:
        raise Expired(msg("This message is not about a Space."), remedy=msg("There is nothing to do."))
    return await shown(call, found)


async def replay(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """The recording of the Space of the button."""
    return await played(call, SpaceRef(str(state["key"])))


SPACE_ACTIONS = (
    Action(SPACE_ACTION, of_event, Permission.SPEND, Audience.CHANNEL, stored=False, command="space show"),
    Action(REPLAY_ACTION, replay, Permission.SPEND, Audience.CHANNEL, stored=False, command="space replay"),
)

"""The way of one event, as far as the person may know it."""

from __future__ import annotations

from bot.cards.explanations import explanation_card
from bot.core.access import Permission, allows
from bot.core.chat.cards import Card
from bot.core.commands.permits import held
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.routes.events import Event
from bot.core.routes.explanations import Explanation, in_channel
from bot.features.services import CommandCall, here


async def explained(call: CommandCall, event: Event) -> Card:
    """The way of one event, for the button below its message."""
    return explanation_card((await known_here(call, event),), event.identity)


async def known_here(call: CommandCall, event: Event) -> Explanation:
    """The way of an event as far as the person may know it: with VIEW all of it, else what concerns the
    channel they are in. Expired when it never came there: ids are numbers, and anybody can count."""
    told = await call.services.relay.explainer.event(event)
    if allows(await held(call.services.grants, call.invocation), Permission.VIEW):
        return told
    narrowed = in_channel(told, here(call).channel)
    if narrowed is None:
        raise Expired(
            msg("Nothing about it was posted in this channel."),
            remedy=msg("Press the button below the message that you mean."),
        )
    return narrowed

"""Message updates, what is done to messages that stand already: marked as deleted on X, removed, published.

Marking or removing a line of a list draws the list anew; one of which nothing is left is removed.

Each of them may be done twice without harm, so an unknown outcome is just tried again. That a message
is gone is no trouble of its place: there is nothing left to do. Platforms say the same of a message where
its whole place is lost, so the place is asked about before that is believed.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bot.cards.relayed import deleted_card
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Busy, DeliveryResult, Gone, Refused, Unknown
from bot.core.chat.ids import MessageRef
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg
from bot.core.ports import Messenger
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import OPEN, DeliveryKind, DeliveryState
from bot.relay.sending import notices
from bot.relay.sending.relisting import Relisting
from bot.relay.sending.rendering import Rendering
from bot.relay.sending.send_results import Dead, Early, SendResult, Skipped
from bot.relay.sending.threads import SetupWarning, place_of
from bot.storage.relay.deliveries import DeliveryStatus
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.related import Related

# Tries after which a platform that does not say whether the place is still there is not asked any more.
_PATIENCE: Final = 5
_PAUSE: Final = 2.0


class MessageUpdates:
    """See the module."""

    def __init__(
        self, related: Related, rendering: Rendering, relisting: Relisting, warn: SetupWarning
    ) -> None:
        """warn: told why something cannot be done, where somebody could change that."""
        self._related = related
        self._rendering = rendering
        self._warn = warn
        self._relisting = relisting

    async def do(self, messenger: Messenger, item: Claimed) -> SendResult:
        """Do what the delivery says to the message that it is about."""
        lane = str(item.destination)
        target = await self._related.message(lane, item.about) if item.about else None
        if target is None:
            return Skipped(msg("the message is no longer known here"))
        if target.state in OPEN:
            if target.kind is DeliveryKind.LIST and target.id > item.id and target.lane == item.lane:
                # A dead letter that somebody sends once more: it comes after this, drawn as it is then.
                return Skipped(msg("the list is still to come and will leave it out"))
            return Early(msg("the message has not been sent yet"))
        if target.state is not DeliveryState.SENT or not target.message:
            return Skipped(msg("the message was never posted"))
        result = await self._done(messenger, item, target)
        if not isinstance(result, Gone):
            return result
        there = await messenger.check(place_of(item))
        if isinstance(there, Gone):
            return there  # it is the place that is lost, and this waits for it as messages do
        if isinstance(there, Busy | Unknown) and item.attempts <= _PATIENCE:
            return there if isinstance(there, Busy) else Busy(_PAUSE, there.detail)
        await self._warn(item, result)
        return Skipped(msg("nothing to do: {why}", why=result.reason))

    async def _done(self, messenger: Messenger, item: Claimed, target: DeliveryStatus) -> SendResult:
        ref = MessageRef(target.destination, target.message or "")
        if target.kind is DeliveryKind.LIST and item.kind is not DeliveryKind.PUBLISH:
            return await self._line(messenger, item, target, ref)
        match item.kind:
            case DeliveryKind.MARK:
                return await self._mark(messenger, item, target, ref)
            case DeliveryKind.REMOVE:
                return await messenger.delete(ref)
            case _:
                published = await messenger.publish(ref)
                if isinstance(published, Refused):  # nobody can follow the channel: no failure of ours
                    return Skipped(msg("nothing to do: {why}", why=published.detail))
                return published

    async def _mark(
        self, messenger: Messenger, item: Claimed, target: DeliveryStatus, ref: MessageRef
    ) -> SendResult:
        event = await self._related.event(ref.destination.tenant, target.event)
        if event is None:
            return Skipped(msg("what the message shows is no longer stored here"))
        try:
            card = deleted_card(self._rendering.event(event, replace(item, event=event)))
        except ValueError as error:
            return Dead(said_by(error))
        return await _edited(messenger, target, ref, card)

    async def _line(
        self, messenger: Messenger, item: Claimed, target: DeliveryStatus, ref: MessageRef
    ) -> SendResult:
        """Show a list without what was deleted of it."""
        try:
            drawn = await self._relisting.drawn(item, item.about or dedup_keys.NONE)
        except ValueError as error:
            return Dead(said_by(error))
        if drawn is None:
            return Skipped(msg("what the message shows is no longer stored here"))
        if drawn.card is None:
            return await messenger.delete(ref)
        return await _edited(messenger, target, ref, drawn.card)


async def _edited(
    messenger: Messenger, target: DeliveryStatus, ref: MessageRef, card: Card
) -> DeliveryResult:
    """Show the card instead; a plainer one where the platform refuses it."""
    if target.ambiguous:
        card = notices.possibly_repeated(card)
    edited = await messenger.edit(ref, card)
    plain = notices.plainer(card)
    if isinstance(edited, Refused) and plain != card:
        edited = await messenger.edit(ref, plain)
    return edited

"""Posts to the playground as the bot."""

from __future__ import annotations

import math
from collections.abc import Sequence

from adapters.playground.board import DIRECT, Board
from adapters.playground.interaction import number_of
from adapters.playground.settings import PlaygroundSettings
from bot.core.access import Actor
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import (
    Absent,
    Busy,
    Delivered,
    DeliveryResult,
    Found,
    Gone,
    Lookup,
    Refused,
)
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, ChannelRef, PlaceFacts, Placement
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import msg

# Seconds until a database that could not take a message is asked again.
_AGAIN = 1.0


class PlaygroundMessenger:
    """A `Messenger` and `Channels`.

    idempotent_window: the seconds in which a key makes no second message; the log keeps keys for ever.
    """

    idempotent_window = math.inf

    def __init__(self, board: Board, settings: PlaygroundSettings) -> None:
        self._board = board
        self._settings = settings

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Post a card in a channel. There are no forums to place it in."""
        del placement
        try:
            trouble = await self._trouble(to)
            if trouble is not None:
                return trouble
            message = await self._board.post(to.channel, card, key=key, files=files)
        except StorageUnavailable as error:
            return Busy(_AGAIN, error.detail)
        return Delivered(str(message.id))

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Replace one of the bot's messages, private ones included."""
        number = number_of(ref.message)
        if ref.destination.tenant != self._board.tenant or number is None:
            return Gone(msg("That message is not in this playground."))
        try:
            message = await self._board.edit(number, card)
        except StorageUnavailable as error:
            return Busy(_AGAIN, error.detail)
        if message is None:
            return Gone(msg("That message was dismissed."))
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Delete one of the bot's messages, private ones included."""
        number = number_of(ref.message)
        if ref.destination.tenant != self._board.tenant or number is None:
            return Gone(msg("That message is not in this playground."))
        try:
            ours = await self._board.remove(number)
        except StorageUnavailable as error:
            return Busy(_AGAIN, error.detail)
        return Delivered(ref.message) if ours else Gone(msg("That message is not one of the bot's."))

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """A channel of the playground is one row of messages."""
        del ref, title
        return Refused(msg("The playground has no threads."))

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """No channel here follows another."""
        del ref
        return Refused(msg("The playground has no channels whose messages are published to others."))

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """Every place here is a plain channel, without threads, and nobody is notified of a message."""
        del to
        return PlaceFacts(threads=False, notifies=False)

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Write to one person, in the direct messages that only they see."""
        if tenant != self._board.tenant or self._settings.person(person) is None:
            return Refused(msg("There is no {person} in this playground.", person=repr(person)))
        try:
            # Everybody's direct messages share a channel, so the key must tell the people apart.
            message = await self._board.post(
                DIRECT, card, viewer=person, key=f"{person}:{key}"[:40], files=files
            )
        except StorageUnavailable as error:
            return Busy(_AGAIN, error.detail)
        return Delivered(str(message.id))

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        """The first of its people who is an admin."""
        del tenant
        owner = next((person for person in self._settings.people if person.is_admin), None)
        return Refused(msg("Nobody owns this playground.")) if owner is None else Delivered(owner.id)

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        """One of its people."""
        found = self._settings.person(person) if tenant == self._board.tenant else None
        return Actor(person, person) if found is None else found.actor

    async def check(self, to: Destination) -> DeliveryResult:
        """Whether the channel is there."""
        try:
            return await self._trouble(to) or Delivered("")
        except StorageUnavailable as error:
            return Busy(_AGAIN, error.detail)

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """The message of that key. `after` is not needed: the log finds any key at once."""
        del after
        message = await self._board.log.find(self._board.tenant, to.channel, key)
        return Absent() if message is None else Found(str(message.id))

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """The channel of that id or name (`bot.core.ports.Channels`)."""
        if tenant != self._board.tenant:
            return None
        names = {wanted.id.removeprefix("#").lower(), wanted.name.removeprefix("#").lower()} - {""}
        for channel in await self._board.log.channels(tenant):
            if channel.id in names or channel.name.lower() in names:
                return ChannelRef(channel.id, channel.name)
        return None

    async def _trouble(self, to: Destination) -> Gone | None:
        if to.tenant != self._board.tenant:
            return Gone(msg("{place} is not this playground.", place=str(to.tenant)))
        # Direct messages need a person: `tell`, not `post`.
        if to.channel == DIRECT or await self._board.channel(to.channel) is None:
            return Gone(
                msg("There is no channel #{channel} in the playground.", channel=to.channel),
                msg("Create it with + beside “Channels”, or route to another channel."),
            )
        return None

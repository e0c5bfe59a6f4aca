"""Posts to Discord as the bot: over REST alone, so a process without a gateway can do it too."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import discord

from adapters.discord import limits
from adapters.discord.bodies import MessageBody, edited_bodies, new_bodies
from adapters.discord.channels import DiscordChannels
from adapters.discord.errors import (
    INVALID_BODY,
    NO_MESSAGES_THERE,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    before_sending,
    result_of,
)
from adapters.discord.forums import Forums
from adapters.discord.lookup import MESSAGES, find_message
from adapters.discord.people import member_of
from adapters.discord.permissions import is_thread, missing
from adapters.discord.pings import pinging
from adapters.discord.places import DiscordPlaces, is_forum
from adapters.discord.rest import LOST, Rest
from adapters.discord.threads import DiscordThreads
from bot.core.access import Actor, BotRemoved
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import Delivered, DeliveryResult, Gone, Lookup, Refused, Unreadable
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts, Placement
from bot.core.clocks import Clock, Monotonic
from bot.core.messages.message import Joined, msg
from bot.i18n.readers import TOLD_ALONE, Readers

_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"


class DiscordMessenger:
    """A `Messenger`. clock: epoch seconds; monotonic: seconds; readers: in whose language something is said.

    idempotent_window: Discord remembers an enforced nonce for "a few minutes"; within this many
    seconds the same key is surely the same message. In a forum, where Discord knows no nonce, the
    posts of that time are read instead.
    """

    idempotent_window = 150.0

    def __init__(
        self,
        rest: Rest,
        channels: DiscordChannels,
        *,
        clock: Clock = time.time,
        monotonic: Monotonic = time.monotonic,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        self._readers = readers
        self._rest = rest
        self._channels = channels
        self._places = DiscordPlaces(channels, monotonic)
        self._threads = DiscordThreads(rest, self._places)
        self._forums = Forums(rest, channels, self._places, clock, self.idempotent_window)

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Post a card, in a forum as a post of its own. A lost answer is asked for again under the same
        nonce, which posts nothing twice."""
        target = _snowflake(to.thread or to.channel)
        if target is None:
            return Gone(msg("{channel} is not a Discord channel.", channel=repr(to.thread or to.channel)))
        reader = await self._readers.place(to.tenant)
        card, files = pinging(reader.card(card), to.tenant.workspace), reader.files(files)
        try:
            forum = await self._places.is_forum(to)
        except (discord.DiscordException, *LOST) as error:
            return before_sending(error)
        if not forum:
            try:
                return await self._send(target, card, key, files)
            except discord.HTTPException as error:
                if error.code not in NO_MESSAGES_THERE or not await self._is_forum_after_all(to):
                    return result_of(error)
            except (discord.DiscordException, *LOST) as error:
                return result_of(error)
        said = replace(placement, named=reader.words(placement.title))
        return await self._forums.post(to, card, key, files, said)

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Replace the content of our message, with its files. Nobody is notified, not even again."""

        async def change(channel: int, message: int) -> None:
            for last, body in zip((False, True), edited_bodies(shown), strict=True):
                try:
                    await self._rest.surely(
                        "PATCH",
                        _MESSAGE,
                        json=body.json,
                        files=body.files,
                        channel_id=channel,
                        message_id=message,
                    )
                    return
                except discord.HTTPException as error:
                    if last or error.code != INVALID_BODY:
                        raise

        reader = await self._readers.place(ref.destination.tenant)
        shown = pinging(reader.card(card), ref.destination.tenant.workspace)
        return await self._threads.awake(ref, change)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Delete our message. A post of a forum stays, with what people wrote in it: it loses our words,
        its title too, and is archived."""

        async def remove(channel: int, message: int) -> None:
            try:
                await self._rest.surely("DELETE", _MESSAGE, channel_id=channel, message_id=message)
            except discord.HTTPException as error:
                if error.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    raise
            if channel == message:  # the first message of a post
                await self._forums.close(channel)

        return await self._threads.awake(ref, remove)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """The thread below our message, begun when there is none; in a thread or a post, that itself."""
        reader = await self._readers.place(ref.destination.tenant)
        return await self._threads.below(ref, reader.words(title))

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """Publish our message; Discord takes ten an hour in a channel and is busy after that."""
        return await self._threads.publish(ref)

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """What the channel, thread or forum is."""
        try:
            return await self._places.facts(to)
        except (discord.DiscordException, *LOST):
            return None

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Send a direct message, in the language of the person. A person has one conversation with the bot,
        whatever the tenant."""
        if _snowflake(person) is None:
            return Refused(msg("{person} is not a Discord user.", person=repr(person)))
        try:
            opened = await self._rest.surely("POST", "/users/@me/channels", json={"recipient_id": person})
            reader = await self._readers.person(tenant, person)
            own, files = replace(reader.card(card), pings=()), reader.files(files)
            return await self._send(int(opened["id"]), own, _personal(person, key), files)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        """The owner of the server."""
        if _snowflake(tenant.workspace) is None:
            return Refused(msg("{server} is not a Discord server.", server=repr(tenant.workspace)))
        try:
            guild = await self._rest.surely("GET", "/guilds/{guild_id}", guild_id=int(tenant.workspace))
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        return Delivered(str(guild["owner_id"]))

    async def actor(self, tenant: TenantId, person: str) -> Actor | BotRemoved | None:
        """The member of the server."""
        return await member_of(self._rest, tenant, person)

    async def check(self, to: Destination) -> DeliveryResult:
        """Whether a post would succeed now, and if not, the name of the permission that lacks."""
        try:
            channel = await self._places.channel(to.tenant, to.thread or to.channel, within=0.0)
            if channel is None:
                return Gone(
                    msg("There is no such channel in this server."), msg("Choose a channel the bot can see.")
                )
            held = await self._channels.permissions(to.tenant, channel)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        lacking = missing(held, thread=is_thread(channel), forum=is_forum(channel))
        if not lacking:
            return Delivered("")
        listed = Joined(lacking)
        where = f"#{channel.get('name') or to.channel}"
        return Gone(
            msg("The bot lacks {permissions} in {channel}.", permissions=listed, channel=where),
            msg(
                "Open the settings of {channel}, Permissions, add the bot's role and allow {permissions}.",
                permissions=listed,
                channel=where,
            ),
        )

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Read our recent messages, or posts, for the one whose components carry the key."""
        target = to.thread or to.channel
        try:
            channel = await self._places.channel(to.tenant, target, within=0.0)
            if channel is None:
                return Unreadable()
            held = discord.Permissions(await self._channels.permissions(to.tenant, channel))
            if not held.read_message_history:
                return Unreadable()
            if is_forum(channel):
                return await self._forums.find(to, key, after)
            return await find_message(self._rest, int(target), key, after)
        except (discord.DiscordException, *LOST):
            return Unreadable()

    async def _is_forum_after_all(self, to: Destination) -> bool:
        self._places.forget(to.tenant, to.channel)
        try:
            return await self._places.is_forum(to)
        except (discord.DiscordException, *LOST):
            return False

    async def _send(self, channel: int, card: Card, key: str, files: Sequence[File]) -> DeliveryResult:
        nonce = {"nonce": key[: limits.NONCE], "enforce_nonce": True}

        async def create(body: MessageBody) -> DeliveryResult:
            json: dict[str, Any] = body.json | nonce
            made = await self._rest.surely("POST", MESSAGES, json=json, files=body.files, channel_id=channel)
            return Delivered(str(made["id"]))

        whole, words = new_bodies(card, files, key)
        try:
            return await create(whole)
        except discord.HTTPException as error:
            if error.code != INVALID_BODY:
                raise
            # Something in the card is not to Discord's liking: an address, for instance. Its words are
            # worth more than its looks.
            return await create(words)


def _personal(person: str, key: str) -> str:
    """The nonce of a direct message: Discord tells nonces of one author apart, but not by channel."""
    return hashlib.sha256(f"{person}:{key}".encode()).hexdigest()[: limits.NONCE]


def _snowflake(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None

"""Posts to Discord as the bot: over REST alone, so a process without a gateway can do it too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import discord

from adapters.discord import limits
from adapters.discord.channels import DiscordChannels
from adapters.discord.kinds import FORUMS
from adapters.discord.permissions import is_thread, missing
from adapters.discord.plain import plain_components
from adapters.discord.render import as_json, carries, render
from adapters.discord.rest import LOST, Rest
from adapters.discord.trouble import INVALID_BODY, result_of
from bot.core.cards import Card, File
from bot.core.deliveries import Absent, Delivered, DeliveryResult, Found, Gone, Lookup, Refused, Unreadable
from bot.core.ids import Destination, MessageRef, TenantId

_MESSAGES: Final = "/channels/{channel_id}/messages"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
_PAGE: Final = 100
_PAGES: Final = 5
_EPOCH: Final = 1_420_070_400.0  # Discord's first second: 2015


class DiscordMessenger:
    """A `Messenger`.

    idempotent_window: Discord remembers an enforced nonce for "a few minutes"; within this many
    seconds the same key is surely the same message.
    """

    idempotent_window = 150.0

    def __init__(self, rest: Rest, channels: DiscordChannels) -> None:
        self._rest = rest
        self._channels = channels

    async def post(self, to: Destination, card: Card, key: str, files: Sequence[File] = ()) -> DeliveryResult:
        """Post a card. A lost answer is asked for again under the same nonce, which posts nothing twice."""
        target = _snowflake(to.thread or to.channel)
        if target is None:
            return Gone(f"{to.thread or to.channel!r} is not a channel of Discord.")
        return await self._send(target, card, key, files)

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Replace the content of our message, and its files stay."""
        target = _snowflake(ref.destination.thread or ref.destination.channel)
        message = _snowflake(ref.message)
        if target is None or message is None:
            return Gone("That is not a message of Discord.")

        async def change(components: list[dict[str, Any]]) -> DeliveryResult:
            body = as_json(components)
            await self._rest.surely("PATCH", _MESSAGE, json=body, channel_id=target, message_id=message)
            return Delivered(ref.message)

        try:
            try:
                return await change(render(card).components)
            except discord.HTTPException as error:
                if error.code != INVALID_BODY:
                    raise
                return await change(plain_components(card))
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)

    async def tell(self, tenant: TenantId, person: str, card: Card, key: str) -> DeliveryResult:
        """Send a direct message. tenant: not needed, a person has one conversation with the bot."""
        del tenant
        if _snowflake(person) is None:
            return Refused(f"{person!r} is not a person of Discord.")
        try:
            opened = await self._rest.surely("POST", "/users/@me/channels", json={"recipient_id": person})
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        return await self._send(int(opened["id"]), card, _personal(person, key), ())

    async def check(self, to: Destination) -> DeliveryResult:
        """Whether a post would succeed now, and if not, the name of the permission that lacks."""
        try:
            channel = await self._channels.fetch(to.tenant, to.thread or to.channel)
            if channel is None:
                return Gone("There is no such channel in this server.", "Choose a channel the bot can see.")
            if channel["type"] in FORUMS:
                return Gone("A forum holds posts, not messages.", "Choose a post of the forum, or a channel.")
            held = await self._channels.permissions(to.tenant, channel)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        lacking = missing(held, thread=is_thread(channel))
        if not lacking:
            return Delivered("")
        listed = " and ".join(lacking)
        where = f"#{channel.get('name') or to.channel}"
        return Gone(
            f"The bot lacks {listed} in {where}.",
            f"Open the settings of {where}, Permissions, add the bot's role and allow {listed}.",
        )

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Read our recent messages for the one whose components carry the key."""
        target = to.thread or to.channel
        try:
            channel = await self._channels.fetch(to.tenant, target)
            if (
                channel is None
                or not discord.Permissions(
                    await self._channels.permissions(to.tenant, channel)
                ).read_message_history
            ):
                return Unreadable()
            return await self._search(int(target), key, max(0, int((after - _EPOCH) * 1000)) << 22)
        except (discord.DiscordException, *LOST):
            return Unreadable()

    async def _search(self, channel: int, key: str, after: int) -> Lookup:
        for _ in range(_PAGES):
            query = {"after": str(after), "limit": _PAGE}
            page = await self._rest.surely("GET", _MESSAGES, query=query, channel_id=channel)
            for message in page:
                ours = str(message["author"]["id"]) == str(self._rest.user_id)
                if ours and carries(message.get("components") or [], key):
                    return Found(str(message["id"]))
            if len(page) < _PAGE:
                return Absent()
            after = max(int(message["id"]) for message in page)
        return Unreadable()

    async def _send(self, channel: int, card: Card, key: str, files: Sequence[File]) -> DeliveryResult:
        rendered = render(card, files, mark=key)
        try:
            try:
                return await self._create(channel, rendered.components, key, rendered.files)
            except discord.HTTPException as error:
                if error.code != INVALID_BODY:
                    raise
                # Something in the card is not to Discord's liking: an address, for instance. Its
                # words are worth more than its looks.
                return await self._create(channel, plain_components(card, mark=key), key, ())
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)

    async def _create(
        self, channel: int, components: list[dict[str, Any]], key: str, files: Sequence[File]
    ) -> DeliveryResult:
        body = as_json(components, files) | {"nonce": key[: limits.NONCE], "enforce_nonce": True}
        made = await self._rest.surely("POST", _MESSAGES, json=body, files=files, channel_id=channel)
        return Delivered(str(made["id"]))


def _personal(person: str, key: str) -> str:
    """The nonce of a direct message: Discord tells nonces of one author apart, but not by channel."""
    return hashlib.sha256(f"{person}:{key}".encode()).hexdigest()[: limits.NONCE]


def _snowflake(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None

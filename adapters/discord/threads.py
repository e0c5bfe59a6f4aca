"""Threads below messages, and what is done to messages that stand in one or may have been published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import discord
import msgspec

from adapters.discord.errors import (
    ALREADY_PUBLISHED,
    LACKS_PERMISSION,
    THREAD_ARCHIVED,
    THREAD_EXISTS,
    TOO_MANY_THREADS,
    WRONG_CHANNEL_KIND,
    before_sending,
    result_of,
)
from adapters.discord.forums import thread_name
from adapters.discord.kinds import ANNOUNCEMENTS
from adapters.discord.permissions import is_thread
from adapters.discord.places import DiscordPlaces
from adapters.discord.rest import LOST, Rest
from bot.core.chat.delivery_results import Delivered, DeliveryResult, Gone, Refused
from bot.core.chat.ids import MessageRef
from bot.core.messages.message import msg

_CHANNEL: Final = "/channels/{channel_id}"
_THREAD: Final = "/channels/{channel_id}/messages/{message_id}/threads"
_CROSSPOST: Final = "/channels/{channel_id}/messages/{message_id}/crosspost"
_NO_MESSAGE: Final = Gone(msg("That is not a Discord message."))
_NO_ANNOUNCEMENTS: Final = Refused(msg("Only messages of an announcement channel can be published."))
_NO_THREADS: Final = Refused(msg("There are no threads in a channel of that kind."))
_MAY_NOT_BEGIN: Final = Gone(
    msg("The bot may not start threads in that channel."),
    msg(
        "Give the bot's role Create Public Threads and Send Messages in Threads in the channel's settings, "
        "then resume."
    ),
)
_MAY_NOT_PUBLISH: Final = Gone(
    msg("The bot may not publish in that channel."),
    msg("Give the bot's role Send Messages in the channel's settings, then resume."),
)

MessageUpdate: TypeAlias = Callable[[int, int], Awaitable[None]]
"""Changes a message, by the ids of its channel or thread and of itself."""


class _Standing(msgspec.Struct, frozen=True):
    """channel: the channel or thread that a message stands in."""

    channel: int
    message: int


class DiscordThreads:
    """See the module. Never raises for what Discord can answer."""

    def __init__(self, rest: Rest, places: DiscordPlaces) -> None:
        self._rest = rest
        self._places = places

    async def awake(self, ref: MessageRef, update: MessageUpdate) -> DeliveryResult:
        """Do something to our message, given its channel and id. In an archived thread Discord allows
        that only after the thread was opened again."""
        try:
            at = await self._standing(ref)
        except (discord.DiscordException, *LOST) as error:
            return before_sending(error)
        if at is None:
            return _NO_MESSAGE
        try:
            try:
                await update(at.channel, at.message)
            except discord.HTTPException as error:
                if error.code != THREAD_ARCHIVED:
                    raise
                await self._rest.surely("PATCH", _CHANNEL, json={"archived": False}, channel_id=at.channel)
                await update(at.channel, at.message)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        return Delivered(ref.message)

    async def below(self, ref: MessageRef, title: str) -> DeliveryResult:
        """See `Messenger.thread`."""
        to = ref.destination
        try:
            at = await self._standing(ref)
            place = await self._places.channel(to.tenant, to.thread or to.channel)
        except (discord.DiscordException, *LOST) as error:
            return before_sending(error)
        if at is None:
            return _NO_MESSAGE
        if str(at.channel) != to.channel or (place is not None and is_thread(place)):
            return Delivered(str(at.channel))
        try:
            made = await self._rest.surely(
                "POST",
                _THREAD,
                json={"name": thread_name(title)},
                channel_id=at.channel,
                message_id=at.message,
            )
        except discord.HTTPException as error:
            return _without_thread(ref, error)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        return Delivered(str(made["id"]))

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """See `Messenger.publish`."""
        to = ref.destination
        try:
            at = await self._standing(ref)
            place = await self._places.channel(to.tenant, to.thread or to.channel)
        except (discord.DiscordException, *LOST) as error:
            return before_sending(error)
        if at is None:
            return _NO_MESSAGE
        if place is not None and place.get("type") != ANNOUNCEMENTS:
            return _NO_ANNOUNCEMENTS
        try:
            await self._rest.surely("POST", _CROSSPOST, channel_id=at.channel, message_id=at.message)
        except discord.HTTPException as error:
            return _unpublished(ref, error)
        except (discord.DiscordException, *LOST) as error:
            return result_of(error)
        return Delivered(ref.message)

    async def _standing(self, ref: MessageRef) -> _Standing | None:
        """Where a message stands; None when its reference is none of Discord's."""
        if not _is_number(ref.message) or not _is_number(ref.destination.thread or ref.destination.channel):
            return None
        return _Standing(int(await self._places.holder(ref)), int(ref.message))


def _without_thread(ref: MessageRef, error: discord.HTTPException) -> DeliveryResult:
    if error.code == THREAD_EXISTS:
        # The thread of a message has its id.
        return Delivered(ref.message)
    if error.code == WRONG_CHANNEL_KIND:
        return _NO_THREADS
    if error.code in TOO_MANY_THREADS:
        return Refused(msg("The server has as many active threads as Discord allows."))
    return _MAY_NOT_BEGIN if error.code == LACKS_PERMISSION else result_of(error)


def _unpublished(ref: MessageRef, error: discord.HTTPException) -> DeliveryResult:
    if error.code == ALREADY_PUBLISHED:
        return Delivered(ref.message)
    if error.code == WRONG_CHANNEL_KIND:
        return _NO_ANNOUNCEMENTS
    return _MAY_NOT_PUBLISH if error.code == LACKS_PERMISSION else result_of(error)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20

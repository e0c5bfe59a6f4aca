"""What the operations on channels have in common: which channel and message, and what the bot may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors
from tests.doubles.discord.api import Call
from tests.doubles.discord.messages import Message
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.world import Channel

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer


class ChannelOperations:
    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    def _channel(self, call: Call) -> Channel:
        """The channel of the path, if it exists and the bot can see it."""
        return self._server.visible_channel(call.id("channel_id"))

    def _message(self, channel: Channel, call: Call) -> Message:
        message = channel.message(call.id("message_id"))
        if message is None:
            raise errors.unknown_message()
        return message

    def _may_send(self, channel: Channel, body: dict[str, Any], *, files: bool) -> None:
        if channel.guild is None:
            if channel.recipient is not None and not channel.recipient.accepts_dms:
                raise errors.dms_closed()
            return
        if channel.locked and not self._bot_can(channel, Permission.MANAGE_THREADS):
            raise errors.thread_archived()
        in_thread = channel.is_thread
        self._need(channel, Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES)
        if body.get("embeds"):
            self._need(channel, Permission.EMBED_LINKS)
        if files:
            self._need(channel, Permission.ATTACH_FILES)

    def _need(self, channel: Channel, permission: Permission) -> None:
        if not self._bot_can(channel, permission):
            raise errors.missing_permissions()

    def _bot_can(self, channel: Channel, permission: Permission) -> bool:
        return channel.guild is None or bool(channel.guild.bot.permissions_in(channel) & permission)

"""REST operations on channels, messages and direct conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doubles.discord import errors, payloads
from tests.doubles.discord.api import Call, Route
from tests.doubles.discord.compose import edit_message, new_message
from tests.doubles.discord.errors import Problem
from tests.doubles.discord.faults import Answer
from tests.doubles.discord.messages import Message
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.rest_channels import ChannelOperations
from tests.doubles.discord.world import FORUMS, Channel, ChannelKind

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

_WRITABLE = frozenset(ChannelKind) - {ChannelKind.CATEGORY} - FORUMS


class MessageRoutes(ChannelOperations):
    def __init__(self, server: DiscordServer) -> None:
        super().__init__(server)
        self._nonces: dict[str, tuple[float, Message]] = {}  # the bot's nonces → (when, message)

    def routes(self) -> list[Route]:
        channel = "/channels/{channel_id}"
        message = f"{channel}/messages/{{message_id}}"
        return [
            Route("GET", channel, self.get_channel),
            Route("GET", f"{channel}/messages", self.list_messages),
            Route("POST", f"{channel}/messages", self.create),
            Route("GET", message, self.get),
            Route("PATCH", message, self.edit),
            Route("DELETE", message, self.delete),
            Route("POST", f"{channel}/typing", self.typing),
            Route("POST", "/users/@me/channels", self.open_dm),
        ]

    def get_channel(self, call: Call) -> Answer:
        return Answer(200, payloads.channel(self._channel(call)))

    def typing(self, call: Call) -> Answer:
        self._need(self._channel(call), Permission.SEND_MESSAGES)
        return Answer(204)

    def list_messages(self, call: Call) -> Answer:
        """Newest first; `before`, `after`, `around` exclude each other, `limit` is 1–100 (50)."""
        channel = self._channel(call)
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise errors.invalid_form(Problem("limit", f"must be 1–100, is {limit}"))
        if not self._bot_can(channel, Permission.READ_MESSAGE_HISTORY):
            return Answer(200, [])
        found = channel.messages
        if "before" in call.query:
            found = [m for m in found if m.id < int(call.query["before"])]
        if "after" in call.query:
            found = [m for m in found if m.id > int(call.query["after"])][:limit]
        if "around" in call.query:
            centre = int(call.query["around"])
            nearest = sorted(found, key=lambda m: abs(m.id - centre))[:limit]
            found = sorted(nearest, key=lambda m: m.id)
        return Answer(200, [payloads.message(m) for m in reversed(found[-limit:])])

    def get(self, call: Call) -> Answer:
        channel = self._channel(call)
        self._need(channel, Permission.READ_MESSAGE_HISTORY)
        return Answer(200, payloads.message(self._message(channel, call)))

    def create(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind in FORUMS:
            raise errors.message_in_forum()
        if channel.kind not in _WRITABLE:
            raise errors.not_a_text_channel()
        body = call.json
        self._may_send(channel, body, files=bool(call.uploads))
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            earlier = self._earlier(str(nonce), channel, call)
            if earlier is not None:
                return Answer(200, payloads.message(earlier))
        message = new_message(channel, self._world.bot, body, call.uploads)
        channel.history.append(message)
        channel.archived = False
        if nonce is not None:
            self._nonces[str(nonce)] = (self._world.clock(), message)
        channel.announce("MESSAGE_CREATE", message)
        return Answer(200, payloads.message(message))

    def edit(self, call: Call) -> Answer:
        channel = self._channel(call)
        message = self._message(channel, call)
        if message.author is not self._world.bot:
            raise errors.not_own_message()
        if channel.archived:
            raise errors.thread_archived()
        edit_message(message, call.json, call.uploads)
        channel.announce("MESSAGE_UPDATE", message)
        return Answer(200, payloads.message(message))

    def delete(self, call: Call) -> Answer:
        channel = self._channel(call)
        message = self._message(channel, call)
        if message.author is not self._world.bot:
            self._need(channel, Permission.MANAGE_MESSAGES)
        if channel.archived:
            raise errors.thread_archived()
        self._server.remove_message(message)
        return Answer(204)

    def open_dm(self, call: Call) -> Answer:
        user = self._world.users.get(int(call.json.get("recipient_id") or 0))
        if user is None or user is self._world.bot:
            raise errors.unknown_user()
        return Answer(200, payloads.channel(self._world.open_dm(user)))

    def _earlier(self, nonce: str, channel: Channel, call: Call) -> Message | None:
        """The bot's message with this nonce, if sent within the window.

        Discord compares the author and the nonce, not the channel: a nonce used for two channels
        would lose the second message, so that is a violation, too.
        """
        at, message = self._nonces.get(nonce, (float("-inf"), None))
        if message is None or self._world.clock() - at > self._server.nonce_window:
            return None
        if message.channel is not channel:
            self._server.violate(call.method, call.path, f"nonce {nonce} was used in another channel", code=0)
        return message

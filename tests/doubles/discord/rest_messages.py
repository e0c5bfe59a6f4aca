"""REST operations on channels, messages, threads and direct conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors, payloads
from tests.doubles.discord.api import Call, Route
from tests.doubles.discord.compose import edit_message, new_message
from tests.doubles.discord.errors import Problem
from tests.doubles.discord.faults import Answer
from tests.doubles.discord.messages import Message
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.rules_messages import Flag
from tests.doubles.discord.world import Channel, ChannelKind

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

_WRITABLE = frozenset(ChannelKind) - {ChannelKind.CATEGORY, ChannelKind.FORUM}


class MessageRoutes:
    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world
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
            Route("POST", f"{message}/crosspost", self.crosspost),
            Route("POST", f"{message}/threads", self.thread_from_message),
            Route("POST", f"{channel}/threads", self.thread),
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
        return Answer(200, payloads.message(_message(channel, call)))

    def create(self, call: Call) -> Answer:
        channel = self._channel(call)
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
        message = _message(channel, call)
        if message.author is not self._world.bot:
            raise errors.not_own_message()
        edit_message(message, call.json, call.uploads)
        channel.announce("MESSAGE_UPDATE", message)
        return Answer(200, payloads.message(message))

    def delete(self, call: Call) -> Answer:
        channel = self._channel(call)
        message = _message(channel, call)
        if message.author is not self._world.bot:
            self._need(channel, Permission.MANAGE_MESSAGES)
        self._server.remove_message(message)
        return Answer(204)

    def crosspost(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind is not ChannelKind.ANNOUNCEMENT:
            raise errors.wrong_channel_type()
        self._need(channel, Permission.SEND_MESSAGES)
        message = _message(channel, call)
        if message.crossposted:
            raise errors.already_crossposted()
        message.flags |= int(Flag.CROSSPOSTED)
        channel.announce("MESSAGE_UPDATE", message)
        return Answer(200, payloads.message(message))

    def thread_from_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise errors.wrong_channel_type()
        self._need(channel, Permission.CREATE_PUBLIC_THREADS)
        message = _message(channel, call)
        if message.thread is not None:
            raise errors.thread_exists()
        news = channel.kind is ChannelKind.ANNOUNCEMENT
        kind = ChannelKind.ANNOUNCEMENT_THREAD if news else ChannelKind.PUBLIC_THREAD
        thread = self._new_thread(channel, call.json, kind, id=message.id)
        message.thread = thread
        message.flags |= int(Flag.HAS_THREAD)
        return Answer(201, payloads.channel(thread))

    def thread(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind is ChannelKind.FORUM:
            return self._forum_post(channel, call)
        if channel.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise errors.wrong_channel_type()
        kind = ChannelKind(call.json.get("type") or ChannelKind.PRIVATE_THREAD)
        private = kind is ChannelKind.PRIVATE_THREAD
        self._need(
            channel, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        )
        return Answer(201, payloads.channel(self._new_thread(channel, call.json, kind)))

    def open_dm(self, call: Call) -> Answer:
        user = self._world.users.get(int(call.json.get("recipient_id") or 0))
        if user is None or user is self._world.bot:
            raise errors.unknown_user()
        return Answer(200, payloads.channel(self._world.open_dm(user)))

    def _forum_post(self, forum: Channel, call: Call) -> Answer:
        body = call.json
        if "message" not in body:
            raise errors.invalid_form(Problem("message", "a forum post needs a message"))
        message_body = body["message"]
        self._may_send(forum, message_body, files=bool(call.uploads))
        tags = [int(tag) for tag in body.get("applied_tags") or ()]
        if len(tags) > 5:
            raise errors.invalid_form(Problem("applied_tags", f"{len(tags)} tags, at most 5"))
        if unknown := set(tags) - set(forum.tags):
            raise errors.invalid_form(Problem("applied_tags", f"unknown tags {sorted(unknown)}"))
        if forum.require_tag and not tags:
            raise errors.tag_required()
        # The first message of a forum post has the id of its thread.
        message = new_message(forum, self._world.bot, message_body, call.uploads)
        thread = self._new_thread(forum, body, ChannelKind.PUBLIC_THREAD, id=message.id)
        thread.applied_tags = tags
        message.channel = thread
        thread.history.append(message)
        thread.announce("MESSAGE_CREATE", message)
        return Answer(201, payloads.channel(thread) | {"message": payloads.message(message)})

    def _new_thread(
        self, parent: Channel, body: dict[str, Any], kind: ChannelKind, id: int | None = None
    ) -> Channel:
        assert parent.guild is not None
        name = body.get("name") or ""
        if not 1 <= len(name) <= 100:
            raise errors.invalid_form(Problem("name", f"must be 1–100 characters, has {len(name)}"))
        minutes = body.get("auto_archive_duration") or 1440
        if minutes not in (60, 1440, 4320, 10080):
            raise errors.invalid_form(Problem("auto_archive_duration", "must be 60, 1440, 4320 or 10080"))
        thread = Channel(self._world, id or self._world.next_id(), name, kind, parent.guild, parent=parent)
        thread.owner_id = self._world.bot.id
        thread.auto_archive_minutes = minutes
        thread.nsfw = parent.nsfw
        parent.guild.channels[thread.id] = self._world.channels[thread.id] = thread
        parent.guild.tell("THREAD_CREATE", payloads.channel(thread) | {"newly_created": True})
        return thread

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

    def _channel(self, call: Call) -> Channel:
        """The channel of the path, if it exists and the bot can see it."""
        return self._server.visible_channel(call.id("channel_id"))

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


def _message(channel: Channel, call: Call) -> Message:
    message = channel.message(call.id("message_id"))
    if message is None:
        raise errors.unknown_message()
    return message

"""REST operations on threads, posts of forums, and announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors, payloads
from tests.doubles.discord.api import Call, Route
from tests.doubles.discord.compose import new_message
from tests.doubles.discord.errors import Problem
from tests.doubles.discord.faults import Answer, too_many, window
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.rest_channels import ChannelOperations
from tests.doubles.discord.rules_messages import Flag
from tests.doubles.discord.world import FORUMS, Channel, ChannelKind

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

_POST_TAGS = 5
_ACTIVE_THREADS = 1000  # of a guild
_CROSSPOSTS, _CROSSPOST_SECONDS = 10, 3600.0  # a channel


class ThreadRoutes(ChannelOperations):
    def __init__(self, server: DiscordServer) -> None:
        super().__init__(server)
        self._crossposts: dict[int, list[float]] = {}  # channel → when

    def routes(self) -> list[Route]:
        channel = "/channels/{channel_id}"
        message = f"{channel}/messages/{{message_id}}"
        return [
            Route("PATCH", channel, self.change),
            Route("POST", f"{channel}/threads", self.begin),
            Route("POST", f"{message}/threads", self.begin_from_message),
            Route("GET", f"{channel}/threads/archived/public", self.archived),
            Route("GET", "/guilds/{guild_id}/threads/active", self.active),
            Route("POST", f"{message}/crosspost", self.crosspost),
        ]

    def change(self, call: Call) -> Answer:
        """Open a thread again, archive, lock or name it. Channels themselves are left to people."""
        thread, body = self._channel(call), call.json
        if not thread.is_thread:
            raise errors.missing_permissions()
        manages = self._bot_can(thread, Permission.MANAGE_THREADS)
        only_opens = body.keys() == {"archived"} and body["archived"] is False
        if not manages:
            if thread.locked:
                raise errors.missing_permissions()
            if only_opens:
                self._need(thread, Permission.SEND_MESSAGES_IN_THREADS)
            elif thread.owner_id != self._world.bot.id or body.keys() - {"archived", "name"}:
                raise errors.missing_permissions()
        if thread.archived and body.get("archived") is not False:
            raise errors.thread_archived()
        thread.archived = body.get("archived", thread.archived)
        thread.locked = body.get("locked", thread.locked)
        thread.name = body.get("name", thread.name)
        assert thread.guild is not None
        thread.guild.tell("THREAD_UPDATE", payloads.channel(thread))
        return Answer(200, payloads.channel(thread))

    def active(self, call: Call) -> Answer:
        """Threads that are not archived, in channels the bot can see, in no order that is promised."""
        guild = self._server.visible_guild(call.id("guild_id"))
        threads = [c for c in guild.channels.values() if c.is_thread and not c.archived and not c.deleted]
        seen = [t for t in threads if self._bot_can(t, Permission.VIEW_CHANNEL)]
        return Answer(200, {"threads": [payloads.channel(t) for t in seen], "members": [], "has_more": False})

    def archived(self, call: Call) -> Answer:
        """The public threads that are archived, the newest first."""
        channel = self._channel(call)
        limit = int(call.query.get("limit", 50))
        if not 2 <= limit <= 100:
            raise errors.invalid_form(Problem("limit", f"must be 2–100, is {limit}"))
        self._need(channel, Permission.READ_MESSAGE_HISTORY)
        found = sorted((t for t in channel.threads if t.archived), key=lambda t: t.id, reverse=True)
        threads = [payloads.channel(t) for t in found[:limit]]
        return Answer(200, {"threads": threads, "members": [], "has_more": len(found) > limit})

    def crosspost(self, call: Call) -> Answer:
        """Publish a message of an announcement channel: ten an hour."""
        channel = self._channel(call)
        if channel.kind is not ChannelKind.ANNOUNCEMENT:
            raise errors.wrong_channel_type()
        self._need(channel, Permission.SEND_MESSAGES)
        message = self._message(channel, call)
        if message.crossposted:
            raise errors.already_crossposted()
        now = self._world.clock()
        recent = [at for at in self._crossposts.get(channel.id, []) if now - at < _CROSSPOST_SECONDS]
        if len(recent) >= _CROSSPOSTS:
            return too_many(recent[0] + _CROSSPOST_SECONDS - now)
        self._crossposts[channel.id] = [*recent, now]
        message.flags |= int(Flag.CROSSPOSTED)
        channel.announce("MESSAGE_UPDATE", message)
        left = _CROSSPOSTS - len(self._crossposts[channel.id])
        end = self._crossposts[channel.id][0] + _CROSSPOST_SECONDS - now
        return Answer(200, payloads.message(message), window("crossposts", _CROSSPOSTS, left, end))

    def begin_from_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise errors.wrong_channel_type()
        self._need(channel, Permission.CREATE_PUBLIC_THREADS)
        message = self._message(channel, call)
        if message.thread is not None:
            raise errors.thread_exists()
        news = channel.kind is ChannelKind.ANNOUNCEMENT
        kind = ChannelKind.ANNOUNCEMENT_THREAD if news else ChannelKind.PUBLIC_THREAD
        thread = self._new_thread(channel, call.json, kind, id=message.id)
        message.thread = thread
        message.flags |= int(Flag.HAS_THREAD)
        return Answer(201, payloads.channel(thread))

    def begin(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.kind in FORUMS:
            return self._post(channel, call)
        if channel.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise errors.wrong_channel_type()
        kind = ChannelKind(call.json.get("type") or ChannelKind.PRIVATE_THREAD)
        private = kind is ChannelKind.PRIVATE_THREAD
        self._need(
            channel, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        )
        return Answer(201, payloads.channel(self._new_thread(channel, call.json, kind)))

    def _post(self, forum: Channel, call: Call) -> Answer:
        body = call.json
        if "message" not in body:
            raise errors.invalid_form(Problem("message", "a forum post needs a message"))
        message_body = body["message"]
        if "nonce" in message_body or "enforce_nonce" in message_body:
            raise errors.invalid_form(Problem("message.nonce", "a forum post has no nonce"))
        self._may_send(forum, message_body, files=bool(call.uploads))
        tags = self._tags(forum, body)
        # The first message of a forum post has the id of its thread.
        message = new_message(forum, self._world.bot, message_body, call.uploads)
        thread = self._new_thread(forum, body, ChannelKind.PUBLIC_THREAD, id=message.id)
        thread.applied_tags = tags
        message.channel = thread
        thread.history.append(message)
        thread.announce("MESSAGE_CREATE", message)
        return Answer(201, payloads.channel(thread) | {"message": payloads.message(message)})

    def _tags(self, forum: Channel, body: dict[str, Any]) -> list[int]:
        tags = [int(tag) for tag in body.get("applied_tags") or ()]
        if len(tags) > _POST_TAGS:
            raise errors.invalid_form(Problem("applied_tags", f"{len(tags)} tags, at most {_POST_TAGS}"))
        if unknown := set(tags) - set(forum.tags):
            raise errors.invalid_form(Problem("applied_tags", f"unknown tags {sorted(unknown)}"))
        if forum.moderated_tags & set(tags):
            self._need(forum, Permission.MANAGE_THREADS)
        if forum.require_tag and not tags:
            raise errors.tag_required()
        return tags

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
        active = [c for c in parent.guild.channels.values() if c.is_thread and not c.archived]
        if len(active) >= _ACTIVE_THREADS:
            raise errors.too_many_threads()
        thread = Channel(self._world, id or self._world.next_id(), name, kind, parent.guild, parent=parent)
        thread.owner_id = self._world.bot.id
        thread.auto_archive_minutes = minutes
        # A thread is age-restricted as its channel is; its own payload does not say so.
        parent.guild.channels[thread.id] = self._world.channels[thread.id] = thread
        parent.guild.tell("THREAD_CREATE", payloads.channel(thread) | {"newly_created": True})
        return thread

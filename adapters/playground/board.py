"""The board: every change goes into the log first and then to the open pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from adapters.playground import bodies
from adapters.playground.hub import Hub, PageEvent
from adapters.playground.texts import texts_of
from bot.core.chat.cards import Card, File
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, RandomBytes
from bot.core.stores import PageLog, PlaygroundChannel, PlaygroundMessage
from bot.core.x.references import find_posts
from bot.i18n.readers import TOLD_ALONE, Readers
from bot.i18n.translator import Translator

BOT = "bot"
# Where the bot writes to one person: every row in it has a viewer.
DIRECT = "@bot"


def as_data(message: PlaygroundMessage) -> dict[str, Any]:
    """A message as the page takes it. A deleted one has lost its body. tweets: whether it links to any."""
    body = {} if message.deleted else json.loads(message.body)
    body.pop("shown", None)  # for those that show it already
    return {
        "tweets": bool(body and find_posts(*texts_of(message.body))),
        "id": message.id,
        "channel": message.channel,
        "author": message.author,
        "private": bool(message.viewer),
        "revision": message.revision,
        "deleted": message.deleted,
        "at": message.at,
        **body,
    }


class Board:
    """The messages of one playground."""

    def __init__(
        self,
        log: PageLog,
        hub: Hub,
        tenant: TenantId,
        *,
        clock: Clock,
        random: RandomBytes,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        """clock: epoch seconds; random: that many bytes; readers: in whose language something is said."""
        self.log = log
        self.hub = hub
        self.tenant = tenant
        self._clock = clock
        self._random = random
        self._readers = readers

    async def reader(self, viewer: str, locale: str = "") -> Translator:
        """For what one person sees, or everybody where there is no viewer. locale: what the browser tells."""
        if viewer:
            return await self._readers.person(self.tenant, viewer, locale)
        return await self._readers.place(self.tenant)

    async def channel(self, channel: str) -> PlaygroundChannel | None:
        """The channel of that id."""
        return next((c for c in await self.log.channels(self.tenant) if c.id == channel), None)

    async def exists(self, channel: str) -> bool:
        """Whether something can be posted there."""
        return channel == DIRECT or await self.channel(channel) is not None

    async def say(self, channel: str, person: str, text: str) -> PlaygroundMessage:
        """What a person typed; a command is seen by its author alone, as in the chats people know."""
        message = await self.log.append(
            self.tenant,
            channel,
            author=person,
            body=bodies.of_text(text),
            viewer=person,
            at=self._clock(),
        )
        return self._announce(message)

    async def post(
        self,
        channel: str,
        card: Card,
        *,
        viewer: str = "",
        key: str | None = None,
        files: Sequence[File] = (),
        asked: bodies.InReplyTo | None = None,
        locale: str = "",
        confidential: bool = False,
    ) -> PlaygroundMessage:
        """What the bot says, to everyone or to one person. The same key is the same message. locale: as of
        `reader`. confidential: the open pages are shown it, and it is not stored."""
        if key is not None and (there := await self.log.find(self.tenant, channel, key)) is not None:
            return there
        reader = await self.reader(viewer, locale)
        card, files = reader.card(card), reader.files(files)
        entries = [] if confidential else await self._keep(files, viewer)
        body = bodies.of_card(card, entries, asked)
        message = await self.log.append(
            self.tenant,
            channel,
            author=BOT,
            body=bodies.of_withheld(body, reader.card(bodies.withheld(card)), asked)
            if confidential
            else body,
            viewer=viewer,
            key=key,
            at=self._clock(),
        )
        self._announce(replace(message, body=body))
        return message

    async def edit(
        self,
        message: int,
        card: Card,
        files: Sequence[File] = (),
        *,
        locale: str = "",
        confidential: bool = False,
    ) -> PlaygroundMessage | None:
        """Another card in place of one of the bot's; None when the message is gone. locale: see `reader`;
        confidential: as of `post`."""
        there = await self.log.get(self.tenant, message)
        if there is None or there.author != BOT:
            return None
        reader = await self.reader(there.viewer, locale)
        card, files = reader.card(card), reader.files(files)
        entries = [] if confidential else await self._keep(files, there.viewer)
        asked = bodies.asked_of(there.body)
        body = bodies.of_card(card, entries, asked)
        note = reader.card(bodies.withheld(card))
        stored = bodies.of_withheld(body, note, asked) if confidential else body
        edited = await self.log.edit(self.tenant, message, stored)
        if edited is not None:
            self._announce(replace(edited, body=body))
        return edited

    async def remove(self, message: int) -> bool:
        """Delete one of the bot's messages; False for what a person wrote. Gone already is deleted too."""
        there = await self.log.get(self.tenant, message)
        if there is None:
            return True
        if there.author != BOT:
            return False
        deleted = await self.log.delete(self.tenant, message)
        if deleted is not None:
            self._announce(deleted)
        return True

    async def dismiss(self, message: int, person: str) -> bool:
        """Take away what only this person sees; False for anything else."""
        there = await self.log.get(self.tenant, message)
        if there is None or there.viewer != person:
            return False
        deleted = await self.log.delete(self.tenant, message)
        if deleted is not None:
            self._announce(deleted)
        return True

    async def visible(self, message: int, person: str) -> PlaygroundMessage | None:
        """A message, when it is there and this person may see it."""
        there = await self.log.get(self.tenant, message)
        return there if there is not None and there.viewer in ("", person) else None

    def _announce(self, message: PlaygroundMessage) -> PlaygroundMessage:
        self.hub.publish(PageEvent("message", as_data(message), message.id), message.viewer)
        return message

    async def _keep(self, files: Sequence[File], viewer: str) -> list[bodies.FileEntry]:
        entries: list[bodies.FileEntry] = []
        for file in files:
            picture = file.content_type in bodies.SHOWN
            entry = bodies.FileEntry(self._random(16).hex(), file.name, len(file.content), picture)
            await self.log.keep_file(
                self.tenant,
                entry.id,
                name=file.name,
                content_type=file.content_type,
                content=file.content,
                viewer=viewer,
                at=self._clock(),
            )
            entries.append(entry)
        return entries

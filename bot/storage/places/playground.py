"""The durable record of the playground: its channels, messages and files.

Message ids ascend and never come back, so a page that reconnects asks for what is newer than the
last one it saw. A message that only one person may see has that person as its viewer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.stores import PlaygroundChannel, PlaygroundFile, PlaygroundMessage
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding, putting
from bot.storage.tables import playground_channels as channels
from bot.storage.tables import playground_files as files
from bot.storage.tables import playground_messages as messages

EVERYONE = ""

_ADD_CHANNEL = adding(channels)
_ADD_MESSAGE = {d: statement.returning(messages) for d, statement in adding(messages).items()}
_PUT_FILE = putting(files)


class PlaygroundLog:
    """What happened in the playground, one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def channels(self, tenant: TenantId) -> tuple[PlaygroundChannel, ...]:
        """Every channel, in the order they were made."""
        query = select(channels).where(channels.c.tenant == str(tenant))
        ordered = query.order_by(channels.c.position, channels.c.channel)

        async def work(connection: AsyncConnection) -> tuple[PlaygroundChannel, ...]:
            rows = await connection.execute(ordered)
            return tuple(PlaygroundChannel(row.channel, row.name, row.topic) for row in rows)

        return await self._database.read(work)

    async def create_channel(self, tenant: TenantId, channel: str, *, name: str, topic: str = "") -> bool:
        """Add a channel at the end; False when one of that id exists."""
        last = select(func.coalesce(func.max(channels.c.position), 0))
        row = {"tenant": str(tenant), "channel": channel, "name": name, "topic": topic}

        async def work(connection: AsyncConnection) -> bool:
            await self._database.serialised(connection, f"playground:{tenant}")
            position = (await connection.execute(last.where(channels.c.tenant == str(tenant)))).scalar_one()
            values = {**row, "position": position + 1}
            result = await connection.execute(_ADD_CHANNEL[self._database.dialect], values)
            return result.rowcount == 1

        return await self._database.write(work)

    async def append(
        self,
        tenant: TenantId,
        channel: str,
        *,
        author: str,
        body: str,
        viewer: str = EVERYONE,
        key: str | None = None,
        at: float,
    ) -> PlaygroundMessage:
        """Add a message; with a key seen before in the channel, the message it made then."""
        row = {
            "tenant": str(tenant),
            "channel": channel,
            "viewer": viewer,
            "author": author,
            "body": body,
            "key": key,
            "at": at,
        }
        same = select(messages).where(messages.c.channel == channel, messages.c.key == key, _of(tenant))

        async def work(connection: AsyncConnection) -> PlaygroundMessage:
            # Ids must become visible in their order, or a page would pass over one still to come.
            await self._database.serialised(connection, f"playground:{tenant}")
            added = (await connection.execute(_ADD_MESSAGE[self._database.dialect], row)).first()
            return _message(added or (await connection.execute(same)).one())

        return await self._database.write(work)

    async def edit(self, tenant: TenantId, message: int, body: str) -> PlaygroundMessage | None:
        """Give a message another body; None when it is gone."""
        return await self._change(tenant, message, {"body": body})

    async def delete(self, tenant: TenantId, message: int) -> PlaygroundMessage | None:
        """Mark a message as deleted, and forget what it said; None when it was gone already."""
        return await self._change(tenant, message, {"deleted": True, "body": ""})

    async def get(self, tenant: TenantId, message: int) -> PlaygroundMessage | None:
        """One message, unless deleted."""
        return await self._one(select(messages).where(messages.c.id == message, _standing(tenant)))

    async def find(self, tenant: TenantId, channel: str, key: str) -> PlaygroundMessage | None:
        """The message posted in the channel under a key, unless deleted."""
        query = select(messages).where(messages.c.channel == channel, messages.c.key == key)
        return await self._one(query.where(_standing(tenant)))

    async def page(
        self, tenant: TenantId, channel: str, viewer: str, *, before: int | None = None, limit: int = 50
    ) -> tuple[PlaygroundMessage, ...]:
        """The newest messages (below `before`) that a person may see, oldest first."""
        query = select(messages).where(messages.c.channel == channel, _standing(tenant), _seen_by(viewer))
        if before is not None:
            query = query.where(messages.c.id < before)
        newest = await self._all(query.order_by(messages.c.id.desc()).limit(limit))
        return newest[::-1]

    async def since(
        self, tenant: TenantId, viewer: str, after: int, *, limit: int = 200
    ) -> tuple[PlaygroundMessage, ...]:
        """Messages of all channels above an id that a person may see, oldest first."""
        query = select(messages).where(messages.c.id > after, _standing(tenant), _seen_by(viewer))
        return await self._all(query.order_by(messages.c.id).limit(limit))

    async def keep_file(
        self,
        tenant: TenantId,
        file: str,
        *,
        name: str,
        content_type: str,
        content: bytes,
        viewer: str = EVERYONE,
        at: float,
    ) -> None:
        """Store a file under a random id. viewer: who alone may fetch it, `EVERYONE` for all."""
        row = {
            "tenant": str(tenant),
            "file": file,
            "name": name,
            "content_type": content_type,
            "content": content,
            "viewer": viewer,
            "at": at,
        }
        await self._database.write(lambda c: c.execute(_PUT_FILE[self._database.dialect], row))

    async def file(self, tenant: TenantId, file: str, viewer: str) -> PlaygroundFile | None:
        """A stored file that the person may fetch."""
        query = select(files.c.name, files.c.content_type, files.c.content).where(
            files.c.tenant == str(tenant), files.c.file == file, files.c.viewer.in_((EVERYONE, viewer))
        )

        async def work(connection: AsyncConnection) -> PlaygroundFile | None:
            row = (await connection.execute(query)).first()
            return None if row is None else PlaygroundFile(row.name, row.content_type, row.content)

        return await self._database.read(work)

    async def _change(
        self, tenant: TenantId, message: int, values: dict[str, Any]
    ) -> PlaygroundMessage | None:
        named = update(messages).where(messages.c.id == message, _standing(tenant))
        statement = named.values(revision=messages.c.revision + 1, **values).returning(messages)

        async def work(connection: AsyncConnection) -> PlaygroundMessage | None:
            row = (await connection.execute(statement)).first()
            return None if row is None else _message(row)

        return await self._database.write(work)

    async def _all(self, query: Select[Any]) -> tuple[PlaygroundMessage, ...]:
        async def work(connection: AsyncConnection) -> tuple[PlaygroundMessage, ...]:
            return tuple(_message(row) for row in await connection.execute(query))

        return await self._database.read(work)

    async def _one(self, query: Select[Any]) -> PlaygroundMessage | None:
        return next(iter(await self._all(query.limit(1))), None)


def _of(tenant: TenantId) -> ColumnElement[bool]:
    return messages.c.tenant == str(tenant)


def _standing(tenant: TenantId) -> ColumnElement[bool]:
    return _of(tenant) & messages.c.deleted.is_(False)


def _seen_by(viewer: str) -> ColumnElement[bool]:
    return messages.c.viewer.in_((EVERYONE, viewer))


def _message(row: Row[Any]) -> PlaygroundMessage:
    return PlaygroundMessage(
        row.id,
        row.channel,
        row.viewer,
        row.author,
        row.body,
        row.key,
        row.revision,
        row.deleted,
        row.at,
    )

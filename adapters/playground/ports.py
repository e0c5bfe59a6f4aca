"""What the playground needs from the rest of the bot.

`Log` is `bot.storage.places.playground.PlaygroundLog`; what runs commands is
`bot.core.commands.entry.Commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from bot.core.chat.ids import TenantId

Random: TypeAlias = Callable[[int], bytes]


class PageMessage(Protocol):
    """One stored message. viewer: who alone sees it, "" for everyone in the channel. author: a
    person's id, or `BOT`. revision: grows with every edit. at: epoch seconds."""

    @property
    def id(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def viewer(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def at(self) -> float: ...


class Channel(Protocol):
    """One channel of the playground."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def topic(self) -> str: ...


class StoredFile(Protocol):
    """A file that came with a card."""

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...


class Log(Protocol):
    """The durable record of the playground. Everything belongs to one tenant at a time."""

    async def channels(self, tenant: TenantId) -> Sequence[Channel]:
        """Every channel, in order of its position."""

    async def create_channel(self, tenant: TenantId, channel: str, *, name: str, topic: str) -> bool:
        """Add a channel at the end; False when one of that id exists."""

    async def append(
        self,
        tenant: TenantId,
        channel: str,
        *,
        author: str,
        body: str,
        viewer: str = "",
        key: str | None = None,
        at: float,
    ) -> PageMessage:
        """Add a message; with a key seen before in the channel, the message it made then."""

    async def edit(self, tenant: TenantId, message: int, body: str) -> PageMessage | None:
        """Give a message another body; None when it is gone."""

    async def delete(self, tenant: TenantId, message: int) -> PageMessage | None:
        """Mark a message as deleted; None when it was gone already."""

    async def get(self, tenant: TenantId, message: int) -> PageMessage | None:
        """One message, unless deleted."""

    async def find(self, tenant: TenantId, channel: str, key: str) -> PageMessage | None:
        """The message posted under a key."""

    async def page(
        self, tenant: TenantId, channel: str, viewer: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[PageMessage]:
        """The newest messages (below `before`) that a person may see, oldest first."""

    async def since(
        self, tenant: TenantId, viewer: str, after: int, *, limit: int = 200
    ) -> Sequence[PageMessage]:
        """Messages of all channels above an id that a person may see, oldest first."""

    async def keep_file(
        self,
        tenant: TenantId,
        file: str,
        *,
        name: str,
        content_type: str,
        content: bytes,
        viewer: str,
        at: float,
    ) -> None:
        """Store a file under a random id. viewer: who alone may fetch it, "" for everyone."""

    async def file(self, tenant: TenantId, file: str, viewer: str) -> StoredFile | None:
        """A stored file that the person may fetch."""

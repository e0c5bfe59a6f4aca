"""What the adapters need of storage, declared once: what is stored, and who stores it.

Each has one implementation, in `bot.storage.places` and `bot.storage.engine`, which no adapter imports:

    Claims          StoredClaims
    KeyValues       StoredKeyValues
    Tenants         StoredTenants
    Installations   StoredInstallations
    InstallStates   OAuthStates
    Installers      Contacts
    PageLog         PlaygroundLog
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from bot.core.chat.ids import TenantId


class Claims(Protocol):
    """Platforms deliver some things more than once; whoever claims an id first handles it. Durable,
    and shared by all processes."""

    async def claim(self, scope: str, id: str, *, durably: bool = True) -> bool:
        """True for the first who asks for this id; False for everyone after. durably: False where doing it
        twice would be harmless; then only those who ask in this process are told apart for sure."""


class KeyValues(Protocol):
    """Small durable texts of the installation, by key."""

    async def get(self, key: str) -> str | None:
        """The value, None when there is none."""

    async def put(self, key: str, value: str) -> None:
        """Store a value in place of the one before."""


class StoredTenant(msgspec.Struct, frozen=True):
    """A guild, workspace or playground. created_at, removed_at: epoch seconds."""

    id: TenantId
    name: str
    created_at: float
    removed_at: float | None = None


class Tenants(Protocol):
    """The servers that the bot is in. A removed one keeps its settings for a while."""

    async def ensure(self, tenant: TenantId, name: str = "") -> StoredTenant:
        """The bot is there; stored when it was not known."""

    async def remove(self, tenant: TenantId) -> bool:
        """The bot was removed there."""

    async def restore(self, tenant: TenantId) -> bool:
        """The bot is there again after it was removed."""


@dataclass(frozen=True, slots=True)
class StoredInstallation:
    """enterprise, team: Slack's ids; an org-wide installation has no team.

    bundle: the tokens, scopes and ids of the OAuth answer, as JSON data. installed_at: epoch seconds.
    """

    enterprise: str | None
    team: str | None
    bot_user: str
    installed_at: float
    bundle: Mapping[str, Any] = field(repr=False)


class Installations(Protocol):
    """The stored installations, encrypted at rest. Times are epoch seconds, as Slack tells them."""

    async def find(
        self, enterprise: str | None, team: str | None, *, is_enterprise_install: bool = False
    ) -> StoredInstallation | None:
        """The one that answers for a payload: the workspace's own, else the organisation's."""

    async def of_team(self, team: str) -> StoredInstallation | None:
        """The newest one of a workspace itself, whatever organisation it is in."""

    async def remove(self, enterprise: str | None, team: str | None, at: float) -> bool:
        """Note a removal; one that is older than the installation changes nothing."""

    async def save(self, installation: StoredInstallation) -> None:
        """Store an installation in place of an older one of the same workspace or organisation."""

    async def renew(self, installation: StoredInstallation) -> bool:
        """Store other tokens of an installation; False where it was removed or made anew meanwhile."""


class InstallStates(Protocol):
    """The `state` of an install under way: given out once, taken back once."""

    async def issue(self) -> str:
        """A new state."""

    async def consume(self, state: str) -> bool:
        """True once for a state that was issued and has not expired."""


class Installers(Protocol):
    """Remembers who installed the bot: `bot.storage.places.contacts.Contacts`."""

    async def installed_by(self, tenant: TenantId, person: str) -> None:
        """Raises StorageUnavailable."""


class PlaygroundChannel(msgspec.Struct, frozen=True):
    """A channel, by its id."""

    id: str
    name: str
    topic: str


class PlaygroundMessage(msgspec.Struct, frozen=True):
    """One message. viewer: who alone sees it, `EVERYONE` for the whole channel. body: as given.

    revision: 1, and one more with every edit and with the deletion. at: epoch seconds.
    """

    id: int
    channel: str
    viewer: str
    author: str
    body: str
    key: str | None
    revision: int
    deleted: bool
    at: float


@dataclass(frozen=True, slots=True)
class PlaygroundFile:
    """A file that came with a card."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


class PageLog(Protocol):
    """The durable record of the playground. Everything belongs to one tenant at a time."""

    async def channels(self, tenant: TenantId) -> Sequence[PlaygroundChannel]:
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
    ) -> PlaygroundMessage:
        """Add a message; with a key seen before in the channel, the message it made then."""

    async def edit(self, tenant: TenantId, message: int, body: str) -> PlaygroundMessage | None:
        """Give a message another body; None when it is gone."""

    async def delete(self, tenant: TenantId, message: int) -> PlaygroundMessage | None:
        """Mark a message as deleted; None when it was gone already."""

    async def get(self, tenant: TenantId, message: int) -> PlaygroundMessage | None:
        """One message, unless deleted."""

    async def find(self, tenant: TenantId, channel: str, key: str) -> PlaygroundMessage | None:
        """The message posted under a key."""

    async def page(
        self, tenant: TenantId, channel: str, viewer: str, *, before: int | None = None, limit: int = 50
    ) -> Sequence[PlaygroundMessage]:
        """The newest messages (below `before`) that a person may see, oldest first."""

    async def since(
        self, tenant: TenantId, viewer: str, after: int, *, limit: int = 200
    ) -> Sequence[PlaygroundMessage]:
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

    async def file(self, tenant: TenantId, file: str, viewer: str) -> PlaygroundFile | None:
        """A stored file that the person may fetch."""

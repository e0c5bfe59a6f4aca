"""What the adapters need of storage, declared once: what is stored, and who stores it.

Each has one implementation, in `bot.storage.places` and `bot.storage.engine`, which no adapter imports:

    Claims          StoredClaims
    KeyValues       StoredKeyValues
    Tenants         StoredTenants
    Installations   StoredInstallations
    InstallStates   OAuthStates
    Installers      Contacts
    SharedLocks     SessionLocks
    SharedPace      SharedTurns
    GatewaySessions StoredSessions
    PageLog         PlaygroundLog
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

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


class LockSession(msgspec.Struct, frozen=True):
    """A process that holds a lock: the number of its connection on the server, what it is called (as in
    "xquik-bot discord host-a:4711 1f9c"), and epoch seconds since when it is connected."""

    number: int
    name: str
    since: float | None


LocksLost: TypeAlias = Callable[[Collection[str]], None]
"""Told which locks are gone that were not given back; quick, and never raises."""


class SharedLocks(Protocol):
    """Locks of this process among all that share a database, by name. The server gives them back when the
    process ends, or stands still for a while.

    lost: told at once. number: as in `LockSession`, None without a connection.
    """

    lost: LocksLost

    @property
    def number(self) -> int | None:
        """See the class."""

    async def take(self, name: str) -> bool:
        """Whether it is ours now, alone; False while somebody else has it. StorageUnavailable when nobody
        can say."""

    async def join(self, name: str) -> bool:
        """As `take`, for a lock that any number of processes have together."""

    async def give_back(self, name: str) -> None:
        """Let others have it."""

    def holds(self, name: str) -> bool:
        """Whether it is certainly ours at this moment. False for a while may become true again."""

    async def prove(self, name: str) -> bool:
        """As `holds`, after a question to the server. StorageUnavailable as `take`."""

    async def held(self, names: Collection[str]) -> Mapping[str, Sequence[LockSession]]:
        """By name, who has each lock, whoever that is; all of one moment. StorageUnavailable as `take`."""

    async def close(self) -> None:
        """Give all of them back, and disconnect."""


class Turns(msgspec.Struct, frozen=True):
    """first: seconds until the first of the turns, 0 for now. closed: by name, for how many seconds something
    is not to be done by anybody."""

    first: float
    closed: Mapping[str, float]


class SharedPace(Protocol):
    """Whose turn it is, among all processes that share a database. StorageUnavailable when nobody can say."""

    async def take(self, name: str, count: int, interval: float, closed: str) -> Turns:
        """Take the next turns of that name, `interval` seconds apart. closed: how the names of what else is
        asked for begin; they come back without that."""

    async def close(self, name: str, seconds: float) -> None:
        """Give out no turn of that name for so long."""

    async def left(self, name: str) -> float:
        """Seconds for which it is closed, 0 when it is not."""


class GatewaySession(msgspec.Struct, frozen=True):
    """With what a process goes on where another one was. id: of the session, a secret. sequence: the number
    of the last event that was taken. url: where it goes on."""

    id: str
    sequence: int | None
    url: str

    def __repr__(self) -> str:
        """Without what it is about."""
        return f"GatewaySession(sequence={self.sequence})"


class GatewaySessions(Protocol):
    """Sessions at a gateway, by name, kept for minutes. StorageUnavailable when they cannot be."""

    async def keep(self, sessions: Mapping[str, GatewaySession]) -> None:
        """Keep them in place of those before."""

    async def find(self, name: str) -> GatewaySession | None:
        """The session, None when there is none that could still be gone on with."""

    async def forget(self, name: str) -> None:
        """It is over."""


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

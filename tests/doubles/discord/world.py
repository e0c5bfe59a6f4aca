"""The people and places of the server: users, guilds, roles, members and channels, as a test
arranges them.

Every change a test makes here is also told to connected bots over the gateway, as Discord would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tests.doubles.discord import payloads
from tests.doubles.discord.changes import Changes
from tests.doubles.discord.messages import Message
from tests.doubles.discord.permissions import (
    EVERYONE_DEFAULT,
    EVERYTHING,
    Overwrite,
    Permission,
    combine,
)

if TYPE_CHECKING:
    from tests.doubles.discord.gateway import Gateway

_EPOCH_MS = 1_420_070_400_000  # Discord's first second of 2015


class ChannelKind(IntEnum):
    TEXT = 0
    DM = 1
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


FORUMS = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})
THREADS = frozenset({ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD})


class World:
    """All state that outlives a request, the id generator, the injected clock and the way to the
    gateway.

    `clock` gives seconds; it decides interaction deadlines and the nonce window. Ids carry the real
    time, because discord.py reads the age of an interaction from its id.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.changes = Changes()
        self.gateway: Gateway | None = None
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[int, Channel] = {}  # user id → DM channel
        self.address = ""  # of the server, for attachment links
        self.files: dict[int, bytes] = {}
        self._last_id = 0
        self.bot = self.add_user("xquik", bot=True)

    def next_id(self) -> int:
        now = (int(time.time() * 1000) - _EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, now)
        return self._last_id

    def add_user(
        self,
        name: str,
        *,
        id: int | None = None,
        bot: bool = False,
        accepts_dms: bool = True,
        locale: str = "en-US",
    ) -> User:
        user = User(id or self.next_id(), name, bot, accepts_dms, locale)
        self.users[user.id] = user
        return user

    def dispatch(self, event: str, data: dict[str, Any], guild: int | None = None) -> None:
        if self.gateway is not None:
            self.gateway.dispatch(event, data, guild)
        self.changes.notify()

    def open_dm(self, user: User) -> Channel:
        if user.id not in self.direct:
            channel = Channel(self, self.next_id(), user.name, ChannelKind.DM, None, recipient=user)
            self.direct[user.id] = self.channels[channel.id] = channel
        return self.direct[user.id]


@dataclass(slots=True)
class User:
    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True
    locale: str = "en-US"


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    managed: bool = False


class Member:
    """A user in a guild. Its own permissions sit in a role made for it, since Discord knows no
    others.
    """

    def __init__(self, guild: Guild, user: User, roles: Iterable[Role], own: Role) -> None:
        self.guild = guild
        self.user = user
        self.own_role = own
        self.roles = [*roles, own]

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    def base_permissions(self) -> int:
        granted = self.guild.everyone.permissions
        for role in self.roles:
            granted |= role.permissions
        owner_or_admin = self.id == self.guild.owner_id or granted & Permission.ADMINISTRATOR
        return EVERYTHING if owner_or_admin else granted

    def permissions_in(self, channel: Channel) -> int:
        """The permissions that hold in a channel; a thread takes its parent's."""
        place = channel.parent or channel
        roles = [role.id for role in self.roles]
        return combine(
            self.base_permissions(),
            place.overwrites,
            everyone=self.guild.id,
            roles=roles,
            member=self.id,
        )

    def set_permissions(self, permissions: int) -> None:
        """Replace what the member has beyond @everyone and its other roles."""
        self.own_role.permissions = int(permissions)
        self.guild.tell("GUILD_ROLE_UPDATE", {"role": payloads.role(self.own_role)})

    def add_role(self, role: Role) -> None:
        self.roles.append(role)
        self.guild.tell("GUILD_MEMBER_UPDATE", payloads.member(self, with_user=True))

    def remove_role(self, role: Role) -> None:
        self.roles.remove(role)
        self.guild.tell("GUILD_MEMBER_UPDATE", payloads.member(self, with_user=True))


class Guild:
    def __init__(self, world: World, id: int, name: str, locale: str, bot_permissions: int) -> None:
        self.world = world
        self.id = id
        self.name = name
        self.locale = locale
        self.available = True
        self.has_bot = False  # until `invite_bot`
        self.owner_id = world.next_id()
        self.everyone = Role(id, "@everyone", int(EVERYONE_DEFAULT), 0)
        self.roles: dict[int, Role] = {id: self.everyone}
        self.members: dict[int, Member] = {}
        self.channels: dict[int, Channel] = {}
        self.bot = self._join(world.bot, (), bot_permissions, managed=True)

    def tell(self, event: str, data: dict[str, Any]) -> None:
        if self.has_bot and self.available:
            self.world.dispatch(event, {"guild_id": str(self.id), **data}, self.id)

    def add_channel(
        self,
        name: str,
        *,
        kind: ChannelKind = ChannelKind.TEXT,
        nsfw: bool = False,
        id: int | None = None,
        tags: Iterable[str] = (),
        require_tag: bool = False,
    ) -> Channel:
        """Add a channel; `tags` and `require_tag` are a forum's."""
        channel = Channel(self.world, id or self.world.next_id(), name, kind, self, nsfw=nsfw)
        channel.tags = {self.world.next_id(): tag for tag in tags}
        channel.require_tag = require_tag
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        self.tell("CHANNEL_CREATE", payloads.channel(channel))
        return channel

    def add_role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        role = Role(self.world.next_id(), name, int(permissions), len(self.roles), mentionable)
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"role": payloads.role(role)})
        return role

    def change_role(self, role: Role, permissions: int) -> None:
        """Somebody lets a role do something else."""
        role.permissions = int(permissions)
        self.tell("GUILD_ROLE_UPDATE", {"role": payloads.role(role)})

    def give_role(self, member: Member, role: Role) -> None:
        """Somebody gives a member a further role."""
        member.roles.append(role)
        self.tell("GUILD_MEMBER_UPDATE", payloads.member(member, with_user=True))

    def add_member(
        self,
        user_id: int | None = None,
        name: str = "someone",
        *,
        roles: Iterable[Role] = (),
        permissions: int = 0,
        admin: bool = False,
        user: User | None = None,
    ) -> Member:
        """Add a person: `permissions` beyond @everyone's, `user` to reuse someone from another
        guild.
        """
        user = user or self.world.add_user(name, id=user_id)
        return self._join(user, roles, int(permissions) | (Permission.ADMINISTRATOR if admin else 0))

    def _join(self, user: User, roles: Iterable[Role], permissions: int, *, managed: bool = False) -> Member:
        own = self.add_role(user.name, permissions)
        own.managed = managed
        member = self.members[user.id] = Member(self, user, roles, own)
        return member

    def set_unavailable(self, unavailable: bool = True) -> None:
        """An outage begins (or ends): the guild is neither reachable nor gone."""
        self.available = not unavailable
        if unavailable:
            self.world.dispatch("GUILD_DELETE", {"id": str(self.id), "unavailable": True}, self.id)
        else:
            self.world.dispatch("GUILD_CREATE", payloads.guild(self), self.id)

    def remove_bot(self) -> None:
        """Someone kicks the bot."""
        self.has_bot = False
        self.world.dispatch("GUILD_DELETE", {"id": str(self.id)}, self.id)

    def invite_bot(self) -> None:
        """The bot is added (again)."""
        self.has_bot = True
        self.world.dispatch("GUILD_CREATE", payloads.guild(self), self.id)


@dataclass(eq=False)
class Channel:
    """A channel, thread or direct conversation. `history` keeps deleted messages too."""

    world: World
    id: int
    name: str
    kind: ChannelKind
    guild: Guild | None
    nsfw: bool = False
    parent: Channel | None = None
    recipient: User | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    history: list[Message] = field(default_factory=list)
    tags: dict[int, str] = field(default_factory=dict)
    moderated_tags: set[int] = field(default_factory=set)  # for those with Manage Threads alone
    require_tag: bool = False
    applied_tags: list[int] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440
    deleted: bool = False
    owner_id: int | None = None

    @property
    def messages(self) -> list[Message]:
        """What people see, oldest first: without deleted messages, and never an ephemeral one."""
        return [m for m in self.history if not m.deleted]

    @property
    def threads(self) -> list[Channel]:
        return [c for c in self.world.channels.values() if c.parent is self and not c.deleted]

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    async def wait_for_messages(self, count: int, timeout: float = 20.0) -> list[Message]:
        """The messages, once there are at least `count`."""
        what = f"{count} messages in #{self.name}"
        await self.world.changes.wait_for(lambda: len(self.messages) >= count, timeout, what)
        return self.messages

    def message(self, id: int) -> Message | None:
        return next((m for m in self.messages if m.id == id), None)

    def post(self, author: Member | User, content: str, **fields: Any) -> Message:
        """A person writes here. `fields`: `embeds`, `components`, `attachments` … of `Message`."""
        user = author.user if isinstance(author, Member) else author
        message = Message(self.world.next_id(), self, user, content=content, **fields)
        self.history.append(message)
        self.announce("MESSAGE_CREATE", message)
        return message

    def announce(self, event: str, message: Message) -> None:
        data = payloads.message(message)
        guild = self.guild.id if self.guild else None
        if self.guild is not None:
            data["guild_id"] = str(self.guild.id)
            if (author := self.guild.members.get(message.author.id)) is not None:
                data["member"] = payloads.member(author)
        self.world.dispatch(event, data, guild)

    def allow(self, whom: Member | Role, permissions: int) -> None:
        """Let a member or role do something here, whatever its roles say."""
        overwrite = self._overwrite(whom)
        overwrite.allow |= int(permissions)
        overwrite.deny &= ~int(permissions)
        self._changed()

    def deny(self, whom: Member | Role, permissions: int) -> None:
        """Forbid a member or role something here; on `guild.bot` the bot then meets 50013 or 50001."""
        overwrite = self._overwrite(whom)
        overwrite.deny |= int(permissions)
        overwrite.allow &= ~int(permissions)
        self._changed()

    def delete(self) -> None:
        """The channel is deleted, with its threads."""
        self.deleted = True
        for thread in self.threads:
            thread.delete()
        if self.guild is not None:
            self.guild.channels.pop(self.id, None)
            event = "THREAD_DELETE" if self.is_thread else "CHANNEL_DELETE"
            self.guild.tell(event, payloads.channel(self))

    def set_nsfw(self, nsfw: bool) -> None:
        self.nsfw = nsfw
        self._changed()

    def _overwrite(self, whom: Member | Role) -> Overwrite:
        for overwrite in self.overwrites:
            if overwrite.target == whom.id:
                return overwrite
        overwrite = Overwrite(whom.id, 1 if isinstance(whom, Member) else 0)
        self.overwrites.append(overwrite)
        return overwrite

    def _changed(self) -> None:
        if self.guild is not None:
            self.guild.tell("CHANNEL_UPDATE", payloads.channel(self))

"""A workspace (team), an Enterprise Grid organisation, and the tokens that were granted in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .gestures import Gestures
from .model import Channel, File, Json, Message, User, UserGroup, View

if TYPE_CHECKING:
    from .server import SlackServer

DEFAULT_SCOPES = frozenset({
    "commands", "chat:write", "im:write", "channels:read", "groups:read", "im:read", "users:read",
    "files:write",
    "usergroups:read", "team:read", "links:read", "links:write",
})  # fmt: skip
"""What a freshly added workspace has granted: no ``*:history`` and no ``chat:write.public``."""


@dataclass(slots=True)
class Enterprise:
    id: str
    name: str

    def payload(self) -> Json:
        return {"id": self.id, "name": self.name}


@dataclass(slots=True)
class Grant:
    """A bot token: for one workspace, or for all of an enterprise's (``workspace`` is None)."""

    token: str = field(repr=False)
    workspace: Workspace | None
    enterprise: Enterprise | None
    scopes: frozenset[str]
    bot_user_id: str
    revoked: str | None = None
    """The error it is answered with since it was revoked: ``token_revoked`` or ``account_inactive``."""
    ends_at: float | None = None
    """Epoch seconds, where the app rotates tokens."""

    @property
    def org_wide(self) -> bool:
        return self.workspace is None


class Workspace(Gestures):
    """One team. Its ``slash``, ``press``, ``submit_view`` … are what a person does in it (see
    ``Gestures``)."""

    def __init__(
        self,
        server: SlackServer,
        team_id: str,
        name: str,
        enterprise: Enterprise | None,
        scopes: Iterable[str],
    ) -> None:
        self.server = server
        self.id = team_id
        self.name = name
        self.domain = name.lower().replace(" ", "-")
        self.enterprise = enterprise
        self.scopes = frozenset(scopes)
        self.bot_id = f"B{team_id}"
        self.bot_user_id = f"U{team_id}BOT"
        self.bot_token = f"xoxb-{team_id}-{server.new_id('tok')}"
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, User] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.ephemerals: list[Message] = []
        """Every ephemeral message, in order; replaced and deleted ones are marked ``deleted``."""
        self.bot = self.add_user(self.bot_user_id, "xquik", is_bot=True)

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode; an app has one for all workspaces."""
        return self.server.app_token

    def __repr__(self) -> str:
        return f"Workspace({self.id!r})"

    def add_file(self, name: str, content: bytes) -> File:
        """A file of a person's, as a form sends it."""
        file = File(self.server.new_id("F"), name, len(content), content=content, completed=True)
        file.url_private = f"{self.server.base_url}/files/{self.id}/{file.id}"
        self.files[file.id] = file
        return file

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        member: bool = True,
        archived: bool = False,
        private: bool = False,
        read_only: bool = False,
    ) -> Channel:
        channel = Channel(
            channel_id,
            name,
            self,
            member=member,
            archived=archived,
            private=private,
            read_only=read_only,
        )
        self.channels[channel_id] = channel
        return channel

    def add_user(self, user_id: str, name: str, **facts: Any) -> User:
        """``facts``: admin, owner, guest, locale, tz, deleted, home_team, enterprise."""
        user = User(user_id, name, self, **facts)
        self.users[user_id] = user
        return user

    def add_usergroup(self, group_id: str, handle: str, users: Iterable[User] = ()) -> UserGroup:
        group = UserGroup(group_id, handle, [user.id for user in users])
        self.usergroups[group_id] = group
        return group

    def open_dm(self, users: list[User]) -> Channel:
        """The direct (or group) conversation of the bot with ``users``, made when there is none."""
        ids = [user.id for user in users]
        existing = next((c for c in self.channels.values() if sorted(c.dm_with) == sorted(ids)), None)
        if existing is not None:
            return existing
        channel = Channel(
            self.server.new_id("D" if len(ids) == 1 else "G"), "directmessage", self, dm_with=ids
        )
        self.channels[channel.id] = channel
        if len(users) == 1:
            users[0].dm = channel
        return channel

    def grant_scopes(self, *scopes: str) -> None:
        self._set_scopes(self.scopes | set(scopes))

    def withdraw_scopes(self, *scopes: str) -> None:
        self._set_scopes(self.scopes - set(scopes))

    def _set_scopes(self, scopes: frozenset[str]) -> None:
        self.scopes = scopes
        for grant in self._grants():
            grant.scopes = scopes

    def revoke_tokens(self) -> None:
        """From now on the workspace's tokens are answered with ``token_revoked`` (no event is sent)."""
        self._revoke("token_revoked")

    def deactivate(self) -> None:
        """From now on its tokens are answered with ``account_inactive``, as after an uninstall."""
        self._revoke("account_inactive")

    def _revoke(self, error: str) -> None:
        for grant in self._grants():
            grant.revoked = error

    def _grants(self) -> list[Grant]:
        return [grant for grant in self.server.grants.values() if grant.workspace is self]

    def message(self, channel: str, ts: str) -> Message | None:
        where = self.channels.get(channel)
        return where.message(ts) if where is not None else None

    def say(self, user: User, channel: Channel, text: str, *, thread_ts: str | None = None) -> Message:
        """A person writes a message (no event is sent; use ``event`` for that)."""
        message = Message(
            channel,
            self.server.new_ts(),
            user.id,
            text,
            thread_ts=thread_ts,
            via="user",
            at=self.server.clock(),
        )
        return self.server.keep(message)

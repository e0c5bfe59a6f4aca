"""The way of a Web API call: read its arguments, apply ordered faults, check the token and its
scopes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .errors import Refused, broken, missing
from .model import Channel, Json, User, View

if TYPE_CHECKING:
    from .server import SlackServer
    from .workspace import Grant, Workspace


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One call in ``server.requests``. ``args`` without the token; ``error`` is what it was answered
    with."""

    method: str
    args: Json
    token: str = field(repr=False)
    at: float = 0.0
    error: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    workspace: str | None = None


@dataclass(slots=True)
class Call:
    """What a method's handler gets."""

    server: SlackServer
    method: str
    args: Json
    grant: Grant | None = None
    basic: tuple[str, str] | None = None
    """Client id and secret, from basic authentication."""

    @property
    def workspaces(self) -> list[Workspace]:
        """Where the token is valid; ``team_id`` narrows an org-wide one down."""
        assert self.grant is not None
        if self.grant.workspace is not None:
            return [self.grant.workspace]
        wanted = self.args.get("team_id")
        everywhere = [w for w in self.server.workspaces.values() if w.enterprise is self.grant.enterprise]
        return [w for w in everywhere if wanted in (None, "", w.id)]

    def need(self, *names: str) -> list[Any]:
        absent = [name for name in names if self.args.get(name) in (None, "")]
        if absent:
            raise missing(*absent)
        return [self.args[name] for name in names]

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def decoded(self, name: str) -> Any:
        """An argument that is JSON: given as such, or as a string holding it."""
        value = self.args.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError:
            code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            raise broken(code, f"[ERROR] invalid JSON [json-pointer:/{name}]") from None

    def channel(self, value: str, *, names: bool = False) -> Channel:
        """The conversation with this id – with ``names`` also ``#name``, or a user id for a direct
        message."""
        for workspace in self.workspaces:
            if value in workspace.channels:
                return workspace.channels[value]
            if names and value in workspace.users and not workspace.users[value].is_bot:
                return workspace.open_dm([workspace.users[value]])
            for channel in workspace.channels.values() if names else ():
                if channel.name == value.removeprefix("#") and not channel.is_dm:
                    return channel
        raise Refused("channel_not_found")

    def visible_channel(self, value: str) -> Channel:
        """A private channel that the bot is not in does not exist for it."""
        channel = self.channel(value)
        if channel.private and not channel.member:
            raise Refused("channel_not_found")
        return channel

    def user(self, value: str) -> User:
        for workspace in self.workspaces:
            if value in workspace.users:
                return workspace.users[value]
        raise Refused("user_not_found")

    def view(self, view_id: str | None, external_id: str | None) -> View | None:
        for workspace in self.workspaces:
            for view in workspace.views.values():
                known = view.id == view_id or (external_id and view.body.get("external_id") == external_id)
                if known and view.open:
                    return view
        return None


@dataclass(frozen=True, slots=True)
class Method:
    """``scopes``: any one of them suffices. ``auth``: bot, app or client (basic authentication)."""

    handler: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    auth: str = "bot"


async def read_args(request: web.Request) -> Json:
    """Query, form, multipart or JSON arguments as one mapping."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            parsed = json.loads(body) if body else {}
        except ValueError:
            raise broken("invalid_json") from None
        if not isinstance(parsed, dict):
            raise broken("json_not_object")
        return args | parsed
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        args |= dict(await request.post())
    return args


def bearer(request: web.Request, args: Json) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    given = args.pop("token", None)
    return value if scheme.lower() == "bearer" else str(given or "")


def basic(request: web.Request) -> tuple[str, str] | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(value).decode().partition(":")
    return name, secret


def authorise(call: Call, method: Method, token: str) -> None:
    """Puts the grant on ``call``, or raises what Slack answers to this token."""
    if method.auth == "client":
        return
    if not token:
        raise broken("not_authed")
    if method.auth == "app":
        if token != call.server.app_token:
            raise broken("not_allowed_token_type" if token.startswith("xox") else "invalid_auth")
        return
    if token == call.server.app_token:
        raise broken("not_allowed_token_type")
    grant = call.server.grants.get(token)
    if grant is None:
        raise Refused("invalid_auth")
    if grant.ends_at is not None and call.server.clock() >= grant.ends_at:
        raise Refused("token_expired")
    if grant.revoked:
        raise Refused(grant.revoked)
    if grant.ends_at is not None and call.server.clock() >= grant.ends_at:
        raise Refused("token_expired")
    if method.scopes and not grant.scopes & set(method.scopes):
        extra = {"needed": ",".join(method.scopes), "provided": ",".join(sorted(grant.scopes))}
        raise Refused("missing_scope", rule_broken=True, extra=extra)
    call.grant = grant

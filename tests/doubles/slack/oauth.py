"""Installing the app: what a person does on Slack's consent page, and the exchange of the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from .api import Call
from .errors import broken
from .model import Json, User
from .workspace import Enterprise, Grant, Workspace

if TYPE_CHECKING:
    from .server import SlackServer

CODE_LIFETIME = 600.0
_AUTHORIZE = re.compile(r"""https?://[^"'\s<>]+/oauth/v2/authorize\?[^"'\s<>]*""")


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the browser brings back to the redirect address: ``query`` and the cookies set on the
    way."""

    query: Mapping[str, str]
    cookies: Mapping[str, str] = field(repr=False)
    redirect_uri: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.query.get("code", "")

    @property
    def state(self) -> str:
        return self.query.get("state", "")

    @property
    def query_string(self) -> str:
        return urlencode(self.query)

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(slots=True)
class Code:
    workspace: Workspace | None
    enterprise: Enterprise | None
    user: User
    scopes: frozenset[str]
    redirect_uri: str | None
    issued_at: float
    used: bool = False


class OAuth:
    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._codes: dict[str, Code] = {}
        self._renewing: dict[str, Grant] = {}

    async def authorize(
        self, install_url: str, workspace: Workspace, user: User, *, org_wide: bool, deny: bool
    ) -> Authorization:
        """Opens the bot's install page (or takes an authorize address as it is) and presses Allow or
        Deny."""
        address, cookies = install_url, {}
        if not _AUTHORIZE.match(install_url):
            response = await self._fetch(install_url)
            found = _AUTHORIZE.search(response.headers.get("location", "")) or _AUTHORIZE.search(
                unescape(response.text)
            )
            assert found is not None, (
                f"no way to /oauth/v2/authorize on {install_url} ({response.status_code})"
            )
            address, cookies = found[0], dict(response.cookies)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self._check(asked)
        redirect_uri = asked.get("redirect_uri")
        scopes = tuple(filter(None, asked.get("scope", "").split(",")))
        query = {"state": asked.get("state", "")}
        if deny:
            return Authorization({"error": "access_denied", **query}, cookies, redirect_uri, scopes)
        code = self._issue(workspace, user, frozenset(scopes), redirect_uri, org_wide=org_wide)
        return Authorization({"code": code, **query}, cookies, redirect_uri, scopes)

    async def _fetch(self, url: str) -> httpx.Response:
        app = self._server.events_app
        transport = httpx.ASGITransport(app=app) if app is not None else None
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.get(url, headers={"Accept": "text/html"})

    def _check(self, asked: Mapping[str, str]) -> None:
        if asked.get("client_id") != self._server.client_id:
            self._server.violation("invalid_client_id", "oauth/v2/authorize", str(asked.get("client_id")))
        if not asked.get("scope"):
            self._server.violation("no_scopes", "oauth/v2/authorize")
        if not asked.get("state"):
            self._server.violation(
                "no_state", "oauth/v2/authorize", "an install without `state` can be forged"
            )

    def _issue(
        self,
        workspace: Workspace,
        user: User,
        scopes: frozenset[str],
        redirect_uri: str | None,
        *,
        org_wide: bool,
    ) -> str:
        assert workspace.enterprise is not None or not org_wide, "org-wide installs need an enterprise"
        code = self._server.new_id("code.")
        home = None if org_wide else workspace
        self._codes[code] = Code(home, workspace.enterprise, user, scopes, redirect_uri, self._server.clock())
        return code

    def exchange(self, call: Call) -> Json:
        """``oauth.v2.access``: a code for a bot token, once."""
        client_id, client_secret = call.basic or (
            call.args.get("client_id"),
            call.args.get("client_secret"),
        )
        if client_id != self._server.client_id:
            raise broken("invalid_client_id")
        if client_secret != self._server.client_secret:
            raise broken("bad_client_secret")
        if call.args.get("grant_type") == "refresh_token":
            return self._renewed(str(call.args.get("refresh_token", "")))
        code = self._codes.get(str(call.args.get("code", "")))
        if code is None or self._server.clock() - code.issued_at > CODE_LIFETIME:
            raise broken("invalid_code")
        if code.used:
            raise broken("code_already_used")
        if (call.args.get("redirect_uri") or None) != code.redirect_uri:
            raise broken("bad_redirect_uri")
        code.used = True
        return self._granted(code)

    def _granted(self, code: Code) -> Json:
        grant = self._grant(code)
        team = code.workspace
        return {
            "access_token": grant.token,
            "token_type": "bot",
            "scope": ",".join(sorted(grant.scopes)),
            "bot_user_id": grant.bot_user_id,
            "app_id": self._server.app_id,
            "team": {"id": team.id, "name": team.name} if team is not None else None,
            "enterprise": code.enterprise.payload() if code.enterprise is not None else None,
            "authed_user": {"id": code.user.id},
            "is_enterprise_install": team is None,
            **self._rotating(grant),
        }

    def _rotating(self, grant: Grant) -> Json:
        """What says when the token ends, and is good once for another one."""
        seconds = self._server.token_seconds
        if seconds is None:
            return {}
        grant.ends_at = self._server.clock() + seconds
        renewing = self._server.new_id("xoxe-1-")
        self._renewing[renewing] = grant
        return {"refresh_token": renewing, "expires_in": seconds}

    def _renewed(self, renewing: str) -> Json:
        old = self._renewing.pop(renewing, None)
        if old is None or old.revoked is not None:
            raise broken("invalid_refresh_token")
        new = replace(old, token=f"xoxe.xoxb-{self._server.new_id('tok')}")
        if old.workspace is not None:
            old.workspace.bot_token = new.token
        self._server.grant(new)
        return {
            "access_token": new.token,
            "token_type": "bot",
            "scope": ",".join(sorted(new.scopes)),
            "bot_user_id": new.bot_user_id,
            "app_id": self._server.app_id,
            "team": {"id": new.workspace.id} if new.workspace is not None else None,
            "is_enterprise_install": new.org_wide,
            **self._rotating(new),
        }

    def _grant(self, code: Code) -> Grant:
        """The token: a workspace keeps one bot user, and a new installation replaces its token."""
        team, server = code.workspace, self._server
        if team is None:
            assert code.enterprise is not None
            token = f"xoxb-{code.enterprise.id}-{server.new_id('tok')}"
            return server.grant(Grant(token, None, code.enterprise, code.scopes, f"U{code.enterprise.id}BOT"))
        team.bot_token = f"xoxb-{team.id}-{server.new_id('tok')}"
        team.scopes = code.scopes
        return server.grant(Grant(team.bot_token, team, team.enterprise, code.scopes, team.bot_user_id))

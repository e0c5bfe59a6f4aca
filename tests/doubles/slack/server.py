"""The server: its addresses, its memory, and the levers a test pulls. See the package's docstring."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

import httpx
from aiohttp import web

from .changes import Changes
from .delivery import Delivery
from .errors import Record, Refusal, Refused, Violation
from .faults import Fault, Faults, Limits
from .interaction import Interaction
from .model import Json, Message, User
from .oauth import Authorization, OAuth
from .response_urls import ResponseUrls
from .routes import Routes
from .signing import signed_headers
from .sockets import Sockets
from .triggers import Triggers
from .workspace import DEFAULT_SCOPES, Enterprise, Grant, Workspace


class SlackServer:
    """Use as ``async with SlackServer() as server``. ``clock`` gives seconds since the epoch."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.app_id = "A0001"
        self.client_id = "1111.2222"
        self.client_secret = "double-client-secret"
        self.signing_secret = "double-signing-secret"
        self.verification_token = "double-verification-token"
        self.app_token = "xapp-1-A0001-double"
        self.events_url: str | None = None
        """The bot's /slack/events address. Set: HTTP mode; None: Socket Mode."""
        self.events_app: Any = None
        """An ASGI app that serves ``events_url``, instead of the network."""
        self.ack_limit = 3.0
        self.trigger_lifetime = 3.0
        self.channel_rate: float | None = None
        """Messages a second that a channel takes; None: no limit."""
        self.enforce_retry_after = True
        """Whether a call before its Retry-After is a violation. Off for a bot whose sleep is faked."""
        self.dedupe_client_msg_id = False
        """Whether a repeated client_msg_id returns the first message. Slack promises nothing."""
        self.unknown_blocks: set[str] = set()
        """Types of blocks that messages are refused for, as where a new one has not arrived yet."""
        self.null_team = False
        """Whether interactive payloads of org-wide installations carry ``"team": null``."""
        self.base_url = ""
        self.workspaces: dict[str, Workspace] = {}
        self.grants: dict[str, Grant] = {}
        self.token_seconds: int | None = None
        """How long tokens of installations are good, where the app rotates tokens: Slack says 43,200."""
        self.interactions: list[Interaction] = []
        self.record = Record()
        self.changes = Changes()
        self.faults = Faults()
        self.limits = Limits()
        self.triggers = Triggers(self)
        self.response_urls = ResponseUrls(self)
        self.sockets = Sockets(self)
        self.oauth = OAuth(self)
        self._delivery = Delivery(self)
        self._ids = itertools.count(1)
        self._seq = itertools.count(1)
        self._last_ts = 0
        self._runner: web.AppRunner | None = None

    # life

    async def __aenter__(self) -> SlackServer:
        self._runner = web.AppRunner(Routes(self).app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sockets.close()
        await self._delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """For ``AsyncWebClient(base_url=…)``; ends with a slash."""
        return f"{self.base_url}/api/"

    # what is there

    def add_workspace(
        self,
        team_id: str,
        name: str = "Acme",
        *,
        enterprise: Enterprise | None = None,
        scopes: Iterable[str] = DEFAULT_SCOPES,
        installed: bool = True,
    ) -> Workspace:
        """``installed=False``: its token is not valid until an OAuth installation grants one."""
        workspace = Workspace(self, team_id, name, enterprise, scopes)
        self.workspaces[team_id] = workspace
        if installed:
            bot = workspace.bot_user_id
            self.grant(Grant(workspace.bot_token, workspace, enterprise, workspace.scopes, bot))
        return workspace

    def add_enterprise(self, enterprise_id: str, name: str = "Acme Group") -> Enterprise:
        return Enterprise(enterprise_id, name)

    def grant(self, grant: Grant) -> Grant:
        self.grants[grant.token] = grant
        return grant

    def is_org_wide(self, workspace: Workspace) -> bool:
        """Whether the app is in ``workspace`` through an org-wide installation only."""
        own = any(g.workspace is workspace for g in self.installations)
        org = any(g.org_wide and g.enterprise is workspace.enterprise for g in self.installations)
        return org and not own

    @property
    def installations(self) -> list[Grant]:
        """The bot tokens that are valid now."""
        return [grant for grant in self.grants.values() if not grant.revoked]

    # what happened

    @property
    def violations(self) -> list[Violation]:
        """Rules that the bot broke."""
        return self.record.violations

    @property
    def refusals(self) -> list[Refusal]:
        """Every call answered with ``ok: false``, whoever was to blame."""
        return self.record.refusals

    @property
    def requests(self) -> list[Any]:
        """Every Web API call, as ``ApiRequest``, in order of its answer."""
        return self.record.requests

    def calls(self, method: str) -> list[Any]:
        return [request for request in self.requests if request.method == method]

    def violation(self, rule: str, where: str, detail: str = "") -> None:
        self.record.violations.append(Violation(rule, where, detail, self.clock()))
        self.changes.notify()

    def refused(self, where: str, refused: Refused) -> None:
        self.record.refusals.append(Refusal(where, refused.error, refused.messages, self.clock()))
        if refused.rule_broken:
            self.violation(refused.error, where, "; ".join(refused.messages))

    def late_ack(self, interaction: Interaction) -> None:
        after = self.clock() - interaction.sent_at
        self.violation("ack_too_late", interaction.kind, f"{interaction.id} after {after:.2f} s, or twice")

    def keep(self, message: Message) -> Message:
        """Puts a message where it belongs, and rings."""
        message.seq = self.next_seq()
        if message.ephemeral_to is not None:
            message.channel.workspace.ephemerals.append(message)
        else:
            message.channel.history.append(message)
        self.changes.notify()
        return message

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._ids):09d}"

    def next_seq(self) -> int:
        return next(self._seq)

    def new_ts(self) -> str:
        """A message timestamp, later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    async def wait_for(self, predicate: Callable[[], Any], timeout: float = 20.0) -> Any:
        """The first truthy ``predicate()``, looked at whenever the server's state changes."""
        return await self.changes.until(predicate, timeout)

    async def wait_connected(self, n: int = 1, timeout: float = 20.0) -> None:
        """Until the bot holds ``n`` Socket Mode connections."""
        await self.changes.until(lambda: len(self.sockets.open) >= n, timeout, f"Socket Mode connection {n}")

    # levers

    def fail_next(self, method: str, **fault: Any) -> Fault:
        """Orders a ``Fault`` for the next call of ``method`` (``*``: any; ``response_url``, ``upload``
        too)."""
        return self.faults.order(Fault(method, **fault))

    def interaction(self, kind: str, payload: Json, workspace: Workspace, **facts: Any) -> Interaction:
        ix = Interaction(self.new_id("env-"), kind, payload, workspace, seq=next(self._seq), **facts)
        self.interactions.append(ix)
        return ix

    async def deliver(self, interaction: Interaction) -> Interaction:
        await self._delivery.deliver(interaction)
        return interaction

    async def redeliver(self, interaction: Interaction) -> Interaction:
        """The same again: same envelope_id, or the same body with X-Slack-Retry-Num and a fresh
        signature."""
        return await self.deliver(interaction)

    async def resend_unacked(self) -> list[Interaction]:
        """Sends every envelope again that was never acknowledged, all at once."""
        waiting = list(self.sockets.unacked.values())
        await asyncio.gather(*(self.deliver(interaction) for interaction in waiting))
        return waiting

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        await self.sockets.ask_to_reconnect(reason)

    async def cut_sockets(self) -> None:
        """All connections end without a word, as when a cable is pulled."""
        await self.sockets.cut()

    def sign(self, body: bytes, *, timestamp: int | None = None, secret: str | None = None) -> dict[str, str]:
        """Signature headers for ``body``; another timestamp or secret makes a forged or stale
        request."""
        at = int(self.clock()) if timestamp is None else timestamp
        return signed_headers(self.signing_secret if secret is None else secret, at, body)

    async def post(
        self,
        body: bytes,
        headers: dict[str, str],
        content_type: str = "application/x-www-form-urlencoded",
    ) -> httpx.Response:
        """Posts anything to the bot's events address, e.g. ``post(ix.raw_body, sign(ix.raw_body,
        secret="x"))``."""
        return await self._delivery.post(body, headers, content_type=content_type)

    async def get(self, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """A page of the bot's, e.g. its OAuth redirect address with what ``authorize`` brought back."""
        client = self._delivery.client()
        client.cookies.clear()
        return await client.get(url, headers=headers)

    async def verify_url(self) -> bool:
        """The challenge that Slack sends when the events address is entered; False (and a violation) when
        the bot does not give it back."""
        challenge = self.new_id("challenge")
        sent = {"type": "url_verification", "token": self.verification_token, "challenge": challenge}
        body = json.dumps(sent).encode()
        response = await self.post(body, self.sign(body), "application/json")
        if challenge not in response.text:
            self.violation("bad_challenge", "url_verification", f"HTTP status {response.status_code}")
        return challenge in response.text

    async def authorize(
        self,
        install_url: str,
        workspace: Workspace,
        user: User,
        *,
        org_wide: bool = False,
        deny: bool = False,
    ) -> Authorization:
        """A person installs the app: opens ``install_url`` (the bot's page, or an authorize address)
        and allows."""
        return await self.oauth.authorize(install_url, workspace, user, org_wide=org_wide, deny=deny)

"""Bringing an interaction to the bot, over Socket Mode or as a signed HTTP request, and timing its
answer."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from .answers import apply_ack
from .interaction import Ack, Interaction

if TYPE_CHECKING:
    from .server import SlackServer

FORM = "application/x-www-form-urlencoded"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def encode(interaction: Interaction) -> None:
    """The body of the HTTP request for it: JSON for events, a form otherwise."""
    match interaction.kind:
        case "events_api":
            interaction.raw_body = json.dumps(interaction.payload).encode()
            interaction.content_type = "application/json"
        case "slash_commands":
            interaction.raw_body = urlencode(interaction.payload).encode()
            interaction.content_type = FORM
        case _:
            interaction.raw_body = urlencode({"payload": json.dumps(interaction.payload)}).encode()
            interaction.content_type = FORM


class Delivery:
    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._client: httpx.AsyncClient | None = None
        self._client_app: Any = None
        self._late: set[asyncio.Future[httpx.Response]] = set()

    @property
    def http_mode(self) -> bool:
        return self._server.events_url is not None

    async def deliver(self, interaction: Interaction) -> None:
        """Sends it (again) and applies its acknowledgement; a missing or late one is a violation."""
        retry, interaction.deliveries = interaction.deliveries, interaction.deliveries + 1
        if not self.http_mode:
            await self._server.wait_connected()
        started = time.monotonic()
        if retry == 0:
            interaction.sent_at = self._server.clock()
            encode(interaction)
        try:
            status, body = await self._send(interaction, retry)
        except TimeoutError:
            limit = self._server.ack_limit
            self._server.violation("not_acknowledged", interaction.kind, f"no answer within {limit:g} s")
            return
        except httpx.HTTPError as error:
            self._server.violation("not_acknowledged", interaction.kind, f"{type(error).__name__}: {error}")
            return
        after = time.monotonic() - started
        if not 200 <= status < 300:
            self._server.violation("not_acknowledged", interaction.kind, f"HTTP status {status}")
            return
        interaction.acks.append(Ack(body, after, status, retry))
        apply_ack(self._server, interaction, body)
        self._server.changes.notify()

    async def _send(self, interaction: Interaction, retry: int) -> tuple[int, Any]:
        limit = self._server.ack_limit
        if not self.http_mode:
            return 200, await self._server.sockets.send(interaction, retry, limit)
        headers = self._server.sign(interaction.raw_body)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        request = asyncio.ensure_future(
            self.post(interaction.raw_body, headers, content_type=interaction.content_type)
        )
        try:
            # The bot's handler goes on when Slack has given up on it: no cancellation may reach it.
            response = await asyncio.wait_for(asyncio.shield(request), limit)
        except TimeoutError:
            self._late.add(request)
            request.add_done_callback(self._late.discard)
            raise
        return response.status_code, _body(response)

    async def post(self, body: bytes, headers: dict[str, str], *, content_type: str) -> httpx.Response:
        """Any body with any headers to the bot's events address."""
        assert self._server.events_url is not None, "set server.events_url first"
        headers = {"Content-Type": content_type, "User-Agent": AGENT, **headers}
        return await self.client().post(self._server.events_url, content=body, headers=headers)

    def client(self) -> httpx.AsyncClient:
        """One for all requests to the bot, kept until the target changes."""
        if self._client is None or self._client_app is not self._server.events_app:
            app = self._server.events_app
            transport = httpx.ASGITransport(app=app) if app is not None else None
            self._client = httpx.AsyncClient(transport=transport, timeout=30, trust_env=False)
            self._client_app = app
        return self._client

    async def close(self) -> None:
        for request in self._late:
            request.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()


def _body(response: httpx.Response) -> Any:
    if not response.content:
        return None
    if response.headers.get("content-type", "").startswith("application/json"):
        return response.json() or None
    return {"text": response.text}

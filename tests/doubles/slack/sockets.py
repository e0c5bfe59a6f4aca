"""Socket Mode: connections, envelopes, acknowledgements (source: Slack's Socket Mode guide)."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from .interaction import Interaction
from .model import Json

if TYPE_CHECKING:
    from .server import SlackServer

CONNECTIONS = 10
"""Open connections an app may have."""


class Sockets:
    """Envelopes go to them in turn, as Slack spreads them."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._tickets: set[str] = set()
        self.spent_tickets = 0
        """How many of the next addresses come with a ticket that does not hold any more."""
        self._turn = 0
        self._links: dict[web.WebSocketResponse, web.Request] = {}
        self.connections_made = 0
        self.sent: dict[str, Interaction] = {}
        self.unacked: dict[str, Interaction] = {}
        self._replies: dict[str, list[asyncio.Future[Any]]] = {}

    @property
    def open(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._links if not socket.closed]

    def new_url(self) -> str:
        """A WebSocket address that works once."""
        ticket = self._server.new_id("ticket")
        if self.spent_tickets:
            self.spent_tickets -= 1
        else:
            self._tickets.add(ticket)
        base = self._server.base_url.replace("http", "ws", 1)
        return f"{base}/link/?ticket={ticket}&app_id={self._server.app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self.open) >= CONNECTIONS:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(self._hello())
        self._links[socket] = request
        self.connections_made += 1
        self._server.changes.notify()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._links.pop(socket, None)
            self._server.changes.notify()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "connection_info": {"app_id": self._server.app_id},
            "debug_info": {
                "host": "applink-local",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }

    def _receive(self, data: str) -> None:
        try:
            reply = json.loads(data)
            envelope_id = reply["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._server.violation("bad_socket_message", "socket", data[:200])
            return
        interaction = self.sent.get(envelope_id)
        if interaction is None:
            self._server.violation("unknown_envelope_id", "socket", str(envelope_id))
            return
        self.unacked.pop(envelope_id, None)
        body = reply.get("payload") or None
        if body is not None and not interaction.accepts_payload:
            self._server.violation("payload_not_accepted", "socket", f"{interaction.kind}: {str(body)[:200]}")
            body = None
        waiting = [f for f in self._replies.get(envelope_id, []) if not f.done()]
        if waiting:
            waiting[0].set_result(body)
        else:
            self._server.late_ack(interaction)

    async def send(self, interaction: Interaction, retry: int, timeout: float) -> Any:
        """Sends the envelope and returns the acknowledgement's body; ``TimeoutError`` without one in
        time."""
        envelope: Json = {
            "envelope_id": interaction.id,
            "type": interaction.kind,
            "payload": interaction.payload,
            "accepts_response_payload": interaction.accepts_payload,
        }
        if interaction.kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._replies.setdefault(interaction.id, []).append(reply)
        self.sent[interaction.id] = self.unacked[interaction.id] = interaction
        self._turn += 1
        try:
            await self.open[self._turn % len(self.open)].send_str(json.dumps(envelope))
            return await asyncio.wait_for(reply, timeout)
        finally:
            self._replies[interaction.id].remove(reply)

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Slack's ``disconnect`` message, then the end of these connections once a new one is there
        (``link_disabled``: at once)."""
        old = list(self.open)
        before = self.connections_made
        for socket in old:
            await socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            )
        if reason != "link_disabled":
            await self._server.changes.until(
                lambda: self.connections_made >= before + len(old), what="a reconnection"
            )
        for socket in old:
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def cut(self) -> None:
        """Drops the connections under the WebSockets."""
        links = list(self._links.items())
        for _, request in links:
            if request.transport is not None:
                request.transport.abort()
        await self._server.changes.until(
            lambda: not any(socket in self._links for socket, _ in links), what="the end of the connections"
        )

    async def close(self) -> None:
        """Says goodbye on all connections."""
        for socket in self.open:
            await socket.close(code=WSCloseCode.GOING_AWAY)

"""The gateway: HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats, RESUME with replay, zlib-stream
compression.

A session outlives its connection: events go on being numbered and kept, and RESUME replays what was
missed. A client that closes with 1000 or 1001 ends its session.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.doubles.discord import payloads

if TYPE_CHECKING:
    from tests.doubles.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = (
    0,
    1,
    2,
    6,
    7,
    9,
    10,
    11,
)
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT

_IGNORED = frozenset({3, 4, 8})  # presence, voice state, member request: taken and not answered


class Connection:
    """One websocket; messages leave in order through a queue, so that state changes need not wait
    for the network.
    """

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._compressor = zlib.compressobj() if compress else None
        self._queue: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, message: dict[str, Any]) -> None:
        self._queue.put_nowait(json.dumps(message))

    def close(self, code: int) -> None:
        self._queue.put_nowait(code)

    async def drain(self) -> None:
        """Write the queue until the connection closes."""
        while True:
            item = await self._queue.get()
            if isinstance(item, int):
                await self.socket.close(code=item)
                return
            if self._compressor is None:
                await self.socket.send_str(item)
            else:
                data = self._compressor.compress(item.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)


class Session:
    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.connection: Connection | None = None
        self.sent: list[dict[str, Any]] = []

    def wants(self, event: str, guild: int | None, *, own: bool = False) -> bool:
        """own: it is about the bot itself, which is told of its own membership whatever it asked for."""
        number, count = self.shard
        mine = number == 0 if guild is None else (guild >> 22) % count == number
        if not mine:
            return False
        if event.startswith("MESSAGE_"):
            return bool(self.intents & (DIRECT_MESSAGES if guild is None else GUILD_MESSAGES))
        if event.startswith("GUILD_MEMBER"):
            return own or bool(self.intents & MEMBERS)
        if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
            return bool(self.intents & GUILDS)
        return True

    def dispatch(self, event: str, data: dict[str, Any]) -> None:
        message = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(message)
        if self.connection is not None:
            self.connection.send(message)


class Gateway:
    """`identifies` and `resumes` count what clients did; `close_codes` are those this server closed
    with, `left_with` those that clients closed a session with. `begun` are the shards that identified, each
    with the moment (`time.monotonic`).

    `at_once` and `starts_left` are what Discord tells a bot of the sessions that it may begin.
    """

    def __init__(self, world: World, token: str, privileged: int, note: Callable[[str, str], None]) -> None:
        self._world = world
        self._token = token
        self._privileged = privileged
        self._note = note
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.close_codes: list[int] = []
        self.left_with: list[tuple[int, int | None]] = []
        self.begun: list[tuple[int, float]] = []
        self.at_once = 1
        self.starts_left = 999

    @property
    def connected(self) -> bool:
        return any(s.connection is not None for s in self.sessions.values())

    def connections(self, shard: int) -> int:
        """How many connections that shard has now."""
        return sum(s.shard[0] == shard and s.connection is not None for s in self.sessions.values())

    async def wait_connected(self, timeout: float = 20.0) -> None:
        """Until a bot has identified or resumed and its guilds are on their way to it."""
        await self._world.changes.wait_for(lambda: self.connected, timeout, "a gateway connection")

    async def wait_disconnected(self, timeout: float = 20.0) -> None:
        await self._world.changes.wait_for(
            lambda: not self.connected, timeout, "the end of the gateway connection"
        )

    def dispatch(self, event: str, data: dict[str, Any], guild: int | None) -> None:
        own = data.get("user", {}).get("id") == str(self._world.bot.id)
        for session in self.sessions.values():
            if session.wants(event, guild, own=own):
                session.dispatch(event, self._seen_by(session, event, data))

    def drop(self, code: int = 4000) -> None:
        """Close every connection; a client resumes after most codes, and identifies anew after 4007
        and 4009.
        """
        for session in self.sessions.values():
            if session.connection is not None:
                self._close(session.connection, code)

    def ask_to_reconnect(self) -> None:
        """Send RECONNECT, as before a deployment of Discord's."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.send({"op": RECONNECT, "d": None})

    def forget_sessions(self) -> None:
        """Make every later RESUME fail, so that the client identifies anew."""
        self.drop()
        self.sessions.clear()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0, timeout=1.0)
        await socket.prepare(request)
        compress = request.query.get("compress")
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self._note("gateway", f"unsupported version or encoding: {request.query_string}")
            await socket.close(code=4012)
            return socket
        if compress not in (None, "zlib-stream"):
            self._note(
                "gateway",
                f"compression {compress!r} is not spoken here: uninstall the zstandard package",
            )
            await socket.close(code=4002)
            return socket
        connection = Connection(socket, compress=compress is not None)
        writer = asyncio.create_task(connection.drain())
        connection.send({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self._detach(connection)
        return socket

    def _receive(self, connection: Connection, message: dict[str, Any]) -> None:
        op, data = message.get("op"), message.get("d") or {}
        if op == HEARTBEAT:
            self.heartbeats += 1
            connection.send({"op": HEARTBEAT_ACK, "d": None})
        elif op == IDENTIFY and connection.session is None:
            self._identify(connection, data)
        elif op == RESUME and connection.session is None:
            self._resume(connection, data)
        elif op in (IDENTIFY, RESUME):
            self._refuse(connection, 4005, "already authenticated")
        elif connection.session is None:
            self._refuse(connection, 4003, f"op {op} before IDENTIFY")
        elif op not in _IGNORED:
            self._refuse(connection, 4001, f"unknown op {op}")

    def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        self.identifies += 1
        shard = tuple(data.get("shard") or (0, 1))
        if data.get("token") != self._token:
            self._close(connection, 4004)  # no violation: tests of a wrong token mean it
        elif not 0 <= shard[0] < shard[1]:
            self._refuse(connection, 4010, f"invalid shard {shard}")
        elif data.get("intents", 0) & PRIVILEGED & ~self._privileged:
            self._refuse(connection, 4014, f"privileged intents asked for: {data['intents'] & PRIVILEGED}")
        else:
            self.begun.append((shard[0], time.monotonic()))
            session = Session(data.get("intents", 0), (shard[0], shard[1]))
            self.sessions[session.id] = session
            self._attach(connection, session)
            self._welcome(session, shard)

    def _welcome(self, session: Session, shard: tuple[int, ...]) -> None:
        world = self._world
        mine = [g for g in world.guilds.values() if g.has_bot and session.wants("GUILD_CREATE", g.id)]
        ready = {
            "v": 10,
            "user": payloads.user(world.bot) | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(shard),
            "application": {"id": str(world.bot.id), "flags": 0},
        }
        session.dispatch("READY", ready)
        for guild in mine:
            if guild.available:
                session.dispatch("GUILD_CREATE", payloads.guild(guild))
        world.changes.notify()

    def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data.get("session_id") or "")
        if data.get("token") != self._token:
            self._close(connection, 4004)
        elif session is None:
            connection.send({"op": INVALID_SESSION, "d": False})
        else:
            self.resumes += 1
            if session.connection is not None:
                self._close(session.connection, 4000)
            missed = session.sent[int(data.get("seq") or 0) :]
            self._attach(connection, session)
            for message in missed:
                connection.send(message)
            session.dispatch("RESUMED", {"_trace": []})
            self._world.changes.notify()

    def _attach(self, connection: Connection, session: Session) -> None:
        connection.session, session.connection = session, connection

    def _detach(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            self.left_with.append((session.shard[0], connection.socket.close_code))
            if connection.socket.close_code in (1000, 1001):
                self.sessions.pop(session.id, None)
        self._world.changes.notify()

    def _refuse(self, connection: Connection, code: int, why: str) -> None:
        self._note("gateway", why)
        self._close(connection, code)

    def _close(self, connection: Connection, code: int) -> None:
        self.close_codes.append(code)
        connection.close(code)
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None

    def _seen_by(self, session: Session, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Without the content intent, what others write in guilds arrives empty unless it mentions
        the bot.
        """
        foreign = event.startswith("MESSAGE_") and "guild_id" in data and "author" in data
        bot = str(self._world.bot.id)
        if not foreign or session.intents & MESSAGE_CONTENT or data["author"]["id"] == bot:
            return data
        if f"<@{bot}>" in data["content"]:
            return data
        return data | {"content": "", "embeds": [], "components": [], "attachments": []}

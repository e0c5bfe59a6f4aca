"""A pooler in front of PostgreSQL that lends a session for a transaction, as pgbouncer does in that mode.

It speaks the protocol of PostgreSQL (version 3, simple and extended queries) to both sides. A session goes
back when the server says that it is in no transaction, and the one that came back last is lent first.
Source: postgresql.org/docs/18/protocol-message-formats.html, pgbouncer.org/features.html.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import URL, make_url

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_VERSION = 196608
_OK = b"R" + struct.pack("!ii", 8, 0)
_READY = b"Z" + struct.pack("!i", 5) + b"I"
_KEY = b"K" + struct.pack("!iii", 12, 1_234_567_890, 987_654_321)


@dataclass
class Session:
    """One of the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass
class Pooler:
    """url: through it. whole: a session is lent for as long as its client stays, as in session mode.
    left_over: what clients before have set on every session, and nobody reset."""

    server: URL
    whole: bool
    left_over: str = ""
    port: int = 0
    _idle: list[Session] = field(default_factory=list)
    _parameters: bytes = b""

    @property
    def url(self) -> str:
        """The database through the pooler."""
        through = self.server.set(host="127.0.0.1", port=self.port).difference_update_query(["host", "port"])
        return through.render_as_string(hide_password=False)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, to its end."""
        lent: Session | None = None
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._welcome(reader, writer)
            while (message := await _message(reader))[:1] != b"X":
                lent = lent or self._take() or await self._connected()
                lent.writer.write(message)
                # Of an extended query the server answers nothing before Sync.
                if message[:1] in b"PBDECH":
                    continue
                if await _answered(lent, writer) == b"I" and not self.whole:
                    self._idle.append(lent)
                    lent = None
        if lent is not None:
            lent.writer.close()
        writer.close()

    def _take(self) -> Session | None:
        return self._idle.pop() if self._idle else None

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            (length,) = struct.unpack("!i", await reader.readexactly(4))
            (code, *_) = struct.unpack("!i", (await reader.readexactly(length - 4))[:4])
            if code not in (_SSL, _GSS):
                break
            writer.write(b"N")
        if code == _CANCEL:
            raise ConnectionError
        if not self._parameters:
            self._idle.append(await self._connected())
        writer.write(_OK + self._parameters + _KEY + _READY)
        await writer.drain()

    async def _connected(self) -> Session:
        """A further session of the server, which trusts this machine."""
        host = self.server.host or str(self.server.query.get("host", "127.0.0.1"))
        port = self.server.port or 5432
        if host.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            reader, writer = await asyncio.open_connection(host, port)
        told = {"user": self.server.username or "", "database": self.server.database or ""}
        said = b"".join(f"{name}\0{value}\0".encode() for name, value in told.items()) + b"\0"
        writer.write(struct.pack("!ii", len(said) + 8, _VERSION) + said)
        parameters = b""
        while (message := await _message(reader))[:1] != b"Z":
            assert message[:1] in b"RSK", message
            parameters += message if message[:1] == b"S" else b""
        self._parameters = parameters
        if self.left_over:
            query = self.left_over.encode() + b"\0"
            writer.write(b"Q" + struct.pack("!i", len(query) + 4) + query)
            while (await _message(reader))[:1] != b"Z":
                pass
        return Session(reader, writer)

    def close(self) -> None:
        """Hang up on the server."""
        for session in self._idle:
            session.writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!i", head[1:])[0] - 4)


async def _answered(session: Session, writer: asyncio.StreamWriter) -> bytes:
    """Hand the answer on; in which state the session is: I for in no transaction."""
    while True:
        message = await _message(session.reader)
        writer.write(message)
        if message[:1] == b"Z":
            await writer.drain()
            return message[5:6]


@asynccontextmanager
async def pooler(url: str, *, whole: bool = False, left_over: str = "") -> AsyncIterator[Pooler]:
    """A pooler in front of a database."""
    made = Pooler(make_url(url), whole, left_over)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.close()

"""The product's processes as a stranger meets them: `run` and `demo`, each a child of its own."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot.storage.secrets.vault import new_key
from tests.journeys.run.harness import free_port

HOST = "127.0.0.1"
HOOK = "/hooks/xquik/0123456789abcdef0123456789abcdef"
OPERATOR_TOKEN = "correct horse battery staple 4711"
SLACK_SECRET = "slack-signing-secret-of-the-test"
_CONFIG = """
[storage]
url = "sqlite:///{directory}/bot.db"
[vault]
keys = ["{key}"]
[web]
port = {port}
metrics_port = {metrics}
public_url = "https://bot.example"
operator_token = "{token}"
{web}
[slack]
mode = "http"
signing_secret = "{secret}"
client_id = "1.2"
client_secret = "y"
[relay]
ingest = "webhook"
"""
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Child:
    """A running process. log: the file that its standard error goes to."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    metrics: int

    @property
    def resident(self) -> int:
        """Bytes of memory it has in use."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the process is gone")

    @property
    def descriptors(self) -> int:
        """How many it has open."""
        return sum(1 for _ in Path(f"/proc/{self.process.pid}/fd").iterdir())

    def lines(self) -> list[str]:
        """What it logged."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()


@dataclass(frozen=True)
class Door:
    """One way in. port: of the child; head: the first line of a request that gets there."""

    name: str
    child: Child
    port: int
    line: str

    def head(self, *fields: str) -> bytes:
        """A request's head with these fields beside `Host`."""
        return "\r\n".join([self.line, f"Host: {HOST}:{self.port}", *fields, "", ""]).encode()


@contextmanager
def running_bot(directory: Path, *, descriptors: int | None = None, web: str = "") -> Iterator[Child]:
    """`xquik-bot run`: hooks, Slack's endpoint, the operator page and figures.

    descriptors: how many the process may open. web: further lines of that section.
    """
    port, metrics = free_port(), free_port()
    config = directory / "config.toml"
    config.write_text(
        _CONFIG.format(
            directory=directory,
            key=new_key().get_secret_value(),
            port=port,
            metrics=metrics,
            token=OPERATOR_TOKEN,
            secret=SLACK_SECRET,
            web=web,
        )
    )
    config.chmod(0o600)
    command = ["run", "--config", str(config), "--role", "web"]
    with _child(command, directory, port, metrics, descriptors) as child:
        yield child


@contextmanager
def running_demo(directory: Path) -> Iterator[Child]:
    """`xquik-bot demo`: the page."""
    port = free_port()
    command = ["demo", "--port", str(port), "--data", str(directory / "demo")]
    with _child(command, directory, port, 0, None) as child:
        yield child


@contextmanager
def _child(
    command: list[str], directory: Path, port: int, metrics: int, descriptors: int | None
) -> Iterator[Child]:
    def limit() -> None:
        if descriptors is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    log = directory / "log.txt"
    with log.open("wb") as target:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("xquik-bot")), *command],
            stdout=subprocess.DEVNULL,
            stderr=target,
            preexec_fn=limit,  # noqa: PLW1509 - no other thread runs at that moment
        )
        try:
            _until_served(process, port, log)
            yield Child(process, log, port, metrics)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            finally:
                process.kill()


def _until_served(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    request = f"GET /healthz HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection((HOST, port), 5.0) as asking:
                asking.sendall(request)
                if asking.recv(12) == b"HTTP/1.1 200":
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


class Talk:
    """A connection of a stranger. opened: those of this test, closed at its end (see conftest.py)."""

    opened: ClassVar[list[Talk]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int, source: str = HOST) -> Talk:
        """source: the address it comes from."""
        made = cls(*await asyncio.open_connection(HOST, port, local_addr=(source, 0)))
        cls.opened.append(made)
        return made

    async def __aenter__(self) -> Talk:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, data: bytes) -> bool:
        """Whether the other side still took it."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            return False
        return True

    async def status(self, seconds: float = 10.0) -> int:
        """The status of the next answer, whose body is read too; 0 when the other side closed."""
        try:
            async with asyncio.timeout(seconds):
                head = await self.reader.readuntil(b"\r\n\r\n")
                await self.reader.readexactly(_length(head))
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0
        return int(head.split(b" ", 2)[1])

    async def closed(self, seconds: float) -> bytes:
        """What comes until the other side closes, which it has to do in time."""
        async with asyncio.timeout(seconds):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    return 0


async def latency(port: int) -> float:
    """Seconds that another client waits for the simplest of answers."""
    began = time.monotonic()
    async with await Talk.open(port, "127.0.0.99") as other:
        await other.send(f"GET /healthz HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
        assert await other.status() in (200, 404)
    return time.monotonic() - began

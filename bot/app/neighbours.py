"""Whether this process could listen and relay beside what runs already, and what that is.

`check` is run beside the bot as often as before its start. A port that the bot of these settings has, and the
lock that it holds, are as they should be; anybody else there would keep `run` from starting. A bot on another
database may have the same port, so where these roles relay it counts only while somebody relays on ours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import msgspec

from bot.app.opening import storage_url_named
from bot.app.relaying import stands_by, taken
from bot.app.server import reserve
from bot.core.errors import BotError
from bot.core.findings import Finding, failed
from bot.settings import Settings, SettingsError
from bot.storage.engine.lock_holder import LockHolder
from bot.storage.engine.relay_lock import relay_lock

# How the settings begin that say where each server listens.
WEB = "web."
METRICS = "web.metrics_"
# Seconds that a server may take to say what it is, and the bytes of it that are read.
_PATIENCE = 3.0
_ENOUGH = 1 << 16


class _Port(msgspec.Struct, frozen=True):
    """taken: what `run` would say. ours: whether a bot of ours answers there. lacking: what it waits for."""

    taken: SettingsError | None = None
    ours: bool = False
    lacking: str = ""


async def look_around(settings: Settings, platforms: Sequence[str], *, relaying: bool) -> list[Finding]:
    """The web server's port, that of the figures where there is one, and who relays. platforms: those whose
    names a bot may say in /readyz; anything else there is not repeated. relaying: whether this process
    would, on a database that can be asked."""
    checks = ("database", "deliveries", *platforms)
    web = await _port(settings.web.host, settings.web.port, WEB, "/readyz", checks)
    relay: list[Finding] = []
    running = web.ours
    if relaying:
        try:
            holder = await _holder(settings)
        except BotError as error:
            holder, relay = None, [failed("relay", error)]
        else:
            relay = [_relay(holder, settings, running=web.ours or settings.web.port == 0)]
        running = web.ours and holder is not None
    found = [_told("web server", web, settings.web.host, settings.web.port, running=running)]
    if settings.web.metrics_port is not None:
        host, port = settings.web.metrics_host, settings.web.metrics_port
        metrics = await _port(host, port, METRICS, "/metrics", checks)
        found.append(_told("figures", metrics, host, port, running=metrics.ours and running))
    return [*found, *relay]


def _told(name: str, found: _Port, host: str, port: int, *, running: bool) -> Finding:
    where = f"{host}:{port}" if port else f"{host}, any free port"
    if found.taken is None:
        return Finding(name, "ok", f"{where} is free")
    if running:
        detail = f"the running bot answers at {where}"
        return Finding(name, "ok", f"{detail}; it waits for {found.lacking}" if found.lacking else detail)
    if found.ours:
        return Finding(
            name,
            "failed",
            f"{found.taken.detail} A bot answers there, but not the one these settings describe.",
            found.taken.remedy,
        )
    return failed(name, found.taken)


def _relay(holder: LockHolder | None, settings: Settings, *, running: bool) -> Finding:
    if holder is None:
        return Finding("relay", "ok", "no process relays on this database yet")
    if running:
        return Finding("relay", "ok", f"the running bot relays: {holder}")
    if stands_by(settings):
        return Finding("relay", "ok", f"{holder} relays; another process would wait until it ends")
    return failed("relay", taken(holder))


async def _holder(settings: Settings) -> LockHolder | None:
    lock = relay_lock(settings.storage.url)
    try:
        with storage_url_named():
            return await lock.who()
    finally:
        await lock.release()


async def _port(host: str, port: int, named: str, path: str, checks: Sequence[str]) -> _Port:
    try:
        reserve(host, port, named).close()
    except SettingsError as error:
        try:
            async with asyncio.timeout(_PATIENCE):
                return _recognised(error, await _asked(host, port, path), checks)
        except (OSError, ValueError, TimeoutError):  # whoever it is, it is no web server of ours
            return _Port(error)
    return _Port()


def _recognised(taken: SettingsError, body: bytes, known: Sequence[str]) -> _Port:
    if b"\nxquik_bot_" in body:
        return _Port(taken, ours=True)
    said = json.loads(body)
    checks = said.get("checks") if isinstance(said, dict) else None
    if not isinstance(checks, dict) or "database" not in checks:
        return _Port(taken)
    return _Port(
        taken, ours=True, lacking=", ".join(sorted(name for name in known if checks.get(name) is False))
    )


async def _asked(host: str, port: int, path: str) -> bytes:
    """What is answered, without its head. It may be anybody: bounded, and read as data alone."""
    to = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - nothing listens by it
    reader, writer = await asyncio.open_connection(to, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {to if ':' not in to else f'[{to}]'}\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n")
        answer = b""
        while len(answer) < _ENOUGH and (more := await reader.read(_ENOUGH)):
            answer += more
        return answer.partition(b"\r\n\r\n")[2]
    finally:
        writer.close()

"""A bot in a process of its own that is killed and started again, between two platforms that remember."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.app.wiring import App
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.settings import load
from tests.doubles import discord, slack
from tests.journeys.run import process
from tests.journeys.run.events import tweet
from tests.journeys.run.harness import Plan, Vendors, vendors
from tests.journeys.run.process import Process
from tests.journeys.slack.place import furnish

SECRET = "whsec_" + "5a" * 32


@dataclass
class CrashRun:
    """The vendors, the places, and the process that runs now. env: what its environment has besides."""

    vendors: Vendors
    plan: Plan
    config: Path
    guild: discord.Guild
    ada: discord.Member
    ws: slack.Workspace
    process: Process | None = None
    lives: int = 0
    env: dict[str, str] = field(default_factory=dict)

    @property
    def tenants(self) -> tuple[TenantId, TenantId]:
        """Discord's and Slack's."""
        return TenantId("discord", str(self.guild.id)), TenantId("slack", self.ws.id)

    async def start(self) -> Process:
        """The next life of the bot."""
        self.lives += 1
        log = self.plan.directory / f"life-{self.lives}.log"
        arguments = ("run", "--config", str(self.config))
        self.process = await process.start(*arguments, log=log, address=self.plan.address, env=self.env)
        return self.process

    async def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        await self.process.kill()


@asynccontextmanager
async def staged(directory: Path) -> AsyncIterator[CrashRun]:
    """Two places with a key, two channels each that get everything, and a hook that Xquik knows."""
    async with vendors() as all_vendors:
        guild = all_vendors.discord.add_guild(name="Acme")
        ada = guild.add_member(name="ada", admin=True)
        guild.owner_id = ada.id
        plan = Plan(all_vendors, directory)
        ws = furnish(all_vendors.slack)
        stage = CrashRun(all_vendors, plan, plan.write(), guild, ada, ws)
        channels = [str(guild.add_channel(name).id) for name in ("alerts", "general")]
        places = {stage.tenants[0]: channels, stage.tenants[1]: list(ws.channels)}
        await prepare(stage, [route(tenant, name) for tenant, names in places.items() for name in names])
        try:
            yield stage
        finally:
            if stage.process is not None:
                await stage.process.kill()
        assert all_vendors.broken_rules == []


def route(tenant: TenantId, channel: str, *accounts: str) -> Route:
    """A route that takes what happens to some accounts, or everything, to a channel."""
    return Route(secrets.token_hex(8), channel, Destination(tenant, channel), accounts=accounts)


async def prepare(stage: CrashRun, routes: Sequence[Route]) -> None:
    """What `apply` would store: keys, hooks and routes."""
    app = await App.open(load(stage.config, environ={}), migrating=True)
    try:
        for tenant in stage.tenants:
            await app.services.tenants.ensure(tenant)
            await app.services.keys.put(tenant, SecretStr(stage.vendors.sandbox.api_key))
            await app.services.registrar.adopt(tenant, SecretStr(SECRET), hook_of(tenant))
        for one in routes:
            await app.services.relay.routes.add(one, time.time())
    finally:
        await app.close()


def hook_of(tenant: TenantId) -> str:
    """The address that Xquik knows for a tenant."""
    return f"hook-of-{tenant.platform}-0123456789"


@dataclass
class Sender:
    """Xquik: one delivery after another, each signed afresh and repeated until it is answered 200.

    allowed: how many it may send by now; the semaphore is released to let more go.
    """

    address: str
    tenant: TenantId
    sent: int = 0
    tries: int = 0
    allowed: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def run(self) -> None:
        """Send for ever; cancel it."""
        async with httpx.AsyncClient(base_url=self.address, timeout=10.0, trust_env=False) as client:
            while True:
                await self.allowed.acquire()
                body = _body(self.sent)
                while not await self._accepted(client, body):  # noqa: ASYNC110 - a sender's pause
                    await asyncio.sleep(0.02)
                self.sent += 1

    async def _accepted(self, client: httpx.AsyncClient, body: bytes) -> bool:
        self.tries += 1
        path = f"/hooks/xquik/{hook_of(self.tenant)}"
        try:
            answer = await client.post(path, content=body, headers=_signed(body))
        except httpx.HTTPError:
            return False
        assert answer.status_code in (200, 503), answer.text
        return answer.status_code == 200


def _body(number: int) -> bytes:
    return json.dumps(
        {
            "schemaVersion": 1,
            "streamEventId": str(number),
            "deliveryId": str(100_000 + number),
            "eventType": "tweet.new",
            "occurredAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "username": "nasa",
            "data": tweet(number),
        }
    ).encode()


def _signed(body: bytes) -> dict[str, str]:
    stamp, nonce = str(int(time.time() * 1000)), secrets.token_hex(16)
    digest = hmac.new(SECRET.encode(), f"{stamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Xquik-Timestamp": stamp,
        "X-Xquik-Nonce": nonce,
        "X-Xquik-Signature": f"sha256={digest}",
    }

"""A running relay for each test, on a SQLite file and on PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from bot.core.routes.route import Route
from bot.relay.service import Relay
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.storage.engine.database import Database
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault, new_key
from tests.relay.engine import relay_of
from tests.relay.harness import RecordingMessenger, present, serving_hooks, until
from tests.relay.sandbox_harness import SANDBOX, Xquik

KEY = new_key()


@dataclass
class RelayHarness:
    """A running relay behind a web server. messenger: Slack and Discord both."""

    db: Database
    relay: Relay
    messenger: RecordingMessenger
    client: httpx.AsyncClient

    async def routes(self, *routes: Route) -> None:
        """Store routes."""
        for position, route in enumerate(routes):
            await self.relay.routes.add(route, time.time() + position / 1000)

    async def routed(self) -> None:
        """Wait until everything stored is routed."""

        async def done() -> bool:
            return await self.relay.router.position() == await self.relay.events.newest()

        await until(done)

    async def quiet(self) -> None:
        """Wait until everything stored is routed and nothing is left to send."""

        async def done() -> bool:
            routed = await self.relay.router.position() == await self.relay.events.newest()
            return routed and not await self.relay.deliveries.backlog()

        await until(done)


def make_secrets(database: Database) -> Secrets:
    """The vault with a key of its own."""
    return Secrets(database, Vault([KEY]), time.time)


def make_relay(database: Database, messenger: RecordingMessenger, **options: object) -> Relay:
    """A relay that has not been started."""
    return relay_of(
        database,
        make_secrets(database),
        {"slack": messenger, "discord": messenger},
        present,
        clock=time.time,
        random=random.Random(7).random,
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
async def house(database: Database) -> AsyncIterator[RelayHarness]:
    """See `RelayHarness`."""
    messenger = RecordingMessenger()
    relay = make_relay(database, messenger, poll=0.2)
    await relay.start()
    async with serving_hooks(relay) as base, httpx.AsyncClient(base_url=base) as client:
        yield RelayHarness(database, relay, messenger, client)
    await relay.stop(grace=2.0)


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A database for what is the same on every database."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    """Where events are fetched from."""
    async with serve_sandbox(SANDBOX) as running:
        yield running


@pytest.fixture
async def xquik(sandbox: RunningSandbox) -> Xquik:
    """What the test does there. Nothing is watched yet."""
    return Xquik(sandbox)

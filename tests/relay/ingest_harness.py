"""A relay that fetches events from a real sandbox, for the tests of catch-up and of the stream."""

from __future__ import annotations

import json
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace
from pydantic import SecretStr
from sqlalchemy import select

from bot.core.chat.ids import TenantId
from bot.relay.fetching.catchup import CatchUp
from bot.relay.fetching.catchup_timer import CatchUpIntervals
from bot.relay.fetching.stream import Clocks, StreamSchedule
from bot.relay.ingest import EventSource, Ingest
from bot.relay.receiving.registration import HookRegistrar, Way
from bot.relay.service import Relay
from bot.relay.watching.rounds import WatchSchedule
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from bot.storage.intake.watermarks import Mark, Member
from bot.storage.secrets.keys import TenantKeys
from bot.storage.tables import events
from bot.xquik.connections import Connections
from bot.xquik.transport.client import Transport
from bot.xquik.transport.retry import RetryRules
from tests.relay.conftest import make_relay, make_secrets
from tests.relay.engine import jobs_of
from tests.relay.harness import TENANT, RecordingMessenger, route, text_of, until

# Nothing waits, and nothing comes by itself within a test unless it is asked for.
QUICK = CatchUpIntervals(
    every=0.1, look=0.02, grace=0.0, first_backoff=0.05, longest_backoff=0.2, without_credits=0.05
)
ONCE = RetryRules(repeats=0)


# What is said in a channel besides its events.
NOTICES = frozenset({"There was a gap", "It is quiet here", "Tweets come late here", "Back to normal here"})


@dataclass
class IngestHarness:
    """A relay, what fetches for it, and the sandbox it fetches from."""

    db: Database
    relay: Relay
    ingest: Ingest
    messenger: RecordingMessenger
    keys: TenantKeys
    sandbox: RunningSandbox
    connections: Connections
    registrar: HookRegistrar
    log: list[str] = field(default_factory=list)

    @property
    def catchup(self) -> CatchUp:
        return self.ingest.catchup

    async def member(self, tenant: TenantId = TENANT) -> Member:
        found = await self.ingest.marks.member(tenant)
        assert found is not None
        return found

    async def mark(self, tenant: TenantId = TENANT) -> Mark:
        mark = (await self.member(tenant)).mark
        assert mark is not None
        return mark

    async def run(self, tenant: TenantId = TENANT, **options: float) -> Any:
        return await self.catchup.run(await self.member(tenant), **options)

    async def join(self, tenant: TenantId = TENANT, channel: str = "C1", key: str | None = None) -> None:
        """Give a tenant a key and a route."""
        await self.keys.put(tenant, SecretStr(key or self.sandbox.api_key))
        await self.relay.routes.add(route("all", channel, tenant, created_by="U1"), time.time())

    async def take_webhooks(self, base: str) -> None:
        """Have the sandbox deliver to the web server at `base`."""
        self.registrar._public_url = base  # known only once the server listens
        xquik = self.connections.client(await self.keys.key(TENANT))
        assert (await self.registrar.register(TENANT, xquik.webhooks)).success

    async def quiet(self) -> None:
        """Wait until everything stored is routed and nothing is left to send."""

        async def done() -> bool:
            routed = await self.relay.router.position() == await self.relay.events.newest()
            return routed and not await self.relay.deliveries.backlog()

        await until(done)

    def events(self, channel: str = "C1") -> list[str]:
        """The texts of the events that stand in a channel; notices left out."""
        posted = [p.card for p in self.messenger.posted if p.to.channel == channel]
        return [text_of(card) for card in posted if card.title not in NOTICES]

    def notices(self, channel: str = "C1") -> list[str]:
        """What else was said there."""
        posted = [p.card for p in self.messenger.posted if p.to.channel == channel]
        return [str(card.blocks[0].line[0]) for card in posted if card.title == "There was a gap"]  # type: ignore[union-attr]

    async def ways(self) -> dict[str, str]:
        """How each stored event came, by its text."""

        async def work(connection: Any) -> dict[str, str]:
            rows = await connection.execute(select(events.c.data, events.c.via).order_by(events.c.id))
            return {json.loads(row.data).get("text", ""): row.via for row in rows}

        return await self.db.read(work)


@asynccontextmanager
async def ingest_harness(
    database: Database,
    sandbox: RunningSandbox,
    *,
    way: Way = "webhook",
    public_url: str | None = None,
    max_age: float | None = 86_400.0,
    schedule: CatchUpIntervals = QUICK,
    running: bool = True,
    stream_schedule: StreamSchedule | None = None,
    watch_schedule: WatchSchedule | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[IngestHarness]:
    """A relay that is running and fetches from the sandbox; `ingest` itself is not started."""
    messenger = RecordingMessenger()
    relay = make_relay(database, messenger, poll=0.05, max_age=max_age)
    keys = TenantKeys(make_secrets(database))
    log: list[str] = []
    async with Transport(sandbox.base_url, 5.0, retries=ONCE) as transport:
        connections = Connections(transport)

        async def existing(tenant: TenantId) -> Any:
            return await connections.client(await keys.key(tenant)).webhooks.list()

        registrar = HookRegistrar(
            relay.hooks,
            relay.hook_secrets,
            relay.keys,
            existing,
            public_url=public_url,
            clock=time.time,
            way=way,
        )
        clocks = Clocks(clock, time.monotonic, random.Random(7).random)
        jobs = jobs_of(relay.observer)
        source = EventSource(
            database,
            relay,
            connections,
            keys,
            registrar,
            clocks,
            jobs,
            log=lambda word, _member: log.append(word),
        )
        ingest = Ingest(
            source,
            way=way,
            max_age=max_age,
            schedule=schedule,
            stream_schedule=stream_schedule,
            watch_schedule=watch_schedule,
        )
        if running:
            await relay.start()
        yield IngestHarness(database, relay, ingest, messenger, keys, sandbox, connections, registrar, log)
        await ingest.stop()
        if running:
            await relay.stop(grace=2.0)


def slower(**changes: Any) -> CatchUpIntervals:
    """A schedule that differs from the quick one."""
    return replace(QUICK, **changes)

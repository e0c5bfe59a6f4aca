"""A relay as `xquik-bot run` wires it, with messengers that stand for the platforms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from random import Random

from bot.cards.events.events import event_card
from bot.core.access import Actor
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import Absent, Delivered, DeliveryResult, Lookup
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts, Placement
from bot.core.routes.appearance import Appearance
from bot.core.routes.events import Event
from bot.jobs.on_asyncio import AsyncioJobs
from bot.observability.figures import BotMetrics
from bot.observability.jobs import JobFigures
from bot.observability.observers import RelayLog
from bot.relay.parts import RelayEnvironment
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.intake.store_process import StoreProcess
from bot.storage.relay.deliveries import Deliveries
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault, new_key

TENANT = TenantId("slack", "T0BENCH")


class NullMessenger:
    """Takes every message at once, or after `pace` seconds. posted: how many it took."""

    idempotent_window = 0.0

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace
        self.posted = 0

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Count it."""
        if self._pace:
            await asyncio.sleep(self._pace)
        self.posted += 1
        return Delivered("1")

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Nothing."""
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Nothing."""
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """Nothing."""
        return Delivered(ref.message)

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """Nothing."""
        return Delivered(ref.message)

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """A channel like any other."""
        return PlaceFacts()

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Nothing."""
        return Delivered("")

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        return None

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        return Delivered("OWNER")

    async def check(self, to: Destination) -> DeliveryResult:
        """Nothing."""
        return Delivered("")

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Nothing stands anywhere."""
        return Absent()


def relay(database: Database, messenger: NullMessenger, apart: StoreProcess | None = None) -> Relay:
    """A relay that has not been started, with the figures and the log that the bot gives it."""
    observer = RelayLog(figures := BotMetrics())
    jobs = partial(
        AsyncioJobs,
        sleep=asyncio.sleep,
        monotonic=time.monotonic,
        random=Random(2).random,
        observer=JobFigures(figures, time.time, observer.trouble),
    )
    env = RelayEnvironment(
        database, time.time, time.monotonic, Random(1).random, asyncio.sleep, observer, jobs, apart
    )
    scheduler = AsyncioScheduler(
        Deliveries(database).open_lanes, clock=time.time, sleep=asyncio.sleep, observer=observer
    )
    secrets = Secrets(database, Vault([new_key()]), time.time)
    return Relay(env, secrets, {"slack": messenger}, _present, scheduler)


def _present(event: Event, _platform: str, _appearance: Appearance) -> Card:
    return event_card(event)

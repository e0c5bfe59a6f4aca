"""The wiring of everything that knows no platform.

`App.open` wires what knows no platform. The platforms are added by `add_platform`, because they
need the dispatcher, and the relay and the commands need their messengers.
"""

from __future__ import annotations

import asyncio
import os
import secrets as random_bytes
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom

from bot.app.acting import accounts_of, known_of
from bot.app.clock_watch import ClockWatch
from bot.app.drawing import draw_presenter
from bot.app.observing import Telling, watch
from bot.app.opening import storage_url_named
from bot.app.performing import performers
from bot.app.xquik_clients import TenantClients
from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.cards.relayed import relayed_card
from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.dispatch import Dispatcher
from bot.core.errors import StorageUnavailable
from bot.core.ports import Channels, Groups, RelayMessenger, Remember, not_remembered
from bot.core.routes.appearance import Appearance
from bot.core.routes.events import Event
from bot.core.tasks import cancelled
from bot.core.throttle import Throttle
from bot.features.catalogue import catalogue
from bot.features.help.cards.offers import offer_card
from bot.features.services import PlatformPorts, Services, Xquik
from bot.observability.figures import BotMetrics
from bot.observability.loggers import log
from bot.proposals.actions import PendingActions
from bot.proposals.coverage import Coverage
from bot.proposals.executor import Executor
from bot.proposals.handoff import HandoffLog
from bot.proposals.opening import PendingProposals
from bot.proposals.performer import Performer
from bot.relay.fetching.stream import Clocks
from bot.relay.ingest import EventSource, Ingest
from bot.relay.pruning import Retention
from bot.relay.receiving.registration import HookRegistrar
from bot.relay.sending.outbox import Outbox
from bot.relay.service import Relay
from bot.settings import Settings
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.migrate import migrate, pending, require
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.claims import StoredClaims
from bot.storage.places.contacts import Contacts
from bot.storage.places.grants import Grants
from bot.storage.places.local_numbers import LocalNumbers
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.places.tenants import StoredTenants
from bot.storage.places.timezones import StoredTimezones
from bot.storage.secrets.keys import TenantKeys
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault
from bot.storage.writes.draft_authors import DraftAuthors
from bot.storage.writes.draw_backups import DrawBackups
from bot.storage.writes.media_manifest import MediaManifest
from bot.storage.writes.proposals import ProposalStore
from bot.xquik.connections import Connections
from bot.xquik.limits import RateLimits, Window
from bot.xquik.models import Webhook
from bot.xquik.transport.client import Transport

DAY = 86_400.0
# An event that reaches us this long after it happened says so in its card.
LATE_AFTER = 15 * 60.0


@dataclass
class App:
    """What runs, without any platform. Make one with `open`; `start` and `stop` it."""

    settings: Settings
    database: Database
    vault: Vault
    secrets: Secrets
    tenants: StoredTenants
    keys: TenantKeys
    kv: StoredKeyValues
    claims: StoredClaims
    figures: BotMetrics
    transport: Transport
    services: Services
    states: StoredButtonStates
    relay: Relay
    ingest: Ingest
    executor: Executor
    dispatcher: Dispatcher
    messengers: dict[str, RelayMessenger]
    platforms: dict[str, PlatformPorts]
    clock: Clock
    watch: Telling
    remember: Remember
    _housekeeping: asyncio.Task[None] | None = field(default=None)

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        clock: Clock = time.time,
        alone: bool = True,
        migrating: bool = False,
        remember: Remember = not_remembered,
        holds: Callable[[], bool] = lambda: True,
    ) -> App:
        """Open the database, check the vault, and wire everything.

        migrating: make the database and its tables, as `run` and `demo` do; without it one that is not
        ready is NotMigrated, and left as it is. alone: no other process carries out writes on the same
        SQLite file, so what is found under way was left by a crash. holds: whether this process relays.
        remember: told of every secret, for the log.

        VaultError when the vault key is missing or another one; nothing is overwritten then.
        DatabaseUnusable when there is no database to be had where `storage.url` says.
        """
        vault = Vault(settings.vault.keys)
        figures = BotMetrics()
        with storage_url_named():
            database = await Database.open(
                settings.storage.url, make=migrating, committed=figures.commit_seconds.observe
            )
            try:
                if not migrating:
                    await require(database)
                elif await pending(database):
                    await migrate(settings.storage.url)
                secrets = Secrets(database, vault, clock, remember)
                await secrets.verify_vault()
            except BaseException:
                await database.close()
                raise
        return _wire(settings, database, vault, secrets, clock, figures, remember, alone=alone, holds=holds)

    def add_platform(
        self, name: str, messenger: RelayMessenger, channels: Channels, groups: Groups | None = None
    ) -> None:
        """Make a platform's channels reachable for the relay and for commands."""
        self.messengers[name] = messenger
        self.platforms[name] = PlatformPorts(messenger, channels, groups)

    async def start(self) -> None:
        """Go on with writes that were left, and begin to relay."""
        await self.executor.start()
        await self.start_relaying()

    async def start_relaying(self) -> None:
        """The second half of `start`."""
        await self.secrets.tell_relay_keys()
        await self.relay.start()
        await self.ingest.start()
        self._housekeeping = asyncio.create_task(self._keep_house(), name="housekeeping")

    async def stop(self) -> None:
        """Finish what is in flight, or hand it back to the next start."""
        if self._housekeeping is not None:
            await cancelled([self._housekeeping])
        await self.executor.stop()
        await self.ingest.stop()
        await self.relay.stop()

    async def close(self) -> None:
        """Let go of the network and the database."""
        await self.services.known.close()
        await self.transport.aclose()
        await self.database.close()
        await self.watch.close()

    async def database_answers(self) -> bool:
        """Whether the database can be read now, and has the tables of this version."""
        try:
            return not await pending(self.database)
        except StorageUnavailable:
            return False

    async def _keep_house(self) -> None:
        """Once an hour, delete the settings of places that left long ago."""
        observer = self.relay.observer
        while True:
            try:
                await self.tenants.purge()
            except Exception as error:  # it is tried again in an hour
                observer.trouble("housekeeping", error)
            await asyncio.sleep(3600)


def _limits(settings: Settings) -> RateLimits:
    xquik = settings.xquik
    return RateLimits(
        read=(Window(xquik.reads_per_second, 1.0),),
        write=(Window(xquik.writes_per_minute, 60.0),),
        delete=(Window(xquik.deletes_per_minute, 60.0),),
        share=xquik.share_per_person,
        reserve=xquik.reserve,
    )


def _wire(
    settings: Settings,
    database: Database,
    vault: Vault,
    secrets: Secrets,
    clock: Clock,
    figures: BotMetrics,
    remember: Remember,
    *,
    alone: bool,
    holds: Callable[[], bool],
) -> App:
    seen = watch(settings, figures, clock)
    transport = Transport(
        settings.xquik.base_url,
        settings.xquik.timeout,
        limits=_limits(settings),
        observer=ClockWatch(seen.relay, clock),
    )
    connections = Connections(transport)
    keys, grants = TenantKeys(secrets), Grants(database)
    states = StoredButtonStates(database, clock, random_bytes.token_bytes)
    tenants, timezones = StoredTenants(database, clock), StoredTimezones(database, clock)
    messengers: dict[str, RelayMessenger] = {}
    platforms: dict[str, PlatformPorts] = {}
    relay = Relay(
        database,
        secrets,
        messengers,
        _present_event,
        clock=clock,
        random=SystemRandom().random,
        observer=seen.relay,
        retention=Retention(
            settled=settings.relay.retention_days * DAY, youngest=settings.relay.max_age.total_seconds()
        ),
        max_size=settings.storage.max_size,
        max_age=settings.relay.max_age.total_seconds(),
        routes_per_tenant=settings.relay.routes_per_tenant,
        holds=holds,
    )
    store = ProposalStore(database, clock, SystemRandom())
    backups, numbers = DrawBackups(database, clock), LocalNumbers(database)
    answers = CachedAnswers(database, clock)
    known = known_of(connections, keys, answers, numbers, clock)
    present_draw = draw_presenter(backups, numbers, known)
    uses = MonitorUses(database, clock)
    by_kind = performers(connections, keys, tenants, relay, present_draw, uses, clock)
    executor = _executor(settings, store, relay, by_kind, clock, alone=alone)
    xquik = Xquik(connections, keys, relay.renaming.seen)

    async def registered(tenant: TenantId) -> tuple[Webhook, ...]:
        return await (await xquik.reads(tenant)).webhooks()

    services = Services(
        xquik=xquik,
        connections=connections,
        accounts=accounts_of(connections, keys, answers, database, clock),
        proposals=store,
        tenants=tenants,
        timezones=timezones,
        keys=keys,
        grants=grants,
        states=states,
        answers=answers,
        manifest=MediaManifest(database, clock, SystemRandom()),
        monitor_uses=uses,
        contacts=Contacts(database, clock),
        backups=backups,
        draft_authors=DraftAuthors(database, clock),
        numbers=numbers,
        known=known,
        events=relay.events,
        relay=relay,
        registrar=HookRegistrar(
            relay.hooks,
            relay.hook_secrets,
            relay.keys,
            registered,
            public_url=settings.web.public_url,
            clock=clock,
            way=settings.ingest,
        ),
        platforms=platforms,
        clock=clock,
        new_id=lambda: random_bytes.token_hex(8),
    )
    dispatcher = Dispatcher(
        catalogue(
            PendingActions(
                store, executor, grants, services.accounts, Coverage(TenantClients(connections, keys))
            ).actions()
        ),
        services,
        access=grants,
        keys=keys,
        states=states,
        proposals=PendingProposals(store),
        observer=seen.invocations,
        present_error=error_card,
        help_card=help_card,
        offer_card=offer_card,
        clock=time.monotonic,
        turns=Throttle(settings.chat.commands_per_second, settings.chat.commands_at_once, time.monotonic),
        timezones=timezones,
    )
    return App(
        settings=settings,
        database=database,
        vault=vault,
        secrets=secrets,
        tenants=tenants,
        keys=keys,
        kv=StoredKeyValues(database),
        claims=StoredClaims(database, clock),
        figures=figures,
        transport=transport,
        services=services,
        states=states,
        relay=relay,
        ingest=_ingest(settings, database, services, clock),
        executor=executor,
        dispatcher=dispatcher,
        messengers=messengers,
        platforms=platforms,
        clock=clock,
        watch=seen,
        remember=remember,
    )


def _executor(
    settings: Settings,
    store: ProposalStore,
    relay: Relay,
    by_kind: Mapping[str, Performer],
    clock: Clock,
    *,
    alone: bool,
) -> Executor:
    return Executor(
        store,
        by_kind,
        Outbox(clock),
        relay,
        clock=clock,
        sleep=asyncio.sleep,
        random=Random(os.urandom(8)),
        handoff=HandoffLog(data_directory(settings) / "xquik-media-handoff.jsonl", clock),
        sole=alone and settings.storage.url.startswith("sqlite"),
    )


def _ingest(settings: Settings, database: Database, services: Services, clock: Clock) -> Ingest:
    said = log("bot.ingest")
    source = EventSource(
        database,
        services.relay,
        services.connections,
        services.keys,
        services.registrar,
        Clocks(clock, time.monotonic, SystemRandom().random),
        log=lambda word, member: said.info(word, tenant=str(member.tenant)),
    )
    return Ingest(source, way=settings.ingest, max_age=settings.relay.max_age.total_seconds())


def data_directory(settings: Settings) -> Path:
    """Where files beside the database go: its own directory, or `data` for a database server."""
    prefix = "sqlite:///"
    if settings.storage.url.startswith(prefix):
        return Path(settings.storage.url.removeprefix(prefix)).parent
    return Path("data")


def _present_event(event: Event, _platform: str, appearance: Appearance) -> Card:
    late = event.received_at - event.occurred_at > LATE_AFTER
    return relayed_card(event, appearance, late=late)

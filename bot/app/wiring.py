"""The wiring of everything that knows no platform.

`App.open` wires what knows no platform. The platforms are added by `add_platform`, because they
need the dispatcher, and the relay and the commands need their messengers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.app.clock_watch import ClockWatch
from bot.app.command_wiring import new_dispatcher, new_executor, new_services
from bot.app.foundation import Foundation, open_foundation
from bot.app.observing import Telling
from bot.app.purses import PurseWatch
from bot.app.relay_wiring import new_ingest, new_relay
from bot.app.stores import stores_of
from bot.core.clocks import Clock
from bot.core.commands.dispatch import Dispatcher
from bot.core.errors import StorageUnavailable
from bot.core.ports import Channels, Groups, RelayMessenger, Remember, not_remembered
from bot.features.services import PlatformPorts, Services
from bot.i18n.readers import Readers
from bot.jobs.periodic import Jobs, JobScope, MakeJobs, Periodic
from bot.observability.figures import BotMetrics
from bot.proposals.attaching import FilesTakenIn
from bot.proposals.executor import Executor
from bot.relay.ingest import Ingest
from bot.relay.sending.lane_tenure import Holds
from bot.relay.sending.outbox import Outbox
from bot.relay.service import Relay
from bot.settings import Settings
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.intake.store_process import StoreProcess
from bot.storage.migrate import pending
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.claims import StoredClaims
from bot.storage.places.request_shares import RequestShares
from bot.storage.places.tenants import StoredTenants
from bot.storage.secrets.keys import TenantKeys
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault
from bot.storage.writes.audit import AuditLog
from bot.xquik.connections import Connections
from bot.xquik.limits import RateLimits, Window
from bot.xquik.transport.client import Transport

HOUR = 3600.0
MINUTE = 60.0


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
    readers: Readers
    attaching: FilesTakenIn
    jobs: MakeJobs
    apart: StoreProcess | None
    _housekeeping: Jobs

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        clock: Clock = time.time,
        alone: bool = True,
        migrating: bool = False,
        remember: Remember = not_remembered,
        holds: Holds = lambda: True,
        local_files: bool = False,
        receiving: bool = False,
    ) -> App:
        """Open the database, check the vault, and wire everything.

        migrating: make the database and its tables, as `run` and `demo` do; without it one that is not
        ready is NotMigrated, and left as it is. alone: no other process carries out writes on the same
        SQLite file, so what is found under way was left by a crash. holds: whether this process relays.
        remember: told of every secret, for the log. local_files: who asks is the user of this machine.
        receiving: this process takes webhooks.

        VaultError when the vault key is missing or another one; nothing is overwritten then.
        DatabaseUnusable when there is no database to be had where `storage.url` says.
        """
        base = await open_foundation(
            settings, clock=clock, migrating=migrating, remember=remember, receiving=receiving
        )
        try:
            return _wire(base, alone=alone, holds=holds, local_files=local_files)
        except BaseException:
            await base.database.close()
            raise

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
        await self._housekeeping.start()

    async def stop(self) -> None:
        """Finish what is in flight, or hand it back to the next start."""
        await self._housekeeping.stop()
        await self.executor.stop()
        await self.ingest.stop()
        await self.relay.stop()

    async def close(self) -> None:
        """Let go of the network and the database."""
        # For whoever only woke lanes; what relays has stopped before.
        await self.relay.scheduler.stop(0.0)
        await self.services.known.close()
        await self.transport.aclose()
        if self.apart is not None:
            await self.apart.close()
        await self.claims.close()
        await self.database.close()
        await self.watch.close()

    async def database_answers(self) -> bool:
        """Whether the database can be read now, and has the tables of this version."""
        try:
            return not await pending(self.database)
        except StorageUnavailable:
            return False


def _wire(base: Foundation, *, alone: bool, holds: Callable[[], bool], local_files: bool) -> App:
    settings, database, clock = base.settings, base.database, base.clock
    messengers: dict[str, RelayMessenger] = {}
    platforms: dict[str, PlatformPorts] = {}
    stores = stores_of(database, base.secrets, base.vault, clock)
    transport = _transport(base)
    relay = new_relay(base, messengers, holds)
    # Secrets of hooks are among what is counted.
    database.when_changed(relay.keys.forget_all)
    connections = Connections(transport)
    services = new_services(base, stores, relay, connections, platforms, local_files=local_files)
    executor = new_executor(base, services, alone=alone)
    return App(
        settings=settings,
        database=database,
        vault=base.vault,
        secrets=base.secrets,
        tenants=stores.tenants,
        keys=stores.keys,
        kv=StoredKeyValues(database),
        claims=StoredClaims(database, clock),
        figures=base.figures,
        transport=transport,
        services=services,
        states=stores.states,
        relay=relay,
        ingest=new_ingest(base, services),
        executor=executor,
        dispatcher=new_dispatcher(base, services, executor),
        messengers=messengers,
        platforms=platforms,
        clock=clock,
        watch=base.watch,
        remember=base.remember,
        readers=Readers(stores.languages),
        attaching=FilesTakenIn(stores.media, stores.grants, stores.journal),
        jobs=base.jobs,
        apart=base.apart,
        _housekeeping=base.jobs(
            [
                _housekeeping(stores.tenants),
                services.following.job(),
                _recording(stores.audit),
                _writing_back(base.database),
                PurseWatch(services, Outbox(clock)).job(),
            ]
        ),
    )


def _transport(base: Foundation) -> Transport:
    xquik = base.settings.xquik
    limits = RateLimits(
        read=(Window(xquik.reads_per_second, 1.0),),
        write=(Window(xquik.writes_per_minute, 60.0),),
        delete=(Window(xquik.deletes_per_minute, 60.0),),
        share=xquik.share_per_person,
        reserve=xquik.reserve,
    )
    clock_watch = ClockWatch(base.watch.relay, base.clock)
    # On PostgreSQL other processes use the same keys.
    shared = RequestShares(base.database) if base.database.dialect == "postgresql" else None
    return Transport(xquik.base_url, xquik.timeout, limits=limits, observer=clock_watch, shared=shared)


def _recording(audit: AuditLog) -> Periodic:
    """Records what was cut off, by the process that relays."""
    return Periodic("recording", MINUTE, audit.recover, JobScope.INSTALLATION)


def _writing_back(database: Database) -> Periodic:
    """Empties the log of commits of a SQLite file, in which stands what was deleted from it."""

    async def work() -> None:
        await database.write_back()  # what others hold back is tried again in a minute

    return Periodic("write-back", MINUTE, work, JobScope.INSTALLATION, part="housekeeping")


def _housekeeping(tenants: StoredTenants) -> Periodic:
    """Deletes the settings of places that left long ago."""
    return Periodic("housekeeping", HOUR, tenants.purge, JobScope.INSTALLATION)

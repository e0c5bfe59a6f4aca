"""`xquik-bot run`: the platforms, the web server and the relay, as far as a process serves them.

Roles split one installation into processes on one database: `web` takes webhooks (and Slack's HTTP mode),
`relay` routes and sends and carries out confirmed writes (on PostgreSQL any number send, and one of them
routes, see `bot.app.relaying`), `discord` and `slack` serve commands. `all` is everything in one. A write
that is confirmed is carried out by the process that took the click, or by another one when that died; `relay`
sends its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.app.asking_monitors import ask_monitors
from bot.app.hearing import hearing
from bot.app.neighbours import METRICS, WEB
from bot.app.outage_watch import outage_ends
from bot.app.outcomes import QueuedOutcomes, every_lane
from bot.app.pending_monitors import pending_work
from bot.app.platforms.declared import DeclaredPlatform
from bot.app.platforms.listed import PLATFORMS
from bot.app.platforms.served import ServedPlatforms, quietly
from bot.app.relaying import lost, take_turn, turn
from bot.app.roles import ALL, does, relays
from bot.app.sampling import LoopLag, Sampler
from bot.app.server import WebServer
from bot.app.unmet import unmet
from bot.app.waiting_routes import tell_waiting, waiting_routes
from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError, StorageUnavailable
from bot.core.http.clients import ClientAddresses
from bot.core.ports import Remember, not_remembered
from bot.core.tasks import TaskSet
from bot.jobs.periodic import Jobs, JobScope, Periodic
from bot.observability.figures import CONTENT_TYPE
from bot.observability.loggers import log
from bot.relay.asking.operating import Operating
from bot.settings import Settings
from bot.storage.engine.lock_holder import RelayLock
from bot.storage.engine.relay_lock import relay_lock
from bot.web.faults import unavailable
from bot.web.health import health_routes, metrics_route
from bot.web.hooks import HooksFirst, hook_route

# Of the descriptors that are kept from strangers: the figures are to be had when all others are taken.
METRICS_CONNECTIONS = 32
# Where several processes share the requests: two looks of most load balancers.
DRAIN_SECONDS = 5.0


@dataclass
class Bot:
    """What one process runs. Make one with `open`."""

    app: App
    roles: frozenset[str]
    lock: RelayLock | None = None
    standing_by: bool = False
    listed: Sequence[DeclaredPlatform] = PLATFORMS
    platforms: ServedPlatforms = field(init=False)
    servers: list[WebServer] = field(default_factory=list)
    _leaving: bool = False
    _tasks: TaskSet = field(default_factory=TaskSet)
    _jobs: list[Jobs] = field(default_factory=list)
    _refused: asyncio.Event = field(default_factory=asyncio.Event)
    _refusal: BotError | None = None

    def __post_init__(self) -> None:
        self.platforms = ServedPlatforms(self.app, self.roles, self.listed, self._refuse)

    @classmethod
    async def open(
        cls,
        settings: Settings,
        roles: frozenset[str],
        remember: Remember = not_remembered,
        listed: Sequence[DeclaredPlatform] = PLATFORMS,
    ) -> Bot:
        """Wire the process; NotConfigured when there is nothing for it to serve, RelayTaken when another
        process relays and this one is not to stand by.

        remember: told of every secret that the process holds, for the log. listed: the platforms there are.
        """
        for _, error in unmet(settings, roles, listed):
            raise error
        if not relays(roles):
            app = await App.open(
                settings, alone=False, migrating=True, remember=remember, receiving=does(roles, "web")
            )
            return cls(app, roles, listed=listed)
        # First of all: a second process must not even change the tables.
        lock = relay_lock(settings.storage.url)
        try:
            first = await take_turn(lock, settings)
            app = await App.open(
                settings,
                alone=ALL in roles and first,
                migrating=True,
                holds=lock.holds,
                remember=remember,
                receiving=does(roles, "web"),
            )
        except BaseException:
            await lock.release()
            raise
        return cls(app, roles, lock, standing_by=not first, listed=listed)

    def does(self, role: str) -> bool:
        """Whether this process has the role."""
        return does(self.roles, role)

    @property
    def _leaves_after(self) -> float:
        """Seconds between "not ready" and the end of listening; only what others can take instead waits."""
        wanted = self.app.settings.web.drain_seconds
        if not self.does("web"):
            return 0.0
        if wanted is None:
            return DRAIN_SECONDS if self.app.database.dialect == "postgresql" else 0.0
        return wanted

    @property
    def address(self) -> str:
        """Where the web server listens, or nothing."""
        web = self.app.settings.web
        return f"{web.host}:{self.servers[0].port}" if self.servers else ""

    async def start(self) -> None:
        """Connect the platforms, listen, and begin to relay."""
        await self.platforms.start()
        await self._listen()
        app = self.app
        app.figures.started_at.set(app.clock())
        await self._run(JobScope.PROCESS)
        await app.executor.start()
        if self.lock is None:
            return
        await self._tell_waiting_routes()
        if app.relay.scheduler.shared:
            await app.relay.drain()
        if self.standing_by:
            self._tasks.start(self._stand_by(self.lock), "standby")
        else:
            await self._relay(self.lock)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set, or a platform refuses the bot for good (then its error is raised)."""
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self._refused.wait())]
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if not stop.is_set() and self._refusal is not None:
            raise self._refusal

    async def leave(self) -> None:
        """Say that this process is not ready any more, and go on with everything until whoever shares out the
        requests has seen that. Call it before `stop`."""
        seconds = self._leaves_after
        if seconds and self.servers:
            self._leaving = True
            log("bot").info("leaving", seconds=seconds)
            await asyncio.sleep(seconds)

    async def stop(self) -> None:
        """Stop taking work, finish what is in flight, and let go of everything.

        The platforms go last: what the relay has in flight there must find its answer.
        """
        await self._tasks.close()
        for jobs in self._jobs:
            await jobs.stop()
        for server in self.servers:
            await server.stop()
        await self.platforms.quiet()
        await self.app.stop()
        await self.platforms.stop()
        if self.lock is not None:
            await quietly(self.lock.release())
        await self.app.close()

    async def _tell_waiting_routes(self) -> None:
        app = self.app
        with suppress(StorageUnavailable):  # whoever routes meets the same, and says so
            tell_waiting(await waiting_routes(app.relay.routes, app.settings, self.listed), self.listed)

    async def _stand_by(self, lock: RelayLock) -> None:
        await turn(lock, self.app.jobs, self.app.watch.relay.trouble)
        self.standing_by = False
        await self._relay(lock)

    async def _relay(self, lock: RelayLock) -> None:
        """Begin to relay, with what belongs to the one process that does."""
        await self.app.start_relaying()
        self._tasks.start(self._give_way(lock), "relay-lock-lost")
        self._tasks.start(self._register_hooks(), "hooks")
        await self._run(JobScope.INSTALLATION)

    async def _run(self, scope: JobScope) -> None:
        """Begin what is done again and again, by every process or by the one that relays."""
        jobs = self.app.jobs([one for one in self._work() if one.scope is scope])
        self._jobs.append(jobs)
        await jobs.start()

    def _work(self) -> Iterator[Periodic]:
        app = self.app
        yield LoopLag(app.figures).work()
        yield outage_ends(app.watch.outages, app.database_answers)
        if app.database.dialect == "postgresql":
            yield hearing(app.database)
        if self.does("web") and not self.does("relay"):  # which looks itself
            yield app.relay.capacity.work()
        yield Sampler(app.figures, app.database, app.ingest, app.clock).work()
        yield pending_work(app)
        # `exec` may run beside a process that does everything; on SQLite what it queued is found by its id.
        alone = ALL in self.roles and app.database.dialect == "sqlite"
        scheduler = app.relay.scheduler
        if not scheduler.shared:
            yield QueuedOutcomes(app.database, scheduler).work() if alone else every_lane(scheduler)

    async def _give_way(self, lock: RelayLock) -> None:
        """End this process once another one relays: it holds messages that are not its own any more."""
        await lock.taken_over.wait()
        self._refuse(lost(lock.holder))

    def _refuse(self, refusal: BotError) -> None:
        self._refusal = refusal
        self._refused.set()

    async def _listen(self) -> None:
        web = self.app.settings.web
        routes: list[BaseRoute] = [*health_routes(self._checks)]
        if self.does("web"):
            relay = self.app.relay
            routes.append(hook_route(relay.keys, relay.intake, relay.observer, self.app.clock))
            routes.extend(self._operator_page())
        routes.extend(self.platforms.routes)
        site = HooksFirst(Starlette(routes=routes, exception_handlers={StorageUnavailable: unavailable}))
        clients = ClientAddresses(web.trusted_proxies)
        main = WebServer(site, web.host, web.port, clients=clients, deliveries=site.hooks, named=WEB)
        self.servers.append(main)
        if web.metrics_port is not None:
            figures = Starlette(routes=[metrics_route(self.app.figures.text, CONTENT_TYPE)])
            self.servers.append(
                WebServer(
                    figures,
                    web.metrics_host,
                    web.metrics_port,
                    connections=METRICS_CONNECTIONS,
                    named=METRICS,
                )
            )
        for server in self.servers:
            await server.start()

    def _operator_page(self) -> list[BaseRoute]:
        """The page of the operator, where the settings have a token for it."""
        app, web = self.app, self.app.settings.web
        if web.operator_token is None:
            return []
        from bot.web.operator import operator_routes

        # Where lanes are not shared, another process that relays looks for itself.
        wake = app.relay.wake if self.does("relay") or app.relay.scheduler.shared else _nobody
        operating = Operating(app.database, app.relay.routes, wake, app.clock)
        secure = (web.public_url or "").startswith("https://")
        return operator_routes(
            web.operator_token,
            operating,
            app.claims,
            secure=secure,
            clock=app.clock,
            clients=ClientAddresses(web.trusted_proxies),
            remember=app.remember,
        )

    async def _checks(self) -> dict[str, bool]:
        app = self.app
        checks = {"database": await app.database_answers()}
        if app.apart is not None:
            checks["deliveries"] = await app.apart.ready()
        if self.lock is not None and app.relay.scheduler.shared:
            checks["lanes"] = checks["database"] and app.relay.scheduler.ready
        if self._leaving:
            checks["staying"] = False
        return {**checks, **self.platforms.ready()}

    async def _register_hooks(self) -> None:
        """Where the public address has changed, or a key came by `apply`, make Xquik deliver here."""
        for tenant in await self.app.tenants.list():
            try:
                if await self.app.keys.has_key(tenant.id):
                    await ask_monitors(self.app, tenant.id)
                    await self._register_hook(tenant.id)
            except BotError as error:
                log("bot.hooks").warning("not registered", tenant=str(tenant.id), error=type(error).__name__)

    async def _register_hook(self, tenant: TenantId) -> None:
        registrar = self.app.services.registrar
        if not registrar.has_public_url or self.app.settings.ingest == "stream":
            return
        xquik = await self.app.services.xquik.of(tenant)
        if await registrar.is_current(tenant):
            await registrar.widen(tenant, xquik.webhooks)
            return
        tested = await registrar.register(tenant, xquik.webhooks)
        log("bot.hooks").info("registered", tenant=str(tenant), works=tested.success)


def _nobody(_lane: str) -> None:
    """Wakes nobody."""

"""`xquik-bot demo`: the whole bot without any account.

One process with the playground page, the relay and SQLite; beside it the sandbox Xquik API. Both
keep what they know in one directory, so that everything is still there after a stop.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from starlette.applications import Starlette

from adapters.playground.platform import PlaygroundPlatform, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.app.data_directory import hold, vault_key
from bot.app.known_secrets import remember_settings
from bot.app.relaying import taken
from bot.app.sandbox_process import SandboxProcess, launch_sandbox
from bot.app.server import WebServer
from bot.app.wiring import App
from bot.core.chat.cards import Bold, Card, Code, Text, Tone, line
from bot.core.chat.ids import Destination
from bot.core.errors import BotError, StorageUnavailable
from bot.core.messages.message import msg
from bot.observability.known_secrets import KnownSecrets
from bot.observability.loggers import log
from bot.settings import Settings, SettingsError, StorageSection, VaultSection, WebSection, XquikSection
from bot.storage.engine.lock_holder import RelayLock
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.places.playground import PlaygroundLog
from bot.web.faults import unavailable
from bot.web.health import health_routes
from bot.web.hooks import hook_route

HOST = "127.0.0.1"
EVENT_SECONDS = 8.0


@dataclass
class Demo:
    """A running demo. address: of the page."""

    app: App
    playground: PlaygroundPlatform
    server: WebServer
    sandbox: SandboxProcess
    lock: TextIO
    relaying: RelayLock

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.server.port}"

    async def stop(self) -> None:
        """Stop everything in order; nothing that was accepted is lost."""
        await self.server.stop()
        await self.playground.stop()
        await self.app.stop()
        await self.relaying.release()
        await self.app.close()
        await self.sandbox.stop()
        self.lock.close()


async def start_demo(
    port: int, data: Path, say: Callable[[str], None], known: KnownSecrets | None = None
) -> Demo:
    """Start the sandbox, the bot and the page. port 0 takes a free one. say: progress for a person. known:
    the secrets that the log leaves out."""
    lock = hold(data, own="--data DIR and --port N")
    later = _Later()
    try:
        # First what fails at once. The address must be known before the bot is wired, too: webhooks
        # of the sandbox come back to it.
        server = _server(later, port)
        say("Starting the sandbox Xquik API …")
        starting = await launch_sandbox(
            port=await asyncio.to_thread(_free_beside, port),
            state=data / "sandbox.db",
            event_interval=EVENT_SECONDS,
            webhook_port=server.port,
        )
        try:
            sandbox = await starting.ready()
            say("Opening the database …")
            return await _start_bot(data, sandbox, later, server, lock, known or KnownSecrets())
        except BaseException:
            await starting.stop()
            await server.stop()
            raise
    except BaseException:
        lock.close()
        raise


def _server(later: _Later, port: int) -> WebServer:
    try:
        return WebServer(later, HOST, port, before_stop=later.end_streams)
    except SettingsError as error:
        raise SettingsError(
            f"Port {port} of this machine is taken, or may not be used.",
            remedy=f"Choose another one: xquik-bot demo --port {port + 1} (0 takes any that is free).",
        ) from error


async def _start_bot(
    data: Path,
    sandbox: SandboxProcess,
    later: _Later,
    server: WebServer,
    lock: TextIO,
    known: KnownSecrets,
) -> Demo:
    settings = Settings(
        xquik=XquikSection(base_url=sandbox.base_url),
        storage=StorageSection(url=f"sqlite:///{data / 'bot.db'}"),
        vault=VaultSection(keys=(vault_key(data),)),
        web=WebSection(public_url=f"http://{HOST}:{server.port}"),
    )
    remember_settings(settings, known)
    # Its own lock keeps a second demo out; this one keeps out a `run` on the same database.
    relaying = relay_lock(settings.storage.url)
    if (holder := await relaying.take()) is not None:
        raise taken(holder)
    try:
        app = await App.open(settings, migrating=True, remember=known.remember, receiving=True)
    except BaseException:
        await relaying.release()
        raise
    try:
        page = PlaygroundSettings(
            host=HOST, port=server.port, image_sources=(sandbox.origin,), x_pages=f"{sandbox.origin}/x"
        )
        playground = create_playground(
            app.dispatcher,
            PlaygroundLog(app.database),
            page,
            recovery=app.relay.recovery,
            remember=known.remember,
            readers=app.readers,
            attaching=app.attaching,
        )
        app.add_platform("playground", playground.messenger, playground.channels, playground.groups)
        later.use(_site(app, playground), playground)
        await playground.start()
        await server.start()
        await app.start()
        demo = Demo(app, playground, server, sandbox, lock, relaying)
        await _furnish(demo)
    except BaseException:
        await app.stop()
        await relaying.release()
        await app.close()
        raise
    return demo


async def _furnish(demo: Demo) -> None:
    """Give a new playground the sandbox's key and a first message, and see that events arrive.

    Only the first start does the former: a key that was changed or forgotten since stays so.
    """
    tenant = demo.playground.tenant
    services = demo.app.services
    if await services.tenants.get(tenant) is None:
        await services.keys.put(tenant, demo.sandbox.key)
        await services.tenants.ensure(tenant, "Playground")
    if await services.keys.has_key(tenant):
        try:
            await services.registrar.register(tenant, (await services.xquik.of(tenant)).webhooks)
        except BotError as error:
            # A revoked key, say: the playground is there all the same, to enter another one.
            log("bot.demo").warning("the webhook is not registered", reason=error.detail)
    await demo.playground.messenger.post(Destination(tenant, "general"), WELCOME, "welcome")


def _site(app: App, playground: PlaygroundPlatform) -> Starlette:
    relay = app.relay

    async def checks() -> dict[str, bool]:
        return {"database": await app.database_answers()}

    return Starlette(
        routes=[
            hook_route(relay.keys, relay.intake, relay.observer, app.clock),
            *health_routes(checks),
            *playground.routes,
        ],
        exception_handlers={StorageUnavailable: unavailable},
    )


class _Later:
    """An ASGI application that is named before it is made."""

    def __init__(self) -> None:
        self._app: Starlette | None = None
        self._streams: list[PlaygroundPlatform] = []

    def use(self, app: Starlette, playground: PlaygroundPlatform) -> None:
        self._app = app
        self._streams.append(playground)

    def end_streams(self) -> None:
        for playground in self._streams:
            playground.end_streams()

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        assert self._app is not None  # noqa: S101 - the server starts after `use`
        await self._app(scope, receive, send)  # type: ignore[arg-type]  # handed through as they came


def _free_beside(port: int) -> int:
    """The port after the page's, so that pictures keep their addresses; any other when it is taken."""
    if port in (0, 65_535):
        return 0
    deadline = time.monotonic() + 3.0
    while True:
        with socket.socket() as probe:
            # As the sandbox itself will: connections of an earlier run that linger do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port + 1))
            except OSError:
                if time.monotonic() > deadline:
                    return 0
                time.sleep(0.1)  # an earlier sandbox may still be on its way out
            else:
                return port + 1


WELCOME = Card(
    msg("Welcome to the playground"),
    (
        Text(
            line(
                msg(
                    "This is the whole bot, with a sandbox in place of X: nothing here costs anything or is "
                    "seen by anyone. Type a command below, for instance:"
                )
            )
        ),
        Text(line(Code("draw run https://x.com/xquik/status/1893456789012345678 winners:3"))),
        Text(line(Code("trends region:US"), " · ", Code("radar source:github"), " · ", Code("help"))),
        Text(
            line(
                msg(
                    "{command} and press {button}",
                    command=Code('tweet post "Hello from the playground"'),
                    button=Bold(msg("Confirm")),
                )
            )
        ),
        Text(
            line(
                msg(
                    "{command} shows what watching costs: press {button}, and see {channel}.",
                    command=Code("relay add channel:alerts account:nasa"),
                    button=Bold(msg("Confirm")),
                    channel=Bold("#alerts"),
                )
            )
        ),
    ),
    Tone.INFO,
)

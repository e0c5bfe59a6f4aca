"""Puts the playground together."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.playground.board import Board
from adapters.playground.guard import PageSessions, PlaygroundGuard, refuse
from adapters.playground.hub import Hub
from adapters.playground.interaction import Refusal
from adapters.playground.interactions import Api
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.runs import Runs
from adapters.playground.settings import PlaygroundSettings
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, RandomBytes
from bot.core.commands.entry import Commands
from bot.core.errors import BotError, StorageUnavailable
from bot.core.messages.message import msg
from bot.core.ports import Attaching, Recovering, Remember, not_remembered
from bot.core.stores import PageLog
from bot.i18n.readers import TOLD_ALONE, Readers

STATIC = Path(__file__).parent / "static"
# Seconds a command may still take when the server stops.
GRACE = 5.0


class PlaygroundPlatform:
    """A page of channels: a `bot.core.ports.Platform`.

    app: the ASGI application, to be served at "/", as `routes` has it. tenant: whose settings it uses.
    Call `end_streams` when the server is told to stop: a web server waits for open connections, and a page's
    stream ends by itself never.
    """

    # Nobody is notified here.
    groups = None

    def __init__(self, app: Starlette, board: Board, settings: PlaygroundSettings, runs: Runs) -> None:
        self.app = app
        self.board = board
        self.settings = settings
        self.runs = runs
        self.tenant = board.tenant
        self.messenger = PlaygroundMessenger(board, settings)
        self._serving = False
        self._stopped = asyncio.Event()

    @property
    def channels(self) -> PlaygroundMessenger:
        """Finds the channels of the page."""
        return self.messenger

    @property
    def routes(self) -> tuple[BaseRoute, ...]:
        """The page, at "/"."""
        return (Mount("/", self.app),)

    @property
    def ready(self) -> bool:
        """Whether commands are taken now."""
        return self._serving

    async def open(self) -> None:
        """Create the channels the playground starts with, where they are missing."""
        if await self.board.log.channels(self.tenant):
            return
        for seed in self.settings.channels:
            await self.board.log.create_channel(self.tenant, seed.id, name=seed.id, topic=seed.topic)

    async def start(self) -> None:
        """`open`; commands come over the routes."""
        await self.open()
        self._serving = True

    async def ended(self) -> BotError | None:
        """Waits until `stop`: nobody shuts the bot out of its own page."""
        await self._stopped.wait()
        return None

    def end_streams(self) -> None:
        """Let every open page go; they connect again by themselves."""
        self.board.hub.close()

    async def quiet(self) -> None:
        """End the streams, take no further command, and wait a moment for those that are running."""
        self._serving = False
        self.end_streams()
        await self.runs.close(GRACE)

    async def stop(self) -> None:
        """The same: there is nothing to disconnect."""
        await self.quiet()
        self._stopped.set()


def tenant_of(settings: PlaygroundSettings) -> TenantId:
    """Whose settings the playground uses."""
    return TenantId("playground", settings.workspace)


def create_messenger(
    log: PageLog,
    settings: PlaygroundSettings,
    hub: Hub,
    *,
    clock: Clock = time.time,
    random: RandomBytes = os.urandom,
) -> PlaygroundMessenger:
    """The messenger alone: it exists before the commands that use it. Give `create_playground` the
    same hub, and what it posts reaches open pages."""
    board = Board(log, hub, tenant_of(settings), clock=clock, random=random)
    return PlaygroundMessenger(board, settings)


def create_playground(
    commands: Commands,
    log: PageLog,
    settings: PlaygroundSettings,
    *,
    hub: Hub | None = None,
    recovery: Recovering | None = None,
    clock: Clock = time.time,
    random: RandomBytes = os.urandom,
    remember: Remember = not_remembered,
    readers: Readers = TOLD_ALONE,
    attaching: Attaching | None = None,
) -> PlaygroundPlatform:
    """The playground over a log. recovery: told of channels that are made.

    clock: epoch seconds; random: that many random bytes. remember: told of each session, for the log.
    readers: in whose language something is said. attaching: takes in files, None where none are taken.
    """
    tenant = tenant_of(settings)
    board = Board(log, hub or Hub(), tenant, clock=clock, random=random, readers=readers)
    runs = Runs(board.hub)
    sessions = PageSessions(random, remember)
    api = Api(
        commands,
        board,
        runs,
        sessions,
        settings,
        clock=clock,
        random=random,
        recovery=recovery,
        attaching=attaching,
    )
    app = Starlette(
        routes=[
            Route("/", _page),
            *api.routes(),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(PlaygroundGuard, settings=settings, sessions=sessions)],
        exception_handlers={
            Refusal: _refused,
            HTTPException: _http_error,
            StorageUnavailable: _unavailable,
        },
    )
    return PlaygroundPlatform(app, board, settings, runs)


async def _page(request: Request) -> Response:
    del request
    return FileResponse(STATIC / "index.html")


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return refuse(error.status, error.error, error.message, request.headers)


async def _unavailable(request: Request, _error: Exception) -> Response:
    said = msg("The database does not answer. Try again in a moment.")
    return refuse(503, "storage", said, request.headers)


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return refuse(error.status_code, "http", error.detail, request.headers)

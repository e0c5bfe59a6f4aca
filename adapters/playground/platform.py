"""Puts the playground together."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.playground.board import Board
from adapters.playground.guard import PageSessions, PlaygroundGuard, refuse
from adapters.playground.hub import Hub
from adapters.playground.interactions import Api
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.payloads import Refusal
from adapters.playground.ports import Log, Random
from adapters.playground.runs import Runs
from adapters.playground.settings import PlaygroundSettings
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.entry import Commands
from bot.core.errors import StorageUnavailable
from bot.core.ports import Recovering, Remember, not_remembered

STATIC = Path(__file__).parent / "static"
# Seconds a command may still take when the server stops.
GRACE = 5.0


@dataclass(frozen=True)
class Playground:
    """app: the ASGI application, to be served or mounted at "/". messenger: posts to its channels.

    Call `open` before serving. Call `end_streams` when the server is told to stop: a web server
    waits for open connections, and a page's stream ends by itself never. Then `close`.
    """

    app: Starlette
    messenger: PlaygroundMessenger
    tenant: TenantId
    board: Board
    settings: PlaygroundSettings
    runs: Runs

    async def open(self) -> None:
        """Create the channels the playground starts with, where they are missing."""
        if await self.board.log.channels(self.tenant):
            return
        for seed in self.settings.channels:
            await self.board.log.create_channel(self.tenant, seed.id, name=seed.id, topic=seed.topic)

    def end_streams(self) -> None:
        """Let every open page go; they connect again by themselves."""
        self.board.hub.close()

    async def close(self) -> None:
        """End the streams, and wait a moment for commands that are running."""
        self.end_streams()
        await self.runs.close(GRACE)


def tenant_of(settings: PlaygroundSettings) -> TenantId:
    """Whose settings the playground uses."""
    return TenantId("playground", settings.workspace)


def create_messenger(
    log: Log,
    settings: PlaygroundSettings,
    hub: Hub,
    *,
    clock: Clock = time.time,
    random: Random = os.urandom,
) -> PlaygroundMessenger:
    """The messenger alone: it exists before the commands that use it. Give `create_playground` the
    same hub, and what it posts reaches open pages."""
    board = Board(log, hub, tenant_of(settings), clock=clock, random=random)
    return PlaygroundMessenger(board, settings)


def create_playground(
    commands: Commands,
    log: Log,
    settings: PlaygroundSettings,
    *,
    hub: Hub | None = None,
    recovery: Recovering | None = None,
    clock: Clock = time.time,
    random: Random = os.urandom,
    remember: Remember = not_remembered,
) -> Playground:
    """The playground over a log. recovery: told of channels that are made.

    clock: epoch seconds; random: that many random bytes. remember: told of each session, for the log.
    """
    tenant = tenant_of(settings)
    board = Board(log, hub or Hub(), tenant, clock=clock, random=random)
    runs = Runs(board.hub)
    sessions = PageSessions(random, remember)
    api = Api(commands, board, runs, sessions, settings, clock=clock, random=random, recovery=recovery)
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
    messenger = PlaygroundMessenger(board, settings)
    return Playground(app, messenger, tenant, board, settings, runs)


async def _page(request: Request) -> Response:
    del request
    return FileResponse(STATIC / "index.html")


async def _refused(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, Refusal):
        raise error
    return refuse(error.status, error.error, error.message)


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return refuse(503, "storage", "The database does not answer. Try again in a moment.")


async def _http_error(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, HTTPException):
        raise error
    return refuse(error.status_code, "http", error.detail)

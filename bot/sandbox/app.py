"""Putting the sandbox together as one Starlette application."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler, Lifespan, Receive, Scope, Send

from bot.sandbox import captions, checkout, control, gallery, pages, replays
from bot.sandbox.api import (
    account,
    analysis,
    autocomplete,
    broadcasts,
    communities,
    community_finding,
    community_writes,
    compose,
    direct_writes,
    discovery,
    drafts,
    draws,
    events,
    extractions,
    lists,
    media,
    monitors,
    news,
    of_tweets,
    post_monitors,
    private,
    profiles,
    reading,
    reads,
    reports,
    spaces,
    styles,
    support,
    users,
    webhooks,
    writes,
)
from bot.sandbox.calls import Operation
from bot.sandbox.config import API_PREFIX, SandboxConfig
from bot.sandbox.eventclock import EventClock
from bot.sandbox.faults import Faults
from bot.sandbox.faulty import Faulty
from bot.sandbox.guard import OwnHost
from bot.sandbox.problems import ApiProblem
from bot.sandbox.routing import Door, PathRouter
from bot.sandbox.sender import WebhookSender
from bot.sandbox.state import Sandbox

OPERATIONS: tuple[Operation, ...] = (
    *account.OPERATIONS,
    *reads.OPERATIONS,
    *of_tweets.OPERATIONS,
    *reading.OPERATIONS,
    *users.OPERATIONS,
    *reports.OPERATIONS,
    *communities.OPERATIONS,
    *broadcasts.OPERATIONS,
    *autocomplete.OPERATIONS,
    *news.OPERATIONS,
    *community_finding.OPERATIONS,
    *community_writes.OPERATIONS,
    *profiles.OPERATIONS,
    *lists.OPERATIONS,
    *spaces.OPERATIONS,
    *private.OPERATIONS,
    *direct_writes.OPERATIONS,
    *discovery.OPERATIONS,
    *compose.OPERATIONS,
    *drafts.OPERATIONS,
    *styles.OPERATIONS,
    *analysis.OPERATIONS,
    *monitors.OPERATIONS,
    *post_monitors.OPERATIONS,
    *events.OPERATIONS,
    *webhooks.OPERATIONS,
    *draws.OPERATIONS,
    *extractions.OPERATIONS,
    *media.OPERATIONS,
    *support.OPERATIONS,
    *writes.OPERATIONS,
)
"""Every operation the sandbox performs."""
_ROUTER = PathRouter(OPERATIONS)


class _Application(Starlette):
    """Starlette with the faults outside, where the server's own ``send`` is; and the guard before all."""

    def __init__(
        self,
        sandbox: Sandbox,
        routes: Sequence[BaseRoute],
        lifespan: Lifespan[Starlette],
        exception_handlers: Mapping[Any, ExceptionHandler],
    ) -> None:
        super().__init__(routes=routes, lifespan=lifespan, exception_handlers=exception_handlers)
        self._guarded = OwnHost(Faulty(super().__call__, sandbox), sandbox.config.host_names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self._guarded(scope, receive, send)


async def _internal_error(_: Request, __: Exception) -> Response:
    return ApiProblem(500, "internal_error", "The sandbox failed; its log says why.").response()


_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_sandbox(
    config: SandboxConfig,
    *,
    clock: Callable[[], float] = time.time,
    faults: Faults | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Starlette:
    """The application; its lifespan runs the event clock and the webhook sender.

    ``app.state.sandbox`` is the :class:`~bot.sandbox.state.Sandbox` inside. One application, one
    life: after its lifespan has ended it is spent.
    """
    sandbox = Sandbox(config, clock=clock, sleep=sleep, faults=faults or Faults())
    door = Door(sandbox, _ROUTER)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sender = app.state.sender = WebhookSender(sandbox)
        tasks = [asyncio.create_task(EventClock(sandbox).run()), asyncio.create_task(sender.run())]
        try:
            yield
        finally:
            sandbox.stop()
            await asyncio.gather(*tasks)
            sandbox.close()

    app = _Application(
        sandbox,
        routes=[
            # The page of a checkout lies beside what needs a key.
            *checkout.routes(sandbox),
            Route(f"{API_PREFIX}/{{rest:path}}", door.enter, methods=_METHODS),
            *gallery.routes(sandbox),
            *pages.routes(sandbox),
            *replays.routes(sandbox),
            *captions.routes(),
            *control.routes(sandbox),
        ],
        lifespan=lifespan,
        exception_handlers={Exception: _internal_error},
    )
    app.state.sandbox = sandbox
    return app

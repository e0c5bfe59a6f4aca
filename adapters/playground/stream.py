"""Server-sent events: what happens, told to one open page."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from adapters.playground import limits
from adapters.playground.board import Board, as_data
from adapters.playground.hub import PageEvent
from adapters.playground.interaction import number_of
from adapters.playground.runs import Runs

# Seconds of silence after which a comment is sent, so that a dead connection is noticed.
HEARTBEAT = 15.0
# Milliseconds a browser waits before it connects again.
_RETRY = 1000
# Seconds in which a cancelled stream says that it ends.
_LAST_WORD = 0.2


def encode(event: PageEvent) -> str:
    """One event in the text format of server-sent events."""
    identity = "" if event.id is None else f"id: {event.id}\n"
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
    return f"{identity}event: {event.kind}\ndata: {data}\n\n"


def position(request: Request) -> int | None:
    """The last message the page has: `Last-Event-ID` of a reconnecting browser, else `since`."""
    given = request.headers.get("last-event-id") or request.query_params.get("since", "")
    return number_of(given)


def stream(request: Request, board: Board, runs: Runs, person: str) -> Response:
    """Everything the person may see from `position` on, until either side ends it."""
    return _Stream(
        _lines(board, runs, person, position(request)),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


class _Stream(StreamingResponse):
    """Ends like any other answer when the server cancels it: a stream is never done by itself, and a
    server that is told to stop may lose patience before the page does."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # Nothing above waits for the cancellation: the request's task ends with this. A page
            # that reads nothing is not waited for, and nobody is left to tell of another failure.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_LAST_WORD):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lines(board: Board, runs: Runs, person: str, since: int | None) -> AsyncIterator[str]:
    # Subscribed before the log is read: what comes in between is told twice, never missed, and
    # the page knows messages by id and revision.
    subscription = board.hub.subscribe(person)
    try:
        yield f"retry: {_RETRY}\n\n"
        yield encode(PageEvent("hello", {"person": person}))
        if since is not None:
            missed = await board.log.since(board.tenant, person, since, limit=limits.REPLAY)
            for message in missed:
                yield encode(PageEvent("message", as_data(message), message.id))
        for event in runs.of(person):
            yield encode(event)
        async for live in subscription.events(HEARTBEAT):
            yield ": still here\n\n" if live is None else encode(live)  # no message: of the protocol
    finally:
        board.hub.leave(subscription)

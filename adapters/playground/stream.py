"""Server-sent events: what happens, told to one open page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from adapters.playground.board import Board, as_data
from adapters.playground.hub import Event
from adapters.playground.payloads import number_of
from adapters.playground.runs import Runs

# Seconds of silence after which a comment is sent, so that a dead connection is noticed.
HEARTBEAT = 15.0
# Milliseconds a browser waits before it connects again.
_RETRY = 1000
# A page that missed more than this reads the channel again instead.
_REPLAY = 200


def encode(event: Event) -> str:
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
    return StreamingResponse(
        _lines(board, runs, person, position(request)),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _lines(board: Board, runs: Runs, person: str, since: int | None) -> AsyncIterator[str]:
    # Subscribed before the log is read: what comes in between is told twice, never missed, and
    # the page knows messages by id and revision.
    subscription = board.hub.subscribe(person)
    try:
        yield f"retry: {_RETRY}\n\n"
        yield encode(Event("hello", {"person": person}))
        if since is not None:
            missed = await board.log.since(board.tenant, person, since, limit=_REPLAY)
            for message in missed:
                yield encode(Event("message", as_data(message), message.id))
        for event in runs.of(person):
            yield encode(event)
        async for live in subscription.events(HEARTBEAT):
            yield ": still here\n\n" if live is None else encode(live)
    finally:
        board.hub.leave(subscription)

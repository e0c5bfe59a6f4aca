"""Events: the list, one event, and the stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.responses import Response, StreamingResponse

from bot.sandbox.bell import Listener
from bot.sandbox.calls import ApiCall, Operation, cursor_of, read_cursor
from bot.sandbox.emitting import event_json
from bot.sandbox.problems import ApiProblem, json_response, rate_limited
from bot.sandbox.records import EventRecord
from bot.sandbox.state import Sandbox

_DAY = 86_400.0


def _of(sandbox: Sandbox, owner: str) -> list[EventRecord]:
    """The customer's events, oldest first."""
    return [event for event in sandbox.events if event.owner == owner]


async def list_events(call: ApiCall) -> Response:
    """Newest first; the cursor is the last id shown, so new events never shift a page."""
    limit = call.integer("limit", 50, 1, 100)
    before = read_cursor(call.query("cursor", "after"))
    if before is not None and not before.isdigit():
        raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.")
    account, keyword, kind = (
        call.query("monitorId"),
        call.query("keywordMonitorId"),
        call.query("eventType"),
    )
    post = call.query("postMonitorId")
    found = [
        event
        for event in reversed(_of(call.sandbox, call.owner))
        if (before is None or int(event.id) < int(before))
        and (account is None or (event.monitor_kind == "account" and event.monitor_id == account))
        and (keyword is None or (event.monitor_kind == "keyword" and event.monitor_id == keyword))
        and (post is None or (event.monitor_kind == "post" and event.monitor_id == post))
        and kind in {None, event.type}
    ]
    page, more = found[:limit], len(found) > limit
    body: dict[str, Any] = {
        "events": [event_json(call.sandbox, event) for event in page],
        "hasMore": more,
    }
    if more:
        body["nextCursor"] = cursor_of(page[-1].id)
    return json_response(body)


async def get_event(call: ApiCall) -> Response:
    if not call.path["id"].isdigit():
        raise ApiProblem(400, "invalid_id", "Event ids are numbers.")
    event = call.sandbox.events.get(call.path["id"])
    if event is None or event.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such event.")
    return json_response(event_json(call.sandbox, event))


async def stream_events(call: ApiCall) -> Response:
    """Server-sent events: first what came after ``Last-Event-ID``, then each new event."""
    sandbox, owner = call.sandbox, call.owner
    last = call.request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdigit()):
        raise ApiProblem(400, "invalid_params", "Last-Event-ID must be an event id.")
    if sandbox.streams[owner] >= sandbox.config.stream.per_account:
        raise rate_limited(5)
    newest = max((int(event.id) for event in _of(sandbox, owner)), default=0)
    sandbox.streams[owner] += 1
    return StreamingResponse(
        _frames(sandbox, owner, int(last) if last else newest),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _frames(sandbox: Sandbox, owner: str, after: int) -> AsyncIterator[bytes]:
    rules = sandbox.config.stream
    opened = sandbox.now()
    listener = sandbox.bell.listener()
    try:
        yield b": connected\n\n"
        while not sandbox.closing.is_set() and sandbox.now() - opened < rules.longest:
            oldest = sandbox.now() - rules.replay_days * _DAY
            fresh = [e for e in _of(sandbox, owner) if int(e.id) > after and e.occurred_at >= oldest]
            for event in fresh:
                after = int(event.id)
                data = msgspec.json.encode(event_json(sandbox, event)).decode()
                yield f"id: {event.id}\nevent: {event.type}\ndata: {data}\n\n".encode()
            if not fresh and not await _news(sandbox, listener, owner, after):
                yield b": keep-alive\n\n"
    finally:
        sandbox.streams[owner] -= 1


async def _news(sandbox: Sandbox, listener: Listener, owner: str, after: int) -> bool:
    """Wait as long as a comment may stay away for an event past ``after``; whether there is one
    (or the sandbox closes)."""
    deadline = sandbox.now() + sandbox.config.stream.comment_every
    while (left := deadline - sandbox.now()) > 0:
        await listener.wait(left)
        if sandbox.closing.is_set() or any(int(e.id) > after for e in _of(sandbox, owner)):
            return True
    return False


OPERATIONS = (
    Operation("listEvents", "GET", "/events", list_events),
    Operation("getEvent", "GET", "/events/{id}", get_event),
    Operation("streamEvents", "GET", "/events/stream", stream_events),
)

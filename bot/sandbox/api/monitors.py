"""Monitors of accounts and of searches."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from starlette.responses import Response

from bot.sandbox.api.eventtypes import ALLOWED, checked
from bot.sandbox.calls import ApiCall, Operation, listed
from bot.sandbox.credits import MONITOR_HOUR
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import MonitorRecord
from bot.sandbox.world.snowflake import iso

_HANDLE = re.compile(r"^@?[A-Za-z0-9_]{1,15}$")
_LONGEST_QUERY = 512


class _NewAccountMonitor(msgspec.Struct, rename="camel"):
    username: str
    event_types: list[str]


class _NewKeywordMonitor(msgspec.Struct, rename="camel"):
    query: str
    event_types: list[str]


class _Change(msgspec.Struct, rename="camel"):
    event_types: list[str] | None = None
    is_active: bool | None = None
    name: str | msgspec.UnsetType | None = msgspec.UNSET


def _json(monitor: MonitorRecord) -> dict[str, Any]:
    subject = {"query": monitor.query} if monitor.kind == "keyword" else {
        "username": monitor.username, "xUserId": monitor.x_user_id,
    }  # fmt: skip
    paused = {"pausedReason": monitor.paused_reason, "pausedAt": monitor.paused_at and iso(monitor.paused_at)}
    return {
        "id": monitor.id,
        **subject,
        "eventTypes": monitor.event_types,
        "isActive": monitor.active,
        "createdAt": iso(monitor.created_at),
        "nextBillingAt": iso(monitor.next_billing_at),
        **({"name": monitor.name} if monitor.name is not None else {}),
        **(paused if monitor.paused_reason is not None else {}),
    }


def monitors_of(call: ApiCall, kind: str) -> list[MonitorRecord]:
    return [m for m in call.sandbox.monitors if m.owner == call.owner and m.kind == kind]


def new_monitor(
    call: ApiCall, kind: Literal["account", "keyword", "post"], event_types: list[str]
) -> MonitorRecord:
    """A monitor of nothing yet; it is due at once, for its first event and its first hour."""
    call.sandbox.credits.require(call.owner, MONITOR_HOUR)
    now = call.now
    return MonitorRecord(
        id=str(call.sandbox.store.next("monitor")),
        owner=call.owner,
        kind=kind,
        event_types=checked(event_types, ALLOWED[kind]),
        created_at=now,
        next_billing_at=now,
        next_event_at=now + call.sandbox.config.first_event_after,
    )


def _created(call: ApiCall, monitor: MonitorRecord) -> Response:
    body = _json(call.sandbox.monitors.put(monitor))
    call.sandbox.announce()
    return json_response(body, 201)


async def create_monitor(call: ApiCall) -> Response:
    new = call.shaped(_NewAccountMonitor)
    if not _HANDLE.match(new.username):
        raise ApiProblem(400, "invalid_username", "X username is empty or invalid")
    person = call.sandbox.people.by_handle(new.username)
    if person is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    if any(monitor.x_user_id == person.id for monitor in monitors_of(call, "account")):
        raise ApiProblem(409, "monitor_already_exists", f"@{person.username} is monitored already.")
    monitor = new_monitor(call, "account", new.event_types)
    monitor.username, monitor.x_user_id = person.username, person.id
    return _created(call, monitor)


async def create_keyword_monitor(call: ApiCall) -> Response:
    new = call.shaped(_NewKeywordMonitor)
    query = " ".join(new.query.split())
    if not query or len(query) > _LONGEST_QUERY:
        raise ApiProblem(400, "invalid_input", f"query must have 1 to {_LONGEST_QUERY} characters.")
    if any(monitor.query == query for monitor in monitors_of(call, "keyword")):
        raise ApiProblem(409, "monitor_already_exists", "This search is monitored already.")
    monitor = new_monitor(call, "keyword", new.event_types)
    monitor.query = query
    return _created(call, monitor)


async def _listing(call: ApiCall, kind: str) -> Response:
    found = monitors_of(call, kind)
    page = listed(call, "monitors", [(monitor.id, _json(monitor)) for monitor in found])
    return json_response({**page, "total": len(found)})


async def list_monitors(call: ApiCall) -> Response:
    return await _listing(call, "account")


async def list_keyword_monitors(call: ApiCall) -> Response:
    return await _listing(call, "keyword")


def known_monitor(call: ApiCall, kind: str) -> MonitorRecord:
    if not call.path["id"].isdigit():
        raise ApiProblem(400, "invalid_id", "Monitor ids are numbers.")
    monitor = call.sandbox.monitors.get(call.path["id"])
    if monitor is None or monitor.owner != call.owner or monitor.kind != kind:
        raise ApiProblem(404, "not_found", "No such monitor.")
    return monitor


async def get_monitor(call: ApiCall) -> Response:
    return json_response(_json(known_monitor(call, "account")))


async def get_keyword_monitor(call: ApiCall) -> Response:
    return json_response(_json(known_monitor(call, "keyword")))


async def _updated(call: ApiCall, monitor: MonitorRecord) -> Response:
    return json_response(_json(changed(call, monitor)))


def changed(call: ApiCall, monitor: MonitorRecord) -> MonitorRecord:
    """The monitor as the body wants it from now on."""
    change = call.shaped(_Change)
    if not isinstance(change.name, msgspec.UnsetType):
        monitor.name = change.name or None
    if change.event_types is not None:
        monitor.event_types = checked(change.event_types, ALLOWED[monitor.kind])
    if change.is_active and not monitor.active:
        monitor.next_event_at = call.now + call.sandbox.config.first_event_after
        monitor.next_billing_at = max(monitor.next_billing_at, call.now)
    if change.is_active:
        monitor.resume()
    elif change.is_active is False and monitor.paused_reason is None:
        monitor.active = False
    call.sandbox.monitors.put(monitor)
    call.sandbox.announce()
    return monitor


async def update_monitor(call: ApiCall) -> Response:
    return await _updated(call, known_monitor(call, "account"))


async def update_keyword_monitor(call: ApiCall) -> Response:
    return await _updated(call, known_monitor(call, "keyword"))


def _deleted(call: ApiCall, monitor: MonitorRecord) -> Response:
    forget(call, monitor)
    return json_response({"success": True})


def forget(call: ApiCall, monitor: MonitorRecord) -> None:
    """A monitor goes together with the events it made."""
    call.sandbox.monitors.delete(monitor.id)
    for event in call.sandbox.events:
        if event.monitor_id == monitor.id:
            call.sandbox.events.delete(event.id)


async def delete_monitor(call: ApiCall) -> Response:
    return _deleted(call, known_monitor(call, "account"))


async def delete_keyword_monitor(call: ApiCall) -> Response:
    return _deleted(call, known_monitor(call, "keyword"))


OPERATIONS = (
    Operation("createMonitor", "POST", "/monitors", create_monitor, "writes"),
    Operation("listMonitors", "GET", "/monitors", list_monitors),
    Operation("getMonitor", "GET", "/monitors/{id}", get_monitor),
    Operation("updateMonitor", "PATCH", "/monitors/{id}", update_monitor, "writes"),
    Operation("deleteMonitor", "DELETE", "/monitors/{id}", delete_monitor, "deletes"),
    Operation("createKeywordMonitor", "POST", "/monitors/keywords", create_keyword_monitor, "writes"),
    Operation("listKeywordMonitors", "GET", "/monitors/keywords", list_keyword_monitors),
    Operation("getKeywordMonitor", "GET", "/monitors/keywords/{id}", get_keyword_monitor),
    Operation("updateKeywordMonitor", "PATCH", "/monitors/keywords/{id}", update_keyword_monitor, "writes"),
    Operation("deleteKeywordMonitor", "DELETE", "/monitors/keywords/{id}", delete_keyword_monitor, "deletes"),
)

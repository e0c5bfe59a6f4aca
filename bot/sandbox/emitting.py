"""Turning something that happened into a stored event and one delivery for each webhook."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.sandbox.records import DeliveryRecord, EventRecord, WebhookRecord
from bot.sandbox.state import Sandbox
from bot.sandbox.world.snowflake import iso


def emit(
    sandbox: Sandbox,
    owner: str,
    event_type: str,
    data: dict[str, Any],
    *,
    monitor_id: str,
    monitor_kind: Literal["account", "keyword"],
    username: str | None = None,
    query: str | None = None,
    every_webhook: bool = False,
) -> EventRecord:
    """Store an event and queue it for the customer's active webhooks that want its type.

    ``every_webhook`` ignores their types, for kinds of event that nobody can subscribe to yet.
    """
    monitor = sandbox.monitors.get(monitor_id)
    with sandbox.store.atomic():
        event = sandbox.events.put(
            EventRecord(
                id=str(sandbox.store.next("event", 9_001)),
                owner=owner,
                type=event_type,
                monitor_id=monitor_id,
                monitor_kind=monitor_kind,
                occurred_at=sandbox.now(),
                data=msgspec.json.encode(data).decode(),
                username=username,
                query=query,
                x_user_id=monitor.x_user_id if monitor is not None else None,
            )
        )
        for webhook in sandbox.webhooks:
            if (
                webhook.owner == owner
                and webhook.active
                and (every_webhook or event_type in webhook.event_types)
            ):
                _queue(sandbox, webhook, event)
    sandbox.announce()
    return event


def _queue(sandbox: Sandbox, webhook: WebhookRecord, event: EventRecord) -> None:
    sandbox.deliveries.put(
        DeliveryRecord(
            id=str(sandbox.store.next("delivery", 501)),
            owner=webhook.owner,
            webhook_id=webhook.id,
            event_id=event.id,
            created_at=sandbox.now(),
            due_at=sandbox.now(),
        )
    )


def event_json(sandbox: Sandbox, event: EventRecord) -> dict[str, Any]:
    """An ``EventRecord`` as lists, lookups and the stream show it."""
    body: dict[str, Any] = {
        "id": event.id,
        "type": event.type,
        "monitorId": event.monitor_id,
        "monitorType": event.monitor_kind,
        "occurredAt": iso(event.occurred_at),
        "data": msgspec.json.decode(sandbox.placed(event.data)),
    }
    if event.username is not None:
        body["username"] = event.username
    if event.x_user_id is not None:
        body["xUserId"] = event.x_user_id
    if event.query is not None:
        body |= {"query": event.query, "keywordMonitorId": event.monitor_id}
    return body


def delivery_body(sandbox: Sandbox, delivery: DeliveryRecord, event: EventRecord) -> bytes:
    """The JSON that a webhook receives; the same bytes at every attempt."""
    body: dict[str, Any] = {
        "schemaVersion": 1,
        "streamEventId": event.id,
        "deliveryId": delivery.id,
        "eventType": event.type,
        "occurredAt": iso(event.occurred_at),
    }
    if event.username is not None:
        body["username"] = event.username
    if event.query is not None:
        body["query"] = event.query
    body["data"] = msgspec.Raw(sandbox.placed(event.data).encode())
    return msgspec.json.encode(body)

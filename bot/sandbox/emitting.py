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
    monitor_kind: Literal["account", "keyword", "post"],
    username: str | None = None,
    query: str | None = None,
    every_webhook: bool = False,
) -> EventRecord:
    """Store an event and queue it for the customer's active webhooks that want its type.

    ``every_webhook`` ignores their types, for kinds of event that nobody can subscribe to yet.
    """
    monitor = sandbox.monitors.get(monitor_id)
    author = sandbox.people.by_id(monitor.author_id) if monitor is not None else None
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
                monitor_name=monitor.name if monitor is not None else None,
                post_id=monitor.post_id if monitor is not None else None,
                author_id=author.id if author is not None else "",
                author_name=author.username if author is not None else "",
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
    return body | _about_post(event)


def _about_post(event: EventRecord) -> dict[str, Any]:
    """What an event of a post monitor says beside its data, and the label of any monitor."""
    body: dict[str, Any] = {}
    if event.monitor_name is not None:
        body["monitorName"] = event.monitor_name
    if event.post_id is not None:
        body |= {
            "postId": event.post_id,
            "postUrl": f"https://x.com/{event.author_name}/status/{event.post_id}",
            "authorId": event.author_id,
            "authorUsername": event.author_name,
        }
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
    if event.post_id is not None:
        body["monitorType"] = "post"
    body |= _about_post(event)
    body["data"] = msgspec.Raw(sandbox.placed(event.data).encode())
    return msgspec.json.encode(body)

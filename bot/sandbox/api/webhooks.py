"""Webhooks: where events are sent, tests, and what became of each delivery."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from bot.sandbox.api.eventtypes import checked
from bot.sandbox.calls import ApiCall, Operation, cursor_of, listed, read_cursor
from bot.sandbox.guard import may_call
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import DeliveryRecord, WebhookRecord
from bot.sandbox.sender import Attempt, WebhookSender
from bot.sandbox.world.snowflake import iso


class _NewWebhook(msgspec.Struct, rename="camel"):
    url: str
    event_types: list[str]


class _Change(msgspec.Struct, rename="camel"):
    url: str | None = None
    event_types: list[str] | None = None
    is_active: bool | None = None


def _checked_url(call: ApiCall, url: str) -> str:
    """``url`` if events may be sent there: HTTPS, or plain HTTP to this machine where allowed."""
    config = call.sandbox.config
    if not may_call(url, config.webhook_ports, plain_http=config.allow_http_webhooks):
        message = "url must be an HTTPS URL, or one of a port of this machine that webhooks may call."
        raise ApiProblem(400, "invalid_input", message)
    return url


def _json(call: ApiCall, webhook: WebhookRecord) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "eventTypes": webhook.event_types,
        "isActive": webhook.active,
        "consecutiveFailures": webhook.failures,
        "deliveryStatus": webhook.status,
        "failureHardCap": call.sandbox.config.sender.failure_cap,
        "createdAt": iso(webhook.created_at),
    }


async def create_webhook(call: ApiCall) -> Response:
    """The only answer that shows the signing secret."""
    new = call.shaped(_NewWebhook)
    webhook_id = str(call.sandbox.store.next("webhook"))
    webhook = call.sandbox.webhooks.put(
        WebhookRecord(
            id=webhook_id,
            owner=call.owner,
            url=_checked_url(call, new.url),
            secret=call.sandbox.secret(f"webhook:{webhook_id}"),
            event_types=checked(new.event_types),
            created_at=call.now,
        )
    )
    shown = ("id", "url", "eventTypes", "createdAt")
    body = _json(call, webhook)
    return json_response({**{name: body[name] for name in shown}, "secret": webhook.secret}, 201)


async def list_webhooks(call: ApiCall) -> Response:
    mine = [webhook for webhook in call.sandbox.webhooks if webhook.owner == call.owner]
    rows = [(webhook.id, _json(call, webhook)) for webhook in mine]
    return json_response(listed(call, "webhooks", rows))


def _known(call: ApiCall) -> WebhookRecord:
    if not call.path["id"].isdigit():
        raise ApiProblem(400, "invalid_id", "Webhook ids are numbers.")
    webhook = call.sandbox.webhooks.get(call.path["id"])
    if webhook is None or webhook.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such webhook.")
    return webhook


async def update_webhook(call: ApiCall) -> Response:
    webhook, change = _known(call), call.shaped(_Change)
    if change.url is not None:
        webhook.url = _checked_url(call, change.url)
    if change.event_types is not None:
        webhook.event_types = checked(change.event_types)
    if change.is_active is not None:
        webhook.active = change.is_active
        webhook.status = "active" if change.is_active else "paused"
        webhook.failures = 0 if change.is_active else webhook.failures
    return json_response(_json(call, call.sandbox.webhooks.put(webhook)))


async def delete_webhook(call: ApiCall) -> Response:
    call.sandbox.webhooks.delete(_known(call).id)
    return json_response({"success": True})


async def _send_test(call: ApiCall, webhook: WebhookRecord) -> Attempt:
    sender: WebhookSender = call.request.app.state.sender
    body = {
        "eventType": "webhook.test",
        "data": {"message": "Test delivery from Xquik"},
        "timestamp": iso(call.now),
    }
    return await sender.post(webhook, msgspec.json.encode(body))


def _failure(attempt: Attempt) -> dict[str, Any]:
    error = attempt.error or f"The endpoint answered HTTP {attempt.status}."
    return {"success": False, "statusCode": attempt.status, "error": error}


async def test_webhook(call: ApiCall) -> Response:
    webhook = _known(call)
    if not webhook.active:
        raise ApiProblem(400, "webhook_inactive", "Reactivate the webhook before testing.")
    attempt = await _send_test(call, webhook)
    if not attempt.arrived:
        return json_response(_failure(attempt))
    return json_response({"success": True, "statusCode": attempt.status})


async def resume_webhook(call: ApiCall) -> Response:
    """Test the endpoint, and only if it answers well switch the webhook on again."""
    webhook = _known(call)
    attempt = await _send_test(call, webhook)
    if not attempt.arrived:
        return json_response(_failure(attempt), 400)
    webhook.active, webhook.status, webhook.failures = True, "active", 0
    call.sandbox.webhooks.put(webhook)
    return json_response({"success": True, "statusCode": attempt.status, "webhook": _json(call, webhook)})


def _delivery_json(delivery: DeliveryRecord) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": delivery.id,
        "streamEventId": delivery.event_id,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "createdAt": iso(delivery.created_at),
    }
    if delivery.delivered_at is not None:
        body["deliveredAt"] = iso(delivery.delivered_at)
    if delivery.last_status is not None:
        body["lastStatusCode"] = delivery.last_status
    if delivery.last_error is not None:
        body["lastError"] = delivery.last_error
    return body


async def list_deliveries(call: ApiCall) -> Response:
    """Newest first."""
    webhook = _known(call)
    limit = call.integer("limit", 100, 1, 100)
    before = read_cursor(call.query("cursor", "after"))
    if before is not None and not before.isdigit():
        raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.")
    found = [
        delivery
        for delivery in reversed(list(call.sandbox.deliveries))
        if delivery.webhook_id == webhook.id and (before is None or int(delivery.id) < int(before))
    ]
    page, more = found[:limit], len(found) > limit
    body: dict[str, Any] = {
        "deliveries": [_delivery_json(delivery) for delivery in page],
        "hasMore": more,
    }
    if more:
        body["nextCursor"] = cursor_of(page[-1].id)
    return json_response(body)


OPERATIONS = (
    Operation("createWebhook", "POST", "/webhooks", create_webhook, "writes"),
    Operation("listWebhooks", "GET", "/webhooks", list_webhooks),
    Operation("updateWebhook", "PATCH", "/webhooks/{id}", update_webhook, "writes"),
    Operation("deleteWebhook", "DELETE", "/webhooks/{id}", delete_webhook, "deletes"),
    Operation("testWebhook", "POST", "/webhooks/{id}/test", test_webhook, "writes"),
    Operation("resumeWebhook", "POST", "/webhooks/{id}/resume", resume_webhook, "writes"),
    Operation("listWebhookDeliveries", "GET", "/webhooks/{id}/deliveries", list_deliveries),
)

"""The endpoints that Xquik delivers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.core.errors import Rejected
from bot.xquik.models import CreatedWebhook, DeliveryAttempts, Page, Webhook, WebhookTest, parse, parse_page
from bot.xquik.resources.changes import changes
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

_CODE: Final = re.compile(r"[a-z0-9_]+", re.ASCII)
"""What machine-readable codes of errors look like."""


class WebhooksResource(Resource):
    """The webhooks of an account."""

    async def list(self) -> tuple[Webhook, ...]:
        """The registered endpoints, without their secrets, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[Webhook]:
            return parse_page(
                Webhook, await self._caller.get("/webhooks", {"cursor": cursor}), "webhooks", strict=True
            )

        return await whole(fetch, identity=lambda one: one.id)

    async def deliveries(
        self, webhook_id: str, *, cursor: str | None = None, rows: int = 100
    ) -> Page[DeliveryAttempts]:
        """What was sent to an endpoint, newest first; rows: 1–100. Free."""
        query = {"cursor": cursor, "limit": rows}
        body = await self._caller.get(f"/webhooks/{segment(webhook_id)}/deliveries", query)
        return parse_page(DeliveryAttempts, body, "deliveries")

    async def create(self, url: str, event_types: Sequence[str]) -> CreatedWebhook:
        """Register an HTTPS endpoint. Its secret is in this answer and never shown again."""
        body = {"url": url, "eventTypes": list(event_types)}
        return CreatedWebhook.from_body(
            (await self._caller.ask("POST", "/webhooks", kind="write", json=body)).body
        )

    async def update(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> Webhook:
        """Change an endpoint."""
        body = changes(event_types, is_active) | ({} if url is None else {"url": url})
        answer = await self._caller.ask("PATCH", f"/webhooks/{segment(webhook_id)}", kind="write", json=body)
        return parse(Webhook, answer.body)

    async def test(self, webhook_id: str) -> WebhookTest:
        """Have Xquik send a signed `webhook.test`; Conflict when the endpoint is switched off."""
        answer = await self._caller.ask("POST", f"/webhooks/{segment(webhook_id)}/test", kind="write")
        return parse(WebhookTest, answer.body)

    async def resume(self, webhook_id: str) -> WebhookTest:
        """Test an endpoint that was stopped and, when the test holds, switch it on again. A test that does
        not hold is an answer of this, not an error."""
        try:
            answer = await self._caller.ask("POST", f"/webhooks/{segment(webhook_id)}/resume", kind="write")
        except Rejected as error:
            # Answered as a 400 that has a sentence of the sender where others have a code.
            if error.code is None or _CODE.fullmatch(error.code):
                raise
            return WebhookTest(success=False, error=error.code)
        return parse(WebhookTest, answer.body)

    async def delete(self, webhook_id: str) -> None:
        """Remove an endpoint."""
        await self._caller.ask("DELETE", f"/webhooks/{segment(webhook_id)}", kind="delete")

"""What a tenant sets up at Xquik: monitors, webhooks and drafts. Sent once; nothing here posts on X."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import msgspec

from bot.core.errors import Conflict
from bot.core.text.sameness import same
from bot.xquik.models import (
    CreatedWebhook,
    Draft,
    KeywordMonitor,
    Monitor,
    Page,
    Webhook,
    WebhookTest,
    parse,
    parse_page,
)
from bot.xquik.resources.paging import whole
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

T = TypeVar("T")
MonitorsSeen: TypeAlias = Callable[[Sequence[Monitor]], Awaitable[object]]
"""Told of the monitors that stand at Xquik."""


class XquikSetup:
    """The set-up requests of one tenant. Errors are those of `Transport.request`."""

    def __init__(self, caller: Caller, seen: MonitorsSeen | None = None) -> None:
        """seen: told of the monitors of accounts in every answer."""
        self._caller = caller
        self._seen = seen

    async def create_monitor(self, username: str, event_types: Sequence[str]) -> Monitor:
        """Watch an X account. One that is watched already is returned with `existed=True`; its event
        types stay as they were. `prices.MONITOR_PER_HOUR` while active."""
        body = {"username": username, "eventTypes": list(event_types)}
        try:
            answer = await self._caller.ask("POST", "/monitors", kind="write", json=body)
        except Conflict as conflict:
            wanted = username.lstrip("@").casefold()
            for monitor in await self.monitors():
                if monitor.username.casefold() == wanted:
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return (await self._told([parse(Monitor, answer.body)]))[0]

    async def create_keyword_monitor(self, query: str, event_types: Sequence[str]) -> KeywordMonitor:
        """Watch a search (1–512 characters); an existing one is returned with `existed=True`."""
        body = {"query": query, "eventTypes": list(event_types)}
        try:
            answer = await self._caller.ask("POST", "/monitors/keywords", kind="write", json=body)
        except Conflict as conflict:
            for monitor in await self.keyword_monitors():
                if same(monitor.query, query):
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return parse(KeywordMonitor, answer.body)

    async def monitors(self) -> tuple[Monitor, ...]:
        """The monitors of X accounts, all pages. Free."""
        return await self._told(await self._all(Monitor, "/monitors", lambda one: one.id))

    async def _told(self, monitors: Sequence[Monitor]) -> tuple[Monitor, ...]:
        if self._seen is not None:
            await self._seen(monitors)
        return tuple(monitors)

    async def keyword_monitors(self) -> tuple[KeywordMonitor, ...]:
        """The monitors of searches, all pages. Free."""
        return await self._all(KeywordMonitor, "/monitors/keywords", lambda one: one.id)

    async def _all(self, kind: type[T], path: str, identity: Callable[[T], str]) -> tuple[T, ...]:
        async def fetch(cursor: str | None) -> Page[T]:
            return parse_page(kind, await self._caller.get(path, {"cursor": cursor}), "monitors")

        return await whole(fetch, identity=identity)

    async def update_monitor(
        self,
        monitor_id: str,
        *,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> Monitor:
        """Change what a monitor reports, or pause and resume it."""
        body = _changes(event_types, is_active)
        answer = await self._caller.ask("PATCH", f"/monitors/{segment(monitor_id)}", kind="write", json=body)
        return parse(Monitor, answer.body)

    async def update_keyword_monitor(
        self,
        monitor_id: str,
        *,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> KeywordMonitor:
        """Change what a keyword monitor reports, or pause and resume it."""
        path = f"/monitors/keywords/{segment(monitor_id)}"
        answer = await self._caller.ask("PATCH", path, kind="write", json=_changes(event_types, is_active))
        return parse(KeywordMonitor, answer.body)

    async def delete_monitor(self, monitor_id: str) -> None:
        """Stop watching an account and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"/monitors/{segment(monitor_id)}", kind="delete")

    async def delete_keyword_monitor(self, monitor_id: str) -> None:
        """Stop watching a search and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"/monitors/keywords/{segment(monitor_id)}", kind="delete")

    async def create_webhook(self, url: str, event_types: Sequence[str]) -> CreatedWebhook:
        """Register an HTTPS endpoint. Its secret is in this answer and never shown again."""
        body = {"url": url, "eventTypes": list(event_types)}
        return CreatedWebhook.from_body(
            (await self._caller.ask("POST", "/webhooks", kind="write", json=body)).body
        )

    async def update_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> Webhook:
        """Change an endpoint."""
        body = _changes(event_types, is_active) | ({} if url is None else {"url": url})
        answer = await self._caller.ask("PATCH", f"/webhooks/{segment(webhook_id)}", kind="write", json=body)
        return parse(Webhook, answer.body)

    async def test_webhook(self, webhook_id: str) -> WebhookTest:
        """Have Xquik send a signed `webhook.test`; Conflict when the endpoint is switched off."""
        answer = await self._caller.ask("POST", f"/webhooks/{segment(webhook_id)}/test", kind="write")
        return parse(WebhookTest, answer.body)

    async def resume_webhook(self, webhook_id: str) -> WebhookTest:
        """Test an endpoint that was stopped and, when the test holds, switch it on again."""
        answer = await self._caller.ask("POST", f"/webhooks/{segment(webhook_id)}/resume", kind="write")
        return parse(WebhookTest, answer.body)

    async def delete_webhook(self, webhook_id: str) -> None:
        """Remove an endpoint."""
        await self._caller.ask("DELETE", f"/webhooks/{segment(webhook_id)}", kind="delete")

    async def create_draft(self, text: str, *, topic: str | None = None, goal: str | None = None) -> Draft:
        """Save a text; goal is engagement, followers, authority or conversation. Free."""
        given = {"text": text, "topic": topic, "goal": goal}
        body = {name: value for name, value in given.items() if value is not None}
        return parse(Draft, (await self._caller.ask("POST", "/drafts", kind="write", json=body)).body)

    async def delete_draft(self, draft_id: str) -> None:
        """Delete a saved text."""
        await self._caller.ask("DELETE", f"/drafts/{segment(draft_id)}", kind="delete")


def _changes(event_types: Sequence[str] | None, is_active: bool | None) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if event_types is not None:
        body["eventTypes"] = list(event_types)
    if is_active is not None:
        body["isActive"] = is_active
    return body

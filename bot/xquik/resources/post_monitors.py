"""Monitors of single tweets. Each costs credits for as long as it is active."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.core.errors import Conflict
from bot.xquik.models import MetricHour, Page, PostMonitor, parse, parse_page
from bot.xquik.resources.changes import changes
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class PostMonitorsResource(Resource):
    """The monitors of single tweets."""

    async def create(self, post: str, event_types: Sequence[str], name: str = "") -> PostMonitor:
        """Watch a tweet, by its id; one that is watched already is returned with `existed=True`.
        `prices.MONITOR_PER_HOUR` while active."""
        body: dict[str, Any] = {"post": post, "eventTypes": list(event_types)}
        if name:
            body["name"] = name
        try:
            answer = await self._caller.ask("POST", "/monitors/posts", kind="write", json=body)
        except Conflict as conflict:
            for monitor in await self.list():
                if monitor.post_id == post:
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return parse(PostMonitor, answer.body)

    async def list(self) -> tuple[PostMonitor, ...]:
        """The monitors of single tweets with their figures, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[PostMonitor]:
            return parse_page(
                PostMonitor,
                await self._caller.get("/monitors/posts", {"cursor": cursor}),
                "monitors",
                strict=True,
            )

        return await whole(fetch, identity=lambda one: one.id)

    async def update(
        self,
        monitor_id: str,
        *,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
        name: str | None = None,
    ) -> PostMonitor:
        """Change what it reports and is called (name: "" for nothing), or pause and resume it."""
        path = f"/monitors/posts/{segment(monitor_id)}"
        body = changes(event_types, is_active, name)
        return parse(PostMonitor, (await self._caller.ask("PATCH", path, kind="write", json=body)).body)

    async def delete(self, monitor_id: str) -> None:
        """Stop watching a tweet and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"/monitors/posts/{segment(monitor_id)}", kind="delete")

    async def metrics(self, monitor_id: str, hours: int) -> tuple[MetricHour, ...]:
        """The figures of the last hours (1–720), oldest first. Free."""
        path = f"/monitors/posts/{segment(monitor_id)}/metrics"
        return parse_page(MetricHour, await self._caller.get(path, {"hours": hours}), "buckets").items

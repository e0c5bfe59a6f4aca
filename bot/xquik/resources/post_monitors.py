"""Monitors of single tweets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.xquik.models import MetricHour, PostMonitor, parse_page
from bot.xquik.resources.watches import WatchesResource
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment


class PostMonitorsResource(WatchesResource[PostMonitor]):
    """The monitors of single tweets, each with the figures of its tweet."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, PostMonitor, "/monitors/posts")

    async def create(self, post: str, event_types: Sequence[str], name: str = "") -> PostMonitor:
        """Watch a tweet, by its id; one that is watched already is returned with `existed=True`."""
        body: dict[str, Any] = {"post": post, "eventTypes": list(event_types)}
        if name:
            body["name"] = name
        return await self._made(body, lambda one: one.post_id == post)

    async def metrics(self, monitor_id: str, hours: int) -> tuple[MetricHour, ...]:
        """The figures of the last hours (1–720), oldest first. Free."""
        path = f"{self._path}/{segment(monitor_id)}/metrics"
        return parse_page(MetricHour, await self._caller.get(path, {"hours": hours}), "buckets").items

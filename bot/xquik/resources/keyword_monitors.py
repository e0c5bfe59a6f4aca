"""Monitors of searches."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.text.sameness import same
from bot.xquik.models import KeywordMonitor
from bot.xquik.resources.watches import WatchesResource
from bot.xquik.transport.caller import Caller


class KeywordMonitorsResource(WatchesResource[KeywordMonitor]):
    """The monitors of searches."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller, KeywordMonitor, "/monitors/keywords")

    async def create(self, query: str, event_types: Sequence[str]) -> KeywordMonitor:
        """Watch a search (1–512 characters); an existing one is returned with `existed=True`."""
        body = {"query": query, "eventTypes": list(event_types)}
        return await self._made(body, lambda one: same(one.query, query))

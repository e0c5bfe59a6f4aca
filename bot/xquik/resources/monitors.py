"""Monitors of X accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from bot.xquik.models import Monitor
from bot.xquik.resources.watches import WatchesResource
from bot.xquik.transport.caller import Caller

MonitorsSeen: TypeAlias = Callable[[Sequence[Monitor]], Awaitable[object]]
"""Told of the monitors that stand at Xquik."""


class MonitorsResource(WatchesResource[Monitor]):
    """The monitors of X accounts."""

    def __init__(self, caller: Caller, seen: MonitorsSeen | None = None) -> None:
        """seen: told of the monitors that are listed or made."""
        super().__init__(caller, Monitor, "/monitors")
        self._seen = seen

    async def create(self, username: str, event_types: Sequence[str]) -> Monitor:
        """Watch an X account. One that is watched already is returned with `existed=True`; its event
        types stay as they were."""
        wanted = username.lstrip("@").casefold()
        body = {"username": username, "eventTypes": list(event_types)}
        found = await self._made(body, lambda one: one.username.casefold() == wanted)
        if self._seen is not None and not found.existed:
            await self._seen((found,))
        return found

    async def list(self) -> tuple[Monitor, ...]:
        """All of them, all pages. Free."""
        found = await super().list()
        if self._seen is not None:
            await self._seen(found)
        return found

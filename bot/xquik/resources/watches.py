"""What the monitors of accounts, of searches and of single tweets have in common at Xquik."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from bot.core.errors import Conflict
from bot.xquik.models import KeywordMonitor, Monitor, Page, PostMonitor, parse, parse_page
from bot.xquik.resources.changes import changes
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

W = TypeVar("W", Monitor, KeywordMonitor, PostMonitor)


class WatchesResource(Resource, Generic[W]):
    """Monitors of one kind. Each costs `prices.MONITOR_PER_HOUR` while it is active."""

    def __init__(self, caller: Caller, kind: type[W], path: str) -> None:
        super().__init__(caller)
        self._kind: type[W] = kind
        self._path = path

    async def list(self) -> tuple[W, ...]:
        """All of them, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[W]:
            answer = await self._caller.get(self._path, {"cursor": cursor})
            return parse_page(self._kind, answer, "monitors", strict=True)

        return await whole(fetch, identity=lambda one: one.id)

    async def update(
        self,
        monitor_id: str,
        *,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
        name: str | None = None,
    ) -> W:
        """Change what it reports and is called (name: "" for nothing), or pause and resume it."""
        body = changes(event_types, is_active, name)
        path = f"{self._path}/{segment(monitor_id)}"
        return parse(self._kind, (await self._caller.ask("PATCH", path, kind="write", json=body)).body)

    async def delete(self, monitor_id: str) -> None:
        """Stop watching, and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"{self._path}/{segment(monitor_id)}", kind="delete")

    async def _made(self, body: Mapping[str, Any], is_it: Callable[[W], bool]) -> W:
        """A new one, or the one that watches the same, as it is, with `existed=True`."""
        try:
            answer = await self._caller.ask("POST", self._path, kind="write", json=body)
        except Conflict as conflict:
            for monitor in await self.list():
                if is_it(monitor):
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return parse(self._kind, answer.body)

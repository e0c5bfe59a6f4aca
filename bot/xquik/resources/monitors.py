"""Monitors of X accounts. Each costs credits for as long as it is active."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import msgspec

from bot.core.errors import Conflict
from bot.xquik.models import Monitor, Page, parse, parse_page
from bot.xquik.resources.changes import changes
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

MonitorsSeen: TypeAlias = Callable[[Sequence[Monitor]], Awaitable[object]]
"""Told of the monitors that stand at Xquik."""


class MonitorsResource(Resource):
    """The monitors of X accounts."""

    def __init__(self, caller: Caller, seen: MonitorsSeen | None = None) -> None:
        """seen: told of the monitors in every answer."""
        super().__init__(caller)
        self._seen = seen

    async def create(self, username: str, event_types: Sequence[str]) -> Monitor:
        """Watch an X account. One that is watched already is returned with `existed=True`; its event
        types stay as they were. `prices.MONITOR_PER_HOUR` while active."""
        body = {"username": username, "eventTypes": list(event_types)}
        try:
            answer = await self._caller.ask("POST", "/monitors", kind="write", json=body)
        except Conflict as conflict:
            wanted = username.lstrip("@").casefold()
            for monitor in await self.list():
                if monitor.username.casefold() == wanted:
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return (await self._told([parse(Monitor, answer.body)]))[0]

    async def list(self) -> tuple[Monitor, ...]:
        """The monitors of X accounts, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[Monitor]:
            return parse_page(
                Monitor, await self._caller.get("/monitors", {"cursor": cursor}), "monitors", strict=True
            )

        return await self._told(await whole(fetch, identity=lambda one: one.id))

    async def update(
        self,
        monitor_id: str,
        *,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
        name: str | None = None,
    ) -> Monitor:
        """Change what a monitor reports and is called (name: "" for nothing), or pause and resume it."""
        body = changes(event_types, is_active, name)
        answer = await self._caller.ask("PATCH", f"/monitors/{segment(monitor_id)}", kind="write", json=body)
        return parse(Monitor, answer.body)

    async def delete(self, monitor_id: str) -> None:
        """Stop watching an account and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"/monitors/{segment(monitor_id)}", kind="delete")

    async def _told(self, monitors: Sequence[Monitor]) -> tuple[Monitor, ...]:
        if self._seen is not None:
            await self._seen(monitors)
        return tuple(monitors)

"""Monitors of searches. Each costs credits for as long as it is active."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.core.errors import Conflict
from bot.core.text.sameness import same
from bot.xquik.models import KeywordMonitor, Page, parse, parse_page
from bot.xquik.resources.changes import changes
from bot.xquik.resources.paging import whole
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class KeywordMonitorsResource(Resource):
    """The monitors of searches."""

    async def create(self, query: str, event_types: Sequence[str]) -> KeywordMonitor:
        """Watch a search (1–512 characters); an existing one is returned with `existed=True`."""
        body = {"query": query, "eventTypes": list(event_types)}
        try:
            answer = await self._caller.ask("POST", "/monitors/keywords", kind="write", json=body)
        except Conflict as conflict:
            for monitor in await self.list():
                if same(monitor.query, query):
                    return msgspec.structs.replace(monitor, existed=True)
            raise conflict from None
        return parse(KeywordMonitor, answer.body)

    async def list(self) -> tuple[KeywordMonitor, ...]:
        """The monitors of searches, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[KeywordMonitor]:
            return parse_page(
                KeywordMonitor,
                await self._caller.get("/monitors/keywords", {"cursor": cursor}),
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
    ) -> KeywordMonitor:
        """Change what it reports and is called (name: "" for nothing), or pause and resume it."""
        path = f"/monitors/keywords/{segment(monitor_id)}"
        answer = await self._caller.ask(
            "PATCH", path, kind="write", json=changes(event_types, is_active, name)
        )
        return parse(KeywordMonitor, answer.body)

    async def delete(self, monitor_id: str) -> None:
        """Stop watching a search and delete what the monitor stored."""
        await self._caller.ask("DELETE", f"/monitors/keywords/{segment(monitor_id)}", kind="delete")

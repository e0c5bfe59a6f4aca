"""What monitors saw."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.xquik.models import EventPage, XquikEvent, parse, parse_page
from bot.xquik.resources.paging import iterate
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class EventsResource(Resource):
    """The events of an account, as they stand at Xquik."""

    async def list(
        self,
        *,
        cursor: str | None = None,
        limit: int = 100,
        monitor_id: str | None = None,
        keyword_monitor_id: str | None = None,
        post_monitor_id: str | None = None,
        event_type: str | None = None,
    ) -> EventPage:
        """What monitors saw, newest first; limit 1–100. Free."""
        query = {
            "cursor": cursor,
            "limit": limit,
            "monitorId": monitor_id,
            "keywordMonitorId": keyword_monitor_id,
            "postMonitorId": post_monitor_id,
            "eventType": event_type,
        }
        return parse_page(XquikEvent, await self._caller.get("/events", query), "events")

    async def show(self, event: str) -> XquikEvent:
        """One event by its id. Free."""
        return parse(XquikEvent, await self._caller.get(f"/events/{segment(event)}"))

    def every(self, *, max_pages: int = 1000) -> AsyncIterator[XquikEvent]:
        """All events there are, newest first, each once. Free."""
        return iterate(
            lambda cursor: self.list(cursor=cursor), identity=lambda one: one.id, max_pages=max_pages
        )

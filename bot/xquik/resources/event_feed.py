"""Events as they stand at Xquik, each as JSON bytes of its own.

Not as models: what comes this way is read by the same code as a webhook's body, and one event of an
unexpected shape must not hide the others of its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bot.core.errors import NotFound, Rejected
from bot.xquik.limits import bucket
from bot.xquik.models import Page
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import ByteStream
from bot.xquik.transport.wire import segment

PAGE: Final = 100
"""Events of a page; the API gives no more."""
ID_LIMIT: Final = 60


class RawEvent(msgspec.Struct, frozen=True):
    """An event. id: Xquik's, None when it has none that is usable; content: its JSON."""

    id: str | None
    content: bytes


class EventFeed:
    """The events of one tenant. Errors are those of `Transport.request`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def page(self, cursor: str | None = None, limit: int = PAGE) -> Page[RawEvent]:
        """What monitors saw, newest first; limit 1–100. Free."""
        body = await self._caller.get("/events", {"cursor": cursor, "limit": limit})
        rows = body.get("events")
        listed = rows if isinstance(rows, list) else []
        items = tuple(raw_event(row) for row in listed if isinstance(row, dict))
        follows = body.get("nextCursor")
        usable = follows if body.get("hasMore") is True and isinstance(follows, str) and follows else None
        return Page(items, usable is not None, usable)

    async def has(self, event: str) -> bool:
        """Whether the account behind the key has this event. Free."""
        try:
            await self._caller.get(f"/events/{segment(event)}")
        except (NotFound, Rejected):
            return False
        return True

    async def follow(self, last: str | None, idle: float) -> ByteStream:
        """The stream of events, from now on, or from behind the event `last` (at most 30 days back).

        idle: seconds of silence after which it counts as broken; Xquik sends a comment every 15. Free.
        """
        caller = self._caller
        headers = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
        if last is not None:
            headers["last-event-id"] = last
        return await caller.transport.open_stream(
            caller.key, bucket(caller.key), "/events/stream", headers=headers, idle=idle
        )


def raw_event(content: Mapping[str, Any]) -> RawEvent:
    """One event of a list or of the stream."""
    found = usable_id(content.get("id"))
    if found is not None:
        # A delivery of the same event has this id under this name: the two must be known as one.
        content = {**content, "streamEventId": found}
    return RawEvent(found, msgspec.json.encode(content))


def usable_id(value: object) -> str | None:
    """An id that can be stored, sent back in a header and compared; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= ID_LIMIT:
        return None
    plain = value.isascii() and value.isprintable() and " " not in value
    return value if plain else None

"""Tells open pages what happens while they are open.

Nothing here is durable: a page that missed something asks the log for it when it connects again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from adapters.playground.limits import BACKLOG


class PageEvent(msgspec.Struct, frozen=True):
    """One thing to tell. id: the message it carries, so that a reconnecting page can name it."""

    kind: str
    data: Mapping[str, Any]
    id: int | None = None


class Subscription:
    """One open page of one person."""

    def __init__(self, person: str) -> None:
        self.person = person
        self._queue: asyncio.Queue[PageEvent | None] = asyncio.Queue(BACKLOG)
        self._ended = False

    def give(self, event: PageEvent) -> None:
        """Queue an event, or end the subscription when the page does not keep up."""
        if self._ended:
            return
        if self._queue.full():
            self.end()
        else:
            self._queue.put_nowait(event)

    def end(self) -> None:
        """Let the page go; what is queued is dropped."""
        self._ended = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def events(self, heartbeat: float) -> AsyncIterator[PageEvent | None]:
        """Every event as it comes; None after `heartbeat` seconds of silence."""
        while True:
            try:
                event = await asyncio.wait_for(self._queue.get(), heartbeat)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event


class Hub:
    """Every open page."""

    def __init__(self) -> None:
        self._open: set[Subscription] = set()
        self._closed = False

    def subscribe(self, person: str) -> Subscription:
        """A new page of a person; `leave` it when the page is gone."""
        subscription = Subscription(person)
        self._open.add(subscription)
        if self._closed:
            subscription.end()
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Forget a page."""
        self._open.discard(subscription)

    def publish(self, event: PageEvent, viewer: str = "") -> None:
        """Tell everyone, or the pages of one person."""
        for subscription in tuple(self._open):
            if viewer in ("", subscription.person):
                subscription.give(event)

    def close(self) -> None:
        """End every stream, so that a web server can stop."""
        self._closed = True
        for subscription in tuple(self._open):
            subscription.end()

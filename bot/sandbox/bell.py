"""Waking tasks that wait for something new, without ever losing a ring."""

from __future__ import annotations

import asyncio
from weakref import WeakSet


class Listener:
    """One waiting task's ear. A ring before :meth:`wait` makes the wait return at once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring since the last wait, or after ``seconds`` without one."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()


class Bell:
    """Rings for every listener that is still held by somebody."""

    def __init__(self) -> None:
        self._listeners: WeakSet[Listener] = WeakSet()

    def listener(self) -> Listener:
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def ring(self) -> None:
        for listener in list(self._listeners):
            listener.ring()

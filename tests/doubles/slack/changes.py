"""Waiting for state without polling: whoever changes the server's state calls ``notify``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DEFAULT_TIMEOUT = 5.0


class Changes:
    """A bell for one event loop. ``until`` re-reads the state each time it rings."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def notify(self) -> None:
        for event in self._waiting:
            event.set()

    async def until(
        self, ready: Callable[[], T], timeout: float = DEFAULT_TIMEOUT, what: str = "the awaited state"
    ) -> T:
        """The first truthy result of ``ready``; ``TimeoutError`` (naming ``what``) after ``timeout``
        seconds."""
        event = asyncio.Event()
        self._waiting.add(event)
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            while not (result := ready()):
                event.clear()
                remaining = deadline - asyncio.get_running_loop().time()
                try:
                    await asyncio.wait_for(event.wait(), max(remaining, 0.0))
                except TimeoutError:
                    raise TimeoutError(f"{what} did not come about within {timeout:g} s") from None
            return result
        finally:
            self._waiting.discard(event)

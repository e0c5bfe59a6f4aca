"""Waiting for the server's state to reach a condition, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Changes:
    """A signal given after every change of state; waiters look again at what they wait for."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait_for(self, holds: Callable[[], object], timeout: float, what: str) -> None:
        """Return once `holds()` is true; TimeoutError naming `what` after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not holds():
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.add(waiter)
            try:
                async with asyncio.timeout_at(deadline):
                    await waiter
            except TimeoutError:
                raise TimeoutError(f"{what}: not within {timeout} s") from None
            finally:
                self._waiters.discard(waiter)

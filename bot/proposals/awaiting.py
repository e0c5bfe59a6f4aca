"""Clicks whose answer tells how it ended: what one person alone sees is changed by it, and by nothing else.

An outcome that such a click waits for goes into the outbox with a pause before it is delivered, and is
withdrawn from there once the person has read it. Where nobody reads it in time (the process died, the
platform took no answer any more) the outbox tells the person directly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final

from cachetools import FIFOCache

LATER: Final = 13 * 60.0
"""Seconds for which the message of such a click can still be changed: Discord takes it for 15 minutes."""
ELSEWHERE: Final = 5.0
"""Seconds after which an answer to a click looks whether another process has brought the outcome."""
MOST_KEPT: Final = 200
"""Outcomes that wait for the answer to a click: what is older goes out by itself."""


class AwaitedOutcomes:
    """Whose clicks wait, and where their outcomes wait for them. closed: nothing ends here any more."""

    def __init__(self) -> None:
        self._waiting: FIFOCache[str, asyncio.Event] = FIFOCache(MOST_KEPT)
        self._kept: FIFOCache[str, frozenset[str]] = FIFOCache(MOST_KEPT)
        self._settling: set[str] = set()
        self.closed = False

    def close(self) -> None:
        """Let all go that wait: nothing ends here any more."""
        self.closed = True
        for event in self._waiting.values():
            event.set()

    def expect(self, key: str) -> None:
        """A click on this proposal waits from now on."""
        self._waiting.setdefault(key, asyncio.Event())

    def give_up(self, key: str) -> None:
        """It waits no more."""
        self._waiting.pop(key, None)

    def settling(self, key: str) -> bool:
        """How it ended is being stored just now; whether a click waits for that."""
        awaited = key in self._waiting
        if awaited:
            self._settling.add(key)
        return awaited

    def is_settling(self, key: str) -> bool:
        """Whether it is being stored just now."""
        return key in self._settling

    def settled(self, key: str, lanes: Collection[str]) -> None:
        """It is stored, and its outcome waits in these lanes."""
        self._kept[key] = frozenset(lanes)
        if key in self._waiting:
            self._waiting[key].set()

    def over(self, key: str) -> None:
        """Nothing is under way for it here."""
        self._settling.discard(key)

    def read(self, key: str) -> frozenset[str]:
        """The person has read it in an answer: the lanes in which it waits in vain."""
        self.give_up(key)
        return self._kept.pop(key, frozenset())

    async def ended(self, key: str, within: float) -> None:
        """Return when it is settled here, and after so many seconds in any case."""
        event = self._waiting.get(key)
        try:
            async with asyncio.timeout(within):
                await (event or asyncio.Event()).wait()
        except TimeoutError:
            return

"""The fair queue of requests: in each round of the event loop only a few of one client begin.

Else whoever sends many requests at once over many connections would have them all begun in one round,
and everybody else would wait until the last of them has been worked on.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable

A_ROUND = 4

Start = Callable[[], None]
"""Begins a request, and does not raise."""


class ClientQueue:
    """The requests of one server. Those of one client begin in the order in which they came."""

    def __init__(self) -> None:
        self._begun: Counter[str] = Counter()  # in this round
        self._waiting: dict[str, deque[Start]] = {}
        self._again = False

    def take(self, client: str, start: Start) -> None:
        """Begin a request now or in a later round. start: begins it, and does not raise."""
        if client in self._waiting or self._begun[client] >= A_ROUND:
            self._waiting.setdefault(client, deque()).append(start)
        else:
            self._begun[client] += 1
            start()
        self._call_again()

    def _call_again(self) -> None:
        if not self._again:
            self._again = True
            asyncio.get_running_loop().call_soon(self._round)

    def _round(self) -> None:
        self._again = False
        self._begun.clear()
        for client, waiting in list(self._waiting.items()):
            for _ in range(min(A_ROUND, len(waiting))):
                self._begun[client] += 1
                waiting.popleft()()
            if not waiting:
                del self._waiting[client]
        if self._begun:
            self._call_again()

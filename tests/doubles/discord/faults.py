"""Ordered faults: answers, delays, cuts, gates, and rate limits that the real discord.py obeys."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: JSON body (None for an empty one) and additional headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` matching requests (None: to all of them).

    `path` is a glob over the path without "/api/v10" ("/channels/*/messages"). `cut` is "before"
    (nothing is performed) or "after" (performed, and the answer is lost).
    """

    method: str
    path: str
    times: int | None = 1
    answer: Answer | None = None
    delay: float = 0.0
    cut: str | None = None
    gate: Gate | None = None

    def matches(self, method: str, path: str) -> bool:
        return self.times != 0 and self.method in ("*", method) and fnmatchcase(path, self.path)

    async def hold(self) -> None:
        """Wait as ordered: the delay, then the gate."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.gate is not None:
            await self.gate.hold()


class Gate:
    """Holds requests before they are performed: `await gate.reached()`, look or kill, then
    `gate.open()`.
    """

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._open = asyncio.Event()

    async def reached(self, timeout: float = 20.0) -> None:
        async with asyncio.timeout(timeout):
            await self._reached.wait()

    def open(self) -> None:
        self._open.set()

    async def hold(self) -> None:
        self._reached.set()
        await self._open.wait()


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._ordered.append(fault)
        return fault

    def clear(self) -> None:
        self._ordered.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The oldest fault still due for this request, counted down."""
        for fault in self._ordered:
            if fault.matches(method, path):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


def too_many(retry_after: float, *, everywhere: bool = False) -> Answer:
    """Discord's 429. discord.py takes one without `Via` for a ban by the proxy in front, and gives
    up.
    """
    scope = "global" if everywhere else "user"
    headers = {"Retry-After": f"{retry_after:.3f}", "Via": "1.1 google", "X-RateLimit-Scope": scope}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    return Answer(429, body, headers)


def window(bucket: str, count: int, left: int, seconds: float) -> dict[str, str]:
    """The headers that announce a rate limit: how many requests are left until it starts anew."""
    return {
        "X-RateLimit-Limit": str(count),
        "X-RateLimit-Remaining": str(max(0, left)),
        "X-RateLimit-Reset": f"{time.time() + seconds:.3f}",
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


@dataclass(slots=True)
class Limit:
    """A fixed window of `count` requests in `seconds`, for each path that matches the glob (so:
    each channel).
    """

    method: str
    path: str
    count: int
    seconds: float
    bucket: str = field(default_factory=lambda: secrets.token_hex(8))


class RateLimits:
    """Buckets run on real time, because discord.py sleeps in real time."""

    def __init__(self, global_per_second: int | None) -> None:
        self._global = global_per_second
        self._limits: list[Limit] = []
        self._windows: dict[str, tuple[float, int]] = {}  # key → (end, used)

    def add(self, limit: Limit) -> None:
        self._limits.append(limit)

    def spend(self, method: str, path: str) -> tuple[dict[str, str], Answer | None]:
        """Headers for the answer, and the 429 to give instead if the window is spent."""
        if self._global and not path.startswith(("/interactions/", "/webhooks/")):
            left, end = self._use("global", self._global, 1.0)
            if left < 0:
                return {}, too_many(max(0.001, end - time.monotonic()), everywhere=True)
        for limit in self._limits:
            if limit.method in ("*", method) and fnmatchcase(path, limit.path):
                left, end = self._use(f"{limit.bucket} {path}", limit.count, limit.seconds)
                wait = max(0.001, end - time.monotonic())
                headers = window(limit.bucket, limit.count, left, wait)
                return headers, too_many(wait) if left < 0 else None
        return {}, None

    def _use(self, key: str, count: int, seconds: float) -> tuple[int, float]:
        now = time.monotonic()
        end, used = self._windows.get(key, (0.0, 0))
        if now >= end:
            end, used = now + seconds, 0
        self._windows[key] = (end, used + 1)
        return count - used - 1, end

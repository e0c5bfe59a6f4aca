"""Client-side rate limits: fixed windows, one set for each key.

Xquik counts requests per account in fixed windows. Counting here too means that a busy tenant waits
a moment instead of burning requests on 429 answers, and that one account never slows another
down. Tenants that share a key share its windows, as they do at Xquik.
Defaults are the newer documented limits; older documents say 10/s, 30/min and 15/min, so every
window is a setting.
"""

from __future__ import annotations

import hashlib
import time
from asyncio import sleep as asyncio_sleep
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import SecretStr

from bot.core.errors import RateLimited

Clock = Callable[[], float]
"""Seconds from any fixed start, never going back (`time.monotonic`)."""
Sleep = Callable[[float], Awaitable[None]]
Kind = Literal["read", "write", "follow", "delete", "spend"]
"""What a request does. `follow` is a write X watches closely; `spend` costs credits, without a key."""

_DAY = 86_400.0


def bucket(key: SecretStr) -> str:
    """What the requests of a key are counted under: tells nothing about the key."""
    return hashlib.sha256(key.get_secret_value().encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in each fixed window of `seconds`."""

    limit: int
    seconds: float

    def __post_init__(self) -> None:
        if self.limit < 1 or self.seconds <= 0:
            raise ValueError("a window needs a limit of at least 1 and a positive length in seconds")


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The windows of each kind of request, and how long a request may be held back for them."""

    read: tuple[Window, ...] = (Window(300, 1.0),)
    write: tuple[Window, ...] = (Window(120, 60.0),)
    delete: tuple[Window, ...] = (Window(60, 60.0),)
    follow: tuple[Window, ...] = (Window(20, 60.0), Window(400, _DAY))
    longest_wait: float = 4.0
    tenants_remembered: int = 10_000

    def groups(self, kind: Kind) -> tuple[tuple[str, tuple[Window, ...]], ...]:
        """The named groups of windows that one request of this kind counts against."""
        match kind:
            case "read":
                return (("read", self.read),)
            case "delete":
                return (("delete", self.delete),)
            case "follow":
                return (("write", self.write), ("follow", self.follow))
            case "write" | "spend":
                return (("write", self.write),)


@dataclass(slots=True)
class _Count:
    """How much of one window is used. `ends` is on the limiter's clock."""

    window: Window
    ends: float
    used: int = 0


@dataclass(slots=True)
class _Tenant:
    counts: dict[tuple[str, int], _Count] = field(default_factory=dict)
    held_until: dict[str, float] = field(default_factory=dict)


class RateLimiter:
    """Lets requests through as the windows allow; waits a little, and refuses what would wait long."""

    def __init__(
        self,
        limits: RateLimits | None = None,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio_sleep,
    ) -> None:
        self._limits = limits or RateLimits()
        self._clock = clock
        self._sleep = sleep
        self._tenants: OrderedDict[str, _Tenant] = OrderedDict()

    async def acquire(self, tenant: str, kind: Kind) -> None:
        """Take one place for a request of `tenant`.

        Raises RateLimited, with the seconds to wait, when the wait would exceed `longest_wait`;
        nothing is counted then.
        """
        waited = 0.0
        while (delay := self._take(tenant, kind)) > 0:
            if waited + delay > self._limits.longest_wait:
                raise RateLimited(
                    "This workspace has used up its requests to Xquik for the moment. Nothing was sent.",
                    remedy=f"Try again in {_in_words(delay)}.",
                    code="client_rate_limit",
                    retry_after=delay,
                )
            waited += delay
            await self._sleep(delay)

    def hold(self, tenant: str, kind: Kind, seconds: float) -> None:
        """Xquik answered 429: let no further request of this kind out for `seconds`."""
        until = self._clock() + seconds
        held = self._tenant(tenant).held_until
        group = self._limits.groups(kind)[-1][0]
        held[group] = max(until, held.get(group, until))

    def _take(self, tenant: str, kind: Kind) -> float:
        """Count the request and return 0, or count nothing and return the seconds to wait."""
        now = self._clock()
        state = self._tenant(tenant)
        counts: list[_Count] = []
        delay = 0.0
        for group, windows in self._limits.groups(kind):
            delay = max(delay, state.held_until.get(group, now) - now)
            for index, window in enumerate(windows):
                count = state.counts.get((group, index))
                if count is None or now >= count.ends:
                    count = _Count(window, now + window.seconds)
                    state.counts[group, index] = count
                if count.used >= window.limit:
                    delay = max(delay, count.ends - now)
                counts.append(count)
        if delay <= 0:
            for count in counts:
                count.used += 1
        return delay

    def _tenant(self, tenant: str) -> _Tenant:
        """The tenant's counts; the tenant not seen for longest is forgotten beyond the bound."""
        state = self._tenants.get(tenant)
        if state is None:
            state = self._tenants[tenant] = _Tenant()
            while len(self._tenants) > self._limits.tenants_remembered:
                self._tenants.popitem(last=False)
        self._tenants.move_to_end(tenant)
        return state

    def __len__(self) -> int:
        """How many tenants are remembered."""
        return len(self._tenants)


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"

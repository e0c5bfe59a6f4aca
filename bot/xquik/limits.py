"""Client-side rate limits: one set of windows for each key.

Xquik counts requests per account in fixed windows, and does not say when they begin. So what counts here
are the requests of the last so many seconds: however its windows lie, none gets more than its limit, and
none of them finds the reserve used up. Counting here means that a busy tenant waits
a moment instead of burning requests on 429 answers, and that one account never slows another
down. Tenants that share a key share its windows, as they do at Xquik. Within a window each person has a
share, and people together leave a reserve to what was confirmed and to the relay: whatever one person
repeats, others and every Confirm go on. Each process counts for itself.
Defaults are the newer documented limits; older documents say 10/s, 30/min and 15/min, so every
window is a setting.
"""

from __future__ import annotations

import hashlib
import math
import time
from asyncio import sleep as asyncio_sleep
from collections import deque
from dataclasses import dataclass, field
from typing import Literal, assert_never

import msgspec
from cachetools import LRUCache
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import RateLimited
from bot.core.messages.message import Message, msg, nmsg

Kind = Literal["read", "paid", "write", "follow", "delete", "spend"]
"""What a request does. `paid` only looks, for credits; `spend` does something for credits, without a key;
`follow` is a write X watches closely."""
Counted = Literal["read", "write", "follow", "delete"]
"""As what Xquik counts a request: by its method, whatever it does (docs.xquik.com/guides/rate-limits)."""

_DAY = 86_400.0
# Seconds that a person waits for the own share: the end of a window of reads, and no longer.
_OWN_PATIENCE = 1.0


def counted_as(method: str, kind: Kind) -> Counted:
    """The class of a request. One that only looks but is a POST (`/compose`) counts as a write."""
    if kind == "follow":
        return "follow"
    match method.upper():
        case "GET" | "HEAD" | "OPTIONS":
            return "read"
        case "DELETE":
            return "delete"
        case _:
            return "write"


def bucket(key: SecretStr) -> str:
    """What the requests of a key are counted under: tells nothing about the key."""
    return hashlib.sha256(key.get_secret_value().encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `seconds`."""

    limit: int
    seconds: float

    def __post_init__(self) -> None:
        if self.limit < 1 or self.seconds <= 0:
            raise ValueError("a window needs a limit of at least 1 and a positive length in seconds")


class RateLimits(msgspec.Struct, frozen=True):
    """The windows of each class of request, and how long a request may be held back for them.

    share: the part of each window that one person may use; reserve: the part that is kept from all
    people together, for what was confirmed and for the relay.
    """

    read: tuple[Window, ...] = (Window(300, 1.0),)
    write: tuple[Window, ...] = (Window(120, 60.0),)
    delete: tuple[Window, ...] = (Window(60, 60.0),)
    follow: tuple[Window, ...] = (Window(20, 60.0), Window(400, _DAY))
    share: float = 0.25
    reserve: float = 0.25
    longest_wait: float = 4.0
    tenants_remembered: int = 10_000

    def groups(self, counted: Counted) -> tuple[tuple[str, tuple[Window, ...]], ...]:
        """The named groups of windows that one request of this class counts against."""
        match counted:
            case "read":
                return (("read", self.read),)
            case "delete":
                return (("delete", self.delete),)
            case "follow":
                return (("write", self.write), ("follow", self.follow))
            case "write":
                return (("write", self.write),)
            case _:
                assert_never(counted)

    def of_a_person(self, window: Window) -> int:
        """How many requests of a window one person may make."""
        return max(1, math.floor(window.limit * self.share))

    def of_all_people(self, window: Window) -> int:
        """How many requests of a window all people together may make."""
        return max(1, window.limit - math.ceil(window.limit * self.reserve))


class _Past:
    """The moments of the requests that count against a limit now, oldest first."""

    __slots__ = ("_moments",)

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def wait(self, limit: int, seconds: float, now: float) -> float:
        """Seconds until one more would be within the limit; 0 when it is now."""
        while self._moments and self._moments[0] + seconds <= now:
            self._moments.popleft()
        return self._moments[0] + seconds - now if len(self._moments) >= limit else 0.0

    def add(self, now: float) -> None:
        """One more request."""
        self._moments.append(now)

    def ended(self, seconds: float, now: float) -> bool:
        """Whether none of it counts any more."""
        return not self._moments or self._moments[-1] + seconds <= now


@dataclass(slots=True)
class _Count:
    """What counts of one window, in all and by whom: no more moments than its limit."""

    window: Window
    used: _Past = field(default_factory=_Past)
    by_people: _Past = field(default_factory=_Past)
    people: dict[str, _Past] = field(default_factory=dict)

    def delay(self, asker: Asker, limits: RateLimits, now: float) -> tuple[float, bool]:
        """Seconds until the asker may make one more, and whether it is their own share that is used up."""
        seconds = self.window.seconds
        if (wait := self.used.wait(self.window.limit, seconds, now)) > 0 or not asker.is_person:
            return wait, False
        own = self.people.get(asker.person)
        if own is not None and (wait := own.wait(limits.of_a_person(self.window), seconds, now)) > 0:
            return wait, True
        return self.by_people.wait(limits.of_all_people(self.window), seconds, now), False

    def add(self, asker: Asker, now: float) -> None:
        """One more request."""
        self.used.add(now)
        if not asker.is_person:
            return
        self.by_people.add(now)
        # Who asked last stands last. Nobody is left out for want of room: who has no request that counts is.
        own = self.people.pop(asker.person, None) or _Past()
        own.add(now)
        self.people[asker.person] = own
        while (first := next(iter(self.people.items())))[1].ended(self.window.seconds, now):
            del self.people[first[0]]


@dataclass(slots=True)
class _Tenant:
    counts: dict[tuple[str, int], _Count] = field(default_factory=dict)
    held_until: dict[str, float] = field(default_factory=dict)


class RateLimiter:
    """Lets requests through as the windows allow; waits a little, and refuses what would wait long.

    Nobody queues: who waits looks again when there is room, so whoever may go meanwhile goes.
    """

    def __init__(
        self,
        limits: RateLimits | None = None,
        *,
        clock: Monotonic = time.monotonic,
        sleep: Sleep = asyncio_sleep,
    ) -> None:
        self._limits = limits or RateLimits()
        self._clock = clock
        self._sleep = sleep
        self._tenants: LRUCache[str, _Tenant] = LRUCache(self._limits.tenants_remembered)

    async def acquire(self, tenant: str, counted: Counted, asker: Asker = OURSELVES) -> None:
        """Take one place for a request of `tenant` that `asker` wants.

        Raises RateLimited, with the seconds to wait, when the wait would exceed `longest_wait`, or the
        person's own share is used up for longer than a short window; nothing is counted then.
        """
        waited = 0.0
        while True:
            delay, own = self._take(tenant, counted, asker)
            if delay <= 0:
                return
            if waited + delay > (_OWN_PATIENCE if own else self._limits.longest_wait):
                raise _refused(delay, own=own)
            waited += delay
            await self._sleep(delay)

    def hold(self, tenant: str, counted: Counted, seconds: float) -> None:
        """Xquik answered 429: let no further request of this class out for `seconds`."""
        until = self._clock() + seconds
        held = self._tenant(tenant).held_until
        group = self._limits.groups(counted)[-1][0]
        held[group] = max(until, held.get(group, until))

    def _take(self, tenant: str, counted: Counted, asker: Asker) -> tuple[float, bool]:
        """Count the request and return 0 seconds, or count nothing and return the seconds to wait, and
        whether that is for the person's own share."""
        now = self._clock()
        state = self._tenant(tenant)
        counts: list[_Count] = []
        delay, own = 0.0, False
        for group, windows in self._limits.groups(counted):
            delay = max(delay, state.held_until.get(group, now) - now)
            for index, window in enumerate(windows):
                count = state.counts.get((group, index))
                if count is None:
                    count = state.counts[group, index] = _Count(window)
                wait, theirs = count.delay(asker, self._limits, now)
                delay, own = max(delay, wait), own or theirs
                counts.append(count)
        if delay <= 0:
            for count in counts:
                count.add(asker, now)
        return delay, own

    def _tenant(self, tenant: str) -> _Tenant:
        """The tenant's counts; the tenant not seen for longest is forgotten beyond the bound."""
        state = self._tenants.get(tenant)
        if state is None:
            state = self._tenants[tenant] = _Tenant()
        return state

    def __len__(self) -> int:
        """How many tenants are remembered."""
        return len(self._tenants)


def _refused(delay: float, *, own: bool) -> RateLimited:
    wait = _in_words(delay)
    if own:
        return RateLimited(
            msg("You have used up your share of the requests to Xquik for the moment. Nothing was sent."),
            remedy=msg("Try again in {wait}. Nobody else is affected.", wait=wait),
            code="client_rate_limit",
            retry_after=delay,
        )
    return RateLimited(
        msg("All requests to Xquik that are allowed here are used up for the moment. Nothing was sent."),
        remedy=msg("Try again in {wait}.", wait=wait),
        code="client_rate_limit",
        retry_after=delay,
    )


def _in_words(seconds: float) -> Message:
    if seconds < 90:
        return nmsg("{n} second", "{n} seconds", n=max(1, round(seconds)))
    if seconds < 5400:
        return nmsg("{n} minute", "{n} minutes", n=round(seconds / 60))
    return nmsg("{n} hour", "{n} hours", n=round(seconds / 3600))

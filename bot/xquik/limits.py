"""Client-side rate limits: one set of windows for each key.

Xquik counts requests per account in fixed windows, and does not say when they begin. So what counts here
are the requests of the last so many seconds: however its windows lie, none gets more than its limit, and
none of them finds the reserve used up. Counting here means that a busy tenant waits
a moment instead of burning requests on 429 answers, and that one account never slows another
down. Tenants that share a key share its windows, as they do at Xquik. Within a window each person has a
share, and people together leave a reserve to what was confirmed and to the relay: whatever one person
repeats, others and every Confirm go on. Processes that share a PostgreSQL database share the windows too
(`bot.core.shares`); otherwise each counts for itself.
Defaults are the newer documented limits; older documents say 10/s, 30/min and 15/min, so every
window is a setting.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, assert_never

import msgspec
from cachetools import LRUCache
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import RateLimited, StorageUnavailable
from bot.core.messages.message import Message, msg, nmsg
from bot.core.shares import Portion, Share, SharedWindows, Wish
from bot.core.tasks import TaskSet
from bot.xquik.counts import LOOK_AGAIN, Count

Kind = Literal["read", "paid", "write", "follow", "delete", "spend"]
"""What a request does. `paid` only looks, for credits; `spend` does something for credits, without a key;
`follow` is a write X watches closely."""
Counted = Literal["read", "write", "follow", "delete"]
"""As what Xquik counts a request: by its method, whatever it does (docs.xquik.com/guides/rate-limits)."""

_DAY = 86_400.0
# Seconds that a person waits for the own share: the end of a window of reads, and no longer.
_OWN_PATIENCE = 1.0
# Seconds in which what others do not use has come here.
_SOON = 1.0
# Seconds that a request waits for the database, and for which it is not asked again when it is away.
_ANSWER = 1.0
_AWAY = 2.0


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


@dataclass(slots=True)
class _Tenant:
    """until: when what is shared has to be asked for anew. asking: who does so. idle_until: before which
    asking again would give nothing."""

    counts: dict[tuple[str, int], Count] = field(default_factory=dict)
    held_until: dict[str, float] = field(default_factory=dict)
    until: float = float("-inf")
    idle_until: float = float("-inf")
    asking: asyncio.Task[None] | None = None


class _Delay(msgspec.Struct, frozen=True):
    """seconds until one more request; 0: it was counted. own: for the person's own share. short: only for
    want of this process's part of `window` seconds."""

    seconds: float
    own: bool = False
    short: bool = False
    window: float = 0.0


class RateLimiter:
    """Lets requests through as the windows allow; waits a little, and refuses what would wait long.

    Nobody queues: who waits looks again when there is room, so whoever may go meanwhile goes.
    shared: where other processes use the same keys; without it this one has every window to itself.
    """

    def __init__(
        self,
        limits: RateLimits | None = None,
        *,
        clock: Monotonic = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        shared: SharedWindows | None = None,
    ) -> None:
        self._limits = limits or RateLimits()
        self._clock = clock
        self._sleep = sleep
        self._shared = shared
        self._tasks = TaskSet()
        self._tenants: LRUCache[str, _Tenant] = LRUCache(self._limits.tenants_remembered)
        if shared is not None:
            shared.tell(self._pressed, self._hold, self._missed)

    async def acquire(self, tenant: str, counted: Counted, asker: Asker = OURSELVES) -> None:
        """Take one place for a request of `tenant` that `asker` wants.

        Raises RateLimited, with the seconds to wait, when the wait would exceed `longest_wait`, or the
        person's own share is used up for longer than a short window; nothing is counted then.
        """
        waited = 0.0
        while True:
            delay = self._take(tenant, counted, asker)
            if delay.seconds <= 0:
                return
            if delay.short and self._shared is not None and await self._asked(tenant, self._shared):
                continue
            longest = _OWN_PATIENCE if delay.own else self._limits.longest_wait
            seconds = delay.seconds
            if delay.short:
                # Others have it, who are told that it is lacking here. What is not theirs either is worth
                # waiting for where the window is short.
                seconds = LOOK_AGAIN
                longest = min(longest, max(delay.window, _SOON))
            if waited + seconds > longest:
                raise _refused(max(seconds, delay.window) if delay.short else seconds, own=delay.own)
            waited += seconds
            await self._sleep(seconds)

    def hold(self, tenant: str, counted: Counted, seconds: float) -> None:
        """Xquik answered 429: let no further request of this class out for `seconds`, of any process."""
        group = self._limits.groups(counted)[-1][0]
        self._hold(tenant, group, seconds)
        if self._shared is not None:
            self._tasks.start(self._tell(self._shared, tenant, group, seconds), "request-hold")

    async def aclose(self) -> None:
        """Give back what is not used of shared windows, if that is soon done."""
        await self._tasks.close()
        if self._shared is None:
            return
        now, shared = self._clock(), self._shared
        with suppress(StorageUnavailable, TimeoutError):
            async with asyncio.timeout(_ANSWER):
                for tenant, state in self._tenants.items():
                    for count in state.counts.values():
                        count.part = Portion()
                    leased_until, state.until = state.until, float("-inf")
                    if now < leased_until:
                        await shared.leave(tenant, _wishes(state, now))

    def _hold(self, tenant: str, group: str, seconds: float) -> None:
        until = self._clock() + seconds
        held = self._tenant(tenant).held_until
        held[group] = max(until, held.get(group, until))

    def _take(self, tenant: str, counted: Counted, asker: Asker) -> _Delay:
        """Count the request, or count nothing and say how long to wait."""
        now = self._clock()
        state = self._tenant(tenant)
        counts: list[Count] = []
        wait, own, lacking, lacking_own = 0.0, False, 0.0, False
        for group, windows in self._limits.groups(counted):
            wait = max(wait, state.held_until.get(group, now) - now)
            for index, window in enumerate(windows):
                count = state.counts.get((group, index))
                if count is None:
                    count = state.counts[group, index] = self._count(window)
                delay, theirs, short = count.delay(asker, now)
                if short:
                    lacking, lacking_own = max(lacking, window.seconds), lacking_own or theirs
                else:
                    wait, own = max(wait, delay), own or theirs
                counts.append(count)
        if wait > 0:
            return _Delay(wait, own)
        if self._shared is not None:
            if lacking or now >= state.until:
                return _Delay(LOOK_AGAIN, lacking_own, short=True, window=lacking or _SOON)
            if now >= max(state.until - self._shared.lease / 2, state.idle_until):
                self._ask_beside(tenant, state, self._shared)
        for count in counts:
            count.add(asker, now)
        return _Delay(0.0)

    async def _asked(self, tenant: str, shared: SharedWindows) -> bool:
        """Whether somebody asked for more of what is shared just now; who waits does not wait for long."""
        state = self._tenant(tenant)
        if state.asking is None and self._clock() < state.idle_until:
            return False
        await asyncio.wait({self._ask_beside(tenant, state, shared)}, timeout=_ANSWER)
        if state.asking is not None:  # the database takes its time: go on without it
            self._alone(state)
        return True

    def _ask_beside(self, tenant: str, state: _Tenant, shared: SharedWindows) -> asyncio.Task[None]:
        if state.asking is None:
            state.asking = self._tasks.start(self._ask(tenant, state, shared), "request-shares")
        return state.asking

    async def _ask(self, tenant: str, state: _Tenant, shared: SharedWindows) -> None:
        began = self._clock()
        wishes = _wishes(state, began)
        try:
            answer = await shared.ask(tenant, wishes)
        except StorageUnavailable:
            self._alone(state)
            return
        except Exception:  # a mistake of ours: who waits must not ask for ever
            self._alone(state)
            raise
        finally:
            state.asking = None
        now = self._clock()
        state.until, state.idle_until = began + shared.lease, float("-inf")
        for (group, index), count in state.counts.items():
            wish, share = wishes.get(_name(group, index)), answer.shares.get(_name(group, index))
            if wish is None or share is None:
                continue  # first used while we asked
            count.given(share, wish.more, now)
            if share.lacking.total or share.lacking.people:
                count.pressed(share.lacking, share.holders, now)
            if share.unmet.total or share.unmet.people:
                state.idle_until = now + LOOK_AGAIN
        for group, seconds in answer.held.items():
            self._hold(tenant, group, seconds)

    def _alone(self, state: _Tenant) -> None:
        """Nobody can say what others use: go on with the part that this process has, and ask again later."""
        for count in state.counts.values():
            count.alone()
        state.until = state.idle_until = self._clock() + _AWAY

    async def _tell(self, shared: SharedWindows, tenant: str, group: str, seconds: float) -> None:
        with suppress(StorageUnavailable):  # then each process learns it by an answer of its own
            await shared.hold(tenant, group, seconds)

    def _pressed(self, tenant: str, lacking: Mapping[str, Share]) -> None:
        """Another process lacks something of a key: what is not needed here is given back at once."""
        state, now = self._tenants.get(tenant), self._clock()
        if state is None or self._shared is None or now >= state.until:
            return
        for (group, index), count in state.counts.items():
            if (share := lacking.get(_name(group, index))) is not None:
                count.pressed(share.lacking, share.holders, now)
        if any(count.gives_back(now) for count in state.counts.values()):
            self._ask_beside(tenant, state, self._shared)

    def _missed(self) -> None:
        """What others said may have been missed: each key is asked for before it is used again."""
        for state in self._tenants.values():
            state.until = state.idle_until = float("-inf")

    def _count(self, window: Window) -> Count:
        of_all, of_one = self._limits.of_all_people(window), self._limits.of_a_person(window)
        part = None if self._shared is None else Portion()
        return Count(window.limit, window.seconds, of_all, of_one, part)

    def _tenant(self, tenant: str) -> _Tenant:
        """The tenant's counts; the tenant not seen for longest is forgotten beyond the bound."""
        state = self._tenants.get(tenant)
        if state is None:
            state = self._tenants[tenant] = _Tenant()
        return state

    def __len__(self) -> int:
        """How many tenants are remembered."""
        return len(self._tenants)


def _name(group: str, index: int) -> str:
    """A window's name for all processes."""
    return f"{group}.{index}"


def _wishes(state: _Tenant, now: float) -> dict[str, Wish]:
    """What to ask for, by name of the window."""
    return {
        _name(group, index): count.wish(_name(group, index), now)
        for (group, index), count in state.counts.items()
    }


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

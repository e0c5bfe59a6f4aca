"""When a request may be sent: 45 a second are one bot's, however many processes it has.

A process alone counts for itself. Several take turns from a row of their database, as many at once as wait
just then and never more than some: who has much to send gets what the others leave, and nobody waits for long
behind one of them. With its turns a process hears which buckets another one found empty.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Final, Protocol, TypeAlias

import aiohttp
import discord

from adapters.discord import limits
from adapters.discord.sharing import Names
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.stores import SharedPace
from bot.core.tasks import TaskSet, cancelled, whole
from bot.core.throttle import Throttle

_LOG = logging.getLogger(__name__)
# Turns that are taken at once: a fifth of a second of them, for which others wait at most.
_TOGETHER: Final = 8
# A second, for each process, while nobody can say what the others do.
_APART: Final = 10.0
# Seconds below which an empty bucket is no news to others: it is full again before they hear of it.
_SOON: Final = 0.25
_EVERYTHING: Final = ""

REQUESTED: Final[ContextVar[str | None]] = ContextVar("requested", default=None)
"""The bucket of the request that is under way, as far as its route says it; None for answers to people."""


ApplicationId: TypeAlias = Callable[[], int]
"""Our application, known after the login."""


class Pace(Protocol):
    """Of the requests of one process."""

    async def turn(self, bucket: str, longest: float) -> None:
        """Return when a request for that bucket may be sent; `discord.RateLimited` where that would take
        longer than so many seconds."""

    def heard(self, bucket: str, status: int, headers: Mapping[str, str]) -> None:
        """What Discord said with an answer."""


class OwnPace:
    """Of a process that is alone. pause: sleeps; ticks: seconds that never go back."""

    def __init__(self, pause: Sleep, ticks: Monotonic) -> None:
        self._pause = pause
        self._throttle = Throttle(limits.REQUESTS_A_SECOND, limits.REQUESTS_AT_ONCE, ticks)

    async def turn(self, bucket: str, longest: float) -> None:
        """See `Pace`. discord.py waits for the buckets."""
        del bucket
        wait = self._throttle.wait("", longest)
        if wait is None:
            raise discord.RateLimited(self._throttle.until(""))  # more wait than could be sent in time
        if wait:
            await self._pause(wait)

    def heard(self, bucket: str, status: int, headers: Mapping[str, str]) -> None:
        """Nothing: discord.py knows it."""


class CommonPace:
    """Of one of several processes. application: whose requests they are, known after the login."""

    def __init__(
        self, shared: SharedPace, application: ApplicationId, pause: Sleep, ticks: Monotonic
    ) -> None:
        self._shared = shared
        self._application = application
        self._pause = pause
        self._ticks = ticks
        self._interval = 1.0 / limits.SHARED_A_SECOND
        self._slack = self._interval * (limits.SHARED_AT_ONCE - 1)
        self._apart = Throttle(_APART, 1, ticks)
        self._waiting: deque[asyncio.Future[float]] = deque()
        self._taking: asyncio.Task[None] | None = None
        self._telling = TaskSet(self._untold)
        self._closed: dict[str, float] = {}
        self._away = False

    async def turn(self, bucket: str, longest: float) -> None:
        """See `Pace`."""
        at = await self.moment(bucket)
        if (wait := at - self._ticks()) > longest:
            raise discord.RateLimited(wait)
        if wait > 0:
            await self._pause(wait)

    async def moment(self, bucket: str) -> float:
        """A turn of our own: when the request may be sent, by `ticks`."""
        mine: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._taking is None:
            self._taking = asyncio.create_task(self._take(), name="requests of Discord")
        return max(await mine, *(self._closed.get(name, 0.0) for name in (bucket, _EVERYTHING)))

    def heard(self, bucket: str, status: int, headers: Mapping[str, str]) -> None:
        """See `Pace`. What is empty for a while is told to the others."""
        if status == 429:
            everywhere = headers.get("X-RateLimit-Scope") == "global" or "X-RateLimit-Global" in headers
            said, bucket = headers.get("Retry-After"), _EVERYTHING if everywhere else bucket
        elif headers.get("X-RateLimit-Remaining") == "0":
            said = headers.get("X-RateLimit-Reset-After")
        else:
            return
        seconds = _seconds(said)
        if seconds >= _SOON:
            name = Names(self._application()).bucket + bucket
            self._telling.start(whole(self._shared.close(name, seconds)), "an empty bucket of Discord")

    async def close(self) -> None:
        """Let go of those who wait."""
        if self._taking is not None:
            await cancelled([self._taking])
        await self._telling.close()
        for one in self._waiting:
            one.cancel()

    async def _take(self) -> None:
        """Turns for those who wait, a few at a time: what is taken ahead others wait for."""
        try:
            while self._waiting:
                most = min(_TOGETHER, len(self._waiting))
                here = [one for _ in range(most) if not (one := self._waiting.popleft()).done()]
                try:
                    last = await self._give(here)
                except Exception as error:
                    for one in here:
                        if not one.done():
                            one.set_exception(error)
                    continue
                if self._waiting and (ahead := last - self._ticks()) > 0:
                    await self._pause(ahead)
        finally:
            self._taking = None  # in the same breath as the last look

    async def _give(self, here: Sequence[asyncio.Future[float]]) -> float:
        """Take their turns and tell them; when the last of them is."""
        last = self._ticks()
        if here:
            first = await self._turns(len(here))
            now = self._ticks()
            for at, one in enumerate(here):
                last = now + max(0.0, first + at * self._interval - self._slack)
                if not one.done():
                    one.set_result(last)
        return last

    async def _turns(self, count: int) -> float:
        """Seconds until the first of them, as if there were no burst."""
        names = Names(self._application())
        try:
            turns = await whole(self._shared.take(names.requests, count, self._interval, names.bucket))
        except StorageUnavailable as error:
            if not self._away:
                _LOG.warning("cannot share out the requests to Discord, sending fewer: %s", error.detail)
            self._away = True
            waits = [self._apart.wait("", float("inf")) or 0.0 for _ in range(count)]
            return waits[-1] + self._slack
        self._away = False
        now = self._ticks()
        self._closed = {bucket: now + left for bucket, left in turns.closed.items()}
        return turns.first

    def _untold(self, error: BaseException) -> None:
        """Others find out for themselves."""
        if not isinstance(error, StorageUnavailable):
            _LOG.error("an empty bucket could not be told of", exc_info=error)


def listening(heard: Callable[[str, int, Mapping[str, str]], None]) -> aiohttp.TraceConfig:
    """Has every answer to a request that is counted heard: also one that discord.py asks again after."""
    config = aiohttp.TraceConfig()

    async def answered(_session: object, _context: object, end: aiohttp.TraceRequestEndParams) -> None:
        if (bucket := REQUESTED.get()) is not None:
            heard(bucket, end.response.status, end.response.headers)

    config.on_request_end.append(answered)
    return config


def _seconds(said: str | None) -> float:
    try:
        return float(said or 0.0)
    except ValueError:
        return 0.0

"""Rate limits as Discord announces them: a window that is open for long is no reason to wait."""

from __future__ import annotations

import asyncio
from types import TracebackType

import discord.http
from discord.http import Ratelimit


class Bucket(Ratelimit):
    """discord.py's bucket, except that what is left in it can be used, and that answers are not held back.

    With a longest wait set, discord.py refuses every request of a bucket whose window ends later than
    that, also while requests are left in it: of ten messages that may be published in an hour it would
    let one through. And whose request took the last of a bucket would get the answer once the bucket is full
    again, seconds after Discord did what was asked.
    """

    __slots__ = ("_filling",)

    def __init__(self, max_ratelimit_timeout: float | None) -> None:
        super().__init__(max_ratelimit_timeout)
        self._filling: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        """Take one request from the bucket; RateLimited where that would take too long."""
        end = self.expires if self.remaining > 0 else None
        if end is not None:
            self.expires = None
        await super().acquire()
        if end is not None and self.expires is None:
            self.expires = end

    async def __aexit__(
        self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Those who come next wait for the bucket, and not the one who has an answer."""
        empty = self.remaining - (self.outgoing - 1) <= 0
        short = self._max_ratelimit_timeout is None or self.reset_after <= self._max_ratelimit_timeout
        if not (empty and short):
            await super().__aexit__(type, value, traceback)  # type: ignore[type-var, arg-type]  # also none
            return
        self.outgoing -= 1
        if not self._sleeping.locked() and (self._filling is None or self._filling.done()):
            self._filling = asyncio.create_task(self._refresh(), name="a bucket of Discord fills")


def use_what_is_left() -> None:
    """Make discord.py of this process count like that; it knows its buckets as a global."""
    discord.http.Ratelimit = Bucket  # type: ignore[misc]  # there is no argument for it

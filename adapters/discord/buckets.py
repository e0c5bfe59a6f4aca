"""Rate limits as Discord announces them: a window that is open for long is no reason to wait."""

from __future__ import annotations

import discord.http
from discord.http import Ratelimit


class Bucket(Ratelimit):
    """discord.py's bucket, except that what is left in it can be used.

    With a longest wait set, discord.py refuses every request of a bucket whose window ends later than
    that, also while requests are left in it: of ten messages that may be published in an hour it would
    let one through.
    """

    __slots__ = ()

    async def acquire(self) -> None:
        """Take one request from the bucket; RateLimited where that would take too long."""
        end = self.expires if self.remaining > 0 else None
        if end is not None:
            self.expires = None
        await super().acquire()
        if end is not None and self.expires is None:
            self.expires = end


def use_what_is_left() -> None:
    """Make discord.py of this process count like that; it knows its buckets as a global."""
    discord.http.Ratelimit = Bucket  # type: ignore[misc]  # there is no argument for it

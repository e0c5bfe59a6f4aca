"""What the processes of one bot share, and which of its shards are whose."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from bot.core.stores import GatewaySessions, SharedLocks, SharedPace

APART: Final = 5.25
"""Seconds between two sessions that begin: Discord's five, and what a message may be faster than the next."""


class Repeat(Protocol):
    """Does work again and again."""

    def __call__(
        self,
        over: asyncio.Event,
        every: float,
        work: Callable[[], Awaitable[object]],
        failed: Callable[[Exception], None],
        /,
    ) -> Awaitable[None]:
        """Until `over` is set, with so many seconds between. failed: told what the work raised."""


class Sharing(msgspec.Struct, frozen=True):
    """Over the database that all of them use. locks: of this process, for nothing else. apart: seconds
    between two sessions that begin, of those that may not at once. look: between two looks at who has what;
    what a process left is free for as long, which is when commands are missed. repeat: looks. patience: for
    which a process may fail to reach Discord before others have its shards, and for how long they do."""

    locks: SharedLocks
    pace: SharedPace
    sessions: GatewaySessions
    repeat: Repeat
    apart: float = APART
    look: float = 1.0
    patience: float = 60.0


class Names(msgspec.Struct, frozen=True):
    """What is shared is called by the application, which a token belongs to: it may be replaced."""

    application: int

    @property
    def present(self) -> str:
        """The lock that every process has which connects shards."""
        return f"discord:{self.application}:present"

    @property
    def count(self) -> str:
        """The fact which says how many shards all of them together connect."""
        return f"discord:{self.application}:shards"

    @property
    def commands(self) -> str:
        """The lock of who brings the commands up to date."""
        return f"discord:{self.application}:commands"

    @property
    def aside(self) -> str:
        """The lock of who stands aside, because Discord cannot be reached from there: one at a time."""
        return f"discord:{self.application}:aside"

    @property
    def requests(self) -> str:
        """The pace of requests."""
        return f"discord:{self.application}:requests"

    @property
    def bucket(self) -> str:
        """With what the names of buckets begin that take no request for a while."""
        return f"discord:{self.application}:bucket:"

    def shard(self, shard: int) -> str:
        """The lock of who connects a shard."""
        return f"discord:{self.application}:shard:{shard}"

    def session(self, shard: int, count: int) -> str:
        """A session goes on only as the same shard of as many."""
        return f"discord:{self.application}:{shard}/{count}"

    def identify(self, turn: int) -> str:
        """The lock, and the pace, of who begins a session."""
        return f"discord:{self.application}:identify:{turn}"


def share(count: int, owners: Mapping[int, int], members: Sequence[int], own: int) -> int:
    """How many of `count` shards are for process `own`, one of `members`. owners: by shard, who has it.

    As even as can be; those who have most already have the ones that are over, so that none moves for that.
    """
    held = Counter(owners.values())
    order = sorted(members, key=lambda member: (-held[member], member))
    each, over = divmod(count, len(members))
    return each + (order.index(own) < over)

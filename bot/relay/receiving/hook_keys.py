"""Which tenant a hook belongs to and which secrets sign for it, kept in bounded memory.

Anybody can post to made-up addresses. So ids that do not exist are remembered too, briefly and in a
bounded number; requests for the same id share one look-up; and only so many look-ups run at a time,
the others being told to come back (503, never 404: theirs may be genuine).

Another process may change a hook: on PostgreSQL that is heard at once (`forget_all`), and a signature that
does not fit has the hook's secrets read anew (`doubt`), so that a new one counts from its first delivery on.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from cachetools import TTLCache

from bot.core.chat.ids import TenantId
from bot.core.clocks import Monotonic
from bot.core.errors import StorageUnavailable

# Seconds for which what was read is not doubted: whoever signs wrongly has the database asked no more often.
SURE = 1.0
_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HookKey:
    """Who a hook belongs to. secrets: every one that signs now, the newest first."""

    hook: str
    tenant: TenantId
    secrets: tuple[bytes, ...] = field(repr=False)


LoadHookKey: TypeAlias = Callable[[str], Awaitable[HookKey | None]]
"""The key of a hook from where it is stored; None when there is no such hook."""


class HookKeys:
    """A cache in front of the database and the vault."""

    def __init__(
        self,
        load: LoadHookKey,
        monotonic: Monotonic,
        *,
        lifetime: float = 60.0,
        unknown_lifetime: float = 10.0,
        limit: int = 10_000,
        lookups: int = 64,
    ) -> None:
        """load: the key of a hook, None when there is no such hook.

        monotonic: seconds that never go back: a secret that was replaced must not be held for longer
        because a clock was set back. lifetime, unknown_lifetime: seconds for which an answer holds where
        another process may change it; this one says so with `forget`. limit: ids kept, of each sort.
        lookups: how many run or wait at a time.
        """
        self._load = load
        self._lookups = lookups
        self._known: TTLCache[str, HookKey] = TTLCache(limit, lifetime, monotonic)
        self._unknown: TTLCache[str, None] = TTLCache(limit, unknown_lifetime, monotonic)
        self._sure: TTLCache[str, None] = TTLCache(limit, SURE, monotonic)
        self._running: dict[str, asyncio.Task[HookKey | None]] = {}

    def cached(self, hook: str) -> HookKey | None:
        """The key if it is in memory and fresh, without waiting."""
        try:
            return self._known[hook]  # `get` looks it up twice
        except KeyError:
            return None

    async def find(self, hook: str) -> HookKey | None:
        """The key of a hook, None for an unknown one.

        StorageUnavailable when the database does not answer or too many ask at once.
        """
        if (held := self.cached(hook)) is not None:
            return held
        if hook in self._unknown or not _SHAPE.fullmatch(hook):
            return None
        task = self._running.get(hook)
        if task is None:
            if len(self._running) >= self._lookups:
                raise StorageUnavailable(
                    "too many unknown hooks are asked for",  # no message: Xquik reads it
                    code="busy",
                )
            task = asyncio.create_task(self._look_up(hook))
            self._running[hook] = task
        # A client that hangs up must not cancel the look-up that others wait for.
        return await asyncio.shield(task)

    def forget(self, hook: str) -> None:
        """The hook or its secrets changed."""
        self._known.pop(hook, None)
        self._unknown.pop(hook, None)
        self._running.pop(hook, None)

    def forget_all(self) -> None:
        """Some hook or secret may have changed, by another process."""
        self._known.clear()
        self._unknown.clear()
        self._running.clear()

    def doubt(self, hook: str) -> bool:
        """Somebody signed with what is no secret of the hook, as far as is known here. Whether it is to be
        read anew: not where it was just now."""
        if hook in self._sure:
            return False
        self.forget(hook)
        return True

    async def _look_up(self, hook: str) -> HookKey | None:
        this = asyncio.current_task()
        try:
            key = await self._load(hook)
            if self._running.get(hook) is this:  # not forgotten meanwhile
                self._keep(hook, key)
            return key
        finally:
            if self._running.get(hook) is this:
                del self._running[hook]

    def _keep(self, hook: str, key: HookKey | None) -> None:
        if key is None:
            self._unknown[hook] = None
        else:
            self._known[hook] = key
            self._sure[hook] = None

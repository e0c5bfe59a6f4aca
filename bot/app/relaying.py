"""Whose turn it is to route: one process at a time on a database, and perhaps others that stand by.

On PostgreSQL those send as well (`bot.relay.sending.shared_scheduler`); where lanes are not shared they wait.
"""

from __future__ import annotations

import asyncio

from bot.app.opening import storage_url_named
from bot.core.errors import RelayTaken, StorageUnavailable
from bot.jobs.periodic import JobScope, MakeJobs, Periodic, run_until
from bot.observability.jobs import TellFailure
from bot.observability.loggers import log
from bot.settings import Settings
from bot.storage.engine.lock_holder import LockHolder, RelayLock

# Seconds between two looks whether the one that relays has ended.
LOOK_SECONDS = 1.0


async def take_turn(lock: RelayLock, settings: Settings) -> bool:
    """Whether this process relays now; False: it stands by until another one ends.

    RelayTaken where the settings have it stop instead; DatabaseUnusable when nobody can say.
    """
    with storage_url_named():
        holder = await lock.take()
    if holder is None:
        return True
    if not stands_by(settings):
        raise taken(holder)
    log("bot").warning("standing by", relaying=str(holder))
    return False


async def turn(lock: RelayLock, jobs: MakeJobs, trouble: TellFailure) -> None:
    """Wait until this process is the one that relays. A database that is away is waited for. trouble: told
    each time that it is."""
    look = _StandingBy(lock, trouble)
    await run_until(look.ours, look.work(), jobs)
    log("bot").warning("taking over: this process relays now")


class _StandingBy:
    """Looks whether the one that relays has ended. ours: set once this process has its place."""

    def __init__(self, lock: RelayLock, trouble: TellFailure) -> None:
        self._lock = lock
        self._trouble = trouble
        self.ours = asyncio.Event()

    def work(self) -> Periodic:
        return Periodic(
            "standby", LOOK_SECONDS, self._look, JobScope.PROCESS, delay=LOOK_SECONDS, failed=self._unseen
        )

    async def _look(self) -> None:
        if await self._lock.take() is None:
            self.ours.set()

    def _unseen(self, error: Exception) -> None:
        if isinstance(error, StorageUnavailable):
            self._trouble("standby", error)
        else:
            log("bot").error("cannot see which process relays", exc_info=error)


def taken(holder: LockHolder | None) -> RelayTaken:
    """Says who relays."""
    return RelayTaken(
        f"Another process is relaying on this database: {holder or LockHolder(None, '', None)}."
    )


def lost(holder: LockHolder | None) -> RelayTaken:
    """Says that this process relayed, and another one does now; nothing has to be stopped."""
    return RelayTaken(
        "This process lost its turn to relay while the database was away; another one has it and goes on: "
        f"{holder or LockHolder(None, '', None)}.",
        remedy="Start this one again, unless a supervisor does. The other one is to stay.",
        code="lost_turn",
    )


def stands_by(settings: Settings) -> bool:
    """Whether a process that finds another one relaying waits for its end."""
    if settings.relay.standby is not None:
        return settings.relay.standby
    # Where machines are replaced one by one the next one starts before the last one ends.
    return not settings.storage.url.startswith("sqlite")

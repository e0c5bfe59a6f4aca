"""When the watch looks at which tenant: as soon as one appears or its key changes, then every minute.

Who there is to look at is read elsewhere (`Ingest`), and every reading begins a round.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.clocks import Chance, Monotonic
from bot.relay.observing import RelayObserver
from bot.relay.watching.asked import UrgentTenants
from bot.storage.intake.watermarks import Member


class WatchesSilences(Protocol):
    """What `SilenceWatch` does."""

    async def look(self, member: Member) -> None:
        """One look at a tenant."""

    def keep(self, tenants: list[TenantId]) -> None:
        """Forget what is remembered of all others."""


class WatchSchedule(msgspec.Struct, frozen=True):
    """Seconds. every: between two looks at a tenant, more or less by a tenth. longest: of one look.
    concurrency: tenants that are looked at at a time."""

    every: float = 60.0
    longest: float = 30.0
    concurrency: int = 8


class _Turn(msgspec.Struct, frozen=True):
    key_at: float
    refused: bool
    at: float


class Rounds:
    """Has every tenant that has a key and a route looked at. Run it in the one process that relays."""

    def __init__(
        self,
        watch: WatchesSilences,
        *,
        schedule: WatchSchedule,
        monotonic: Monotonic,
        random: Chance,
        observer: RelayObserver,
        asked: UrgentTenants,
    ) -> None:
        """asked: tenants to look at before their turn. monotonic: seconds from any start, never going
        back. random: uniform in [0, 1)."""
        self._members: dict[TenantId, Member] = {}
        self._watch = watch
        self._schedule = schedule
        self._monotonic = monotonic
        self._random = random
        self._observer = observer
        self._turns: dict[TenantId, _Turn] = {}
        self._places = asyncio.Semaphore(schedule.concurrency)
        self._asked = asked

    def soon(self, tenant: TenantId) -> None:
        """Something may have changed there: look at once."""
        self._asked.soon(tenant)

    def renew(self, members: Iterable[Member]) -> None:
        """All that there are now; whoever is due is looked at."""
        self._members = {member.tenant: member for member in members}
        self._turns = {tenant: turn for tenant, turn in self._turns.items() if tenant in self._members}
        self._watch.keep(list(self._members))
        self._asked.keep(self._members)
        self._asked.wake()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            self._asked.begin()
            await self._round()
            await self._asked.wait()

    async def _round(self) -> None:
        now = self._monotonic()
        due = [member for member in self._members.values() if self._is_due(member, now)]
        await asyncio.gather(*(self._look(member) for member in due))

    def _is_due(self, member: Member, now: float) -> bool:
        turn = self._turns.get(member.tenant)
        if (
            turn is None
            or member.tenant in self._asked
            or (turn.key_at, turn.refused) != (member.key_at, member.refused)
        ):
            return True
        return turn.at <= now

    async def _look(self, member: Member) -> None:
        async with self._places:
            self._asked.take(member.tenant)
            try:
                async with asyncio.timeout(self._schedule.longest):
                    await self._watch.look(member)
            except TimeoutError:
                pass  # Xquik is slow; it is asked again in its turn
            except Exception as error:
                self._observer.trouble("watch", error)
        at = self._monotonic() + self._schedule.every * (0.9 + 0.2 * self._random())
        self._turns[member.tenant] = _Turn(member.key_at, member.refused, at)

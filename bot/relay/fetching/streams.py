"""Which streams there are: one for each key, however many tenants share it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from bot.core.tasks import cancelled
from bot.jobs.periodic import JobScope, Periodic
from bot.relay.fetching.stream import AccountStream, StreamSchedule
from bot.relay.observing import RelayObserver
from bot.storage.intake.watermarks import Member, Watermarks
from bot.storage.secrets.keys import TenantKeys


@dataclass(slots=True)
class _Running:
    stream: AccountStream
    task: asyncio.Task[None]


MakeStream: TypeAlias = Callable[[tuple[Member, ...]], AccountStream]
"""A stream for the tenants of one key."""


class Streams:
    """Starts and ends the streams as tenants, keys and routes come and go."""

    def __init__(
        self,
        marks: Watermarks,
        keys: TenantKeys,
        make: MakeStream,
        *,
        salt: bytes,
        schedule: StreamSchedule,
        observer: RelayObserver,
    ) -> None:
        """make: a stream for the tenants of one key. salt: random; keys are told apart in memory by a
        keyed hash that means nothing outside this process."""
        self._marks = marks
        self._keys = keys
        self._make = make
        self._salt = salt
        self._schedule = schedule
        self._observer = observer
        self._prints: dict[TenantId, tuple[float, bytes]] = {}
        self._running: dict[bytes, _Running] = {}

    def work(self) -> Periodic:
        """See which there are to be. While the database is away, the streams that are open go on."""
        return Periodic("streams", self._schedule.look, self._refresh, JobScope.INSTALLATION, part="stream")

    async def close(self) -> None:
        """End the streams."""
        await self._end(list(self._running))

    @property
    def wanted(self) -> int:
        """How many should be connected."""
        return sum(not running.task.done() for running in self._running.values())

    async def _refresh(self) -> None:
        groups: dict[bytes, list[Member]] = {}
        members = [member for member in await self._marks.members() if not member.refused]
        for member in members:
            found = await self._print(member)
            if found is not None:
                groups.setdefault(found, []).append(member)
        present = {member.tenant for member in members}
        self._prints = {tenant: known for tenant, known in self._prints.items() if tenant in present}
        await self._end(
            [name for name, running in self._running.items() if _outdated(running, groups.get(name))]
        )
        for name, sharing in groups.items():
            running = self._running.get(name)
            if running is None:
                stream = self._make(tuple(sharing))
                task = asyncio.create_task(stream.run(), name="relay-stream")
                self._running[name] = _Running(stream, task)
            else:
                running.stream.members = tuple(sharing)

    async def _print(self, member: Member) -> bytes | None:
        """What tells the member's key from others; None when the key cannot be opened."""
        known = self._prints.get(member.tenant)
        if known is not None and known[0] == member.key_at:
            return known[1]
        try:
            key = await self._keys.key(member.tenant)
        except BotError as error:
            self._observer.trouble("stream", error)
            return None
        found = hmac.new(self._salt, key.get_secret_value().encode(), hashlib.sha256).digest()
        self._prints[member.tenant] = (member.key_at, found)
        return found

    async def _end(self, names: list[bytes]) -> None:
        await cancelled([self._running.pop(name).task for name in names])


def _outdated(running: _Running, sharing: list[Member] | None) -> bool:
    """Whether a stream is to be ended: nobody wants it, it ended, or somebody joined.

    Who joins has a gap of its own to be closed before the stream goes on, so it begins anew for all.
    """
    if sharing is None or running.task.done():
        return True
    present = {member.tenant for member in running.stream.members}
    return any(member.tenant not in present for member in sharing)

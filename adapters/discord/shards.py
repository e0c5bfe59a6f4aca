"""The shards of this process among those of all processes of a bot: taken, handed over, and taken over.

Every process looks again and again who is there and who has which shard. One that has fewer than its share
takes those that nobody has; one that has more gives some away, as soon as there is somebody for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import discord

from adapters.discord.identifying import IdentifyTurns
from adapters.discord.shard import ENDING, KEEPING, Shard
from adapters.discord.sharing import Names, Sharing, share
from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.stores import GatewaySession, KeyValues
from bot.core.tasks import TaskSet, cancelled

if TYPE_CHECKING:
    from adapters.discord.connection import SharedClient

_LOG = logging.getLogger(__name__)
# Seconds that shards which others have already get to disconnect.
_GOODBYES: Final = 3.0
# Looks after which it is said how far the sessions are, for whoever takes them over from a process that died.
_NOTED_AFTER: Final = 5
# Seconds after which that is said again where nothing happened: it is kept for minutes.
_NOTED_AGAIN: Final = 60.0


class SharedShards:
    """See the module. client: logged in before `begin`. count: of all processes together."""

    def __init__(
        self,
        client: SharedClient,
        sharing: Sharing,
        kv: KeyValues,
        *,
        application: int,
        count: int | None,
        gateway: str | None,
        pause: Sleep,
        monotonic: Monotonic,
    ) -> None:
        """count: how many there are, asked of Discord when None. gateway: an address instead of Discord's."""
        self._client = client
        self._sharing = sharing
        self._locks = sharing.locks
        self._kv = kv
        self._names = Names(application)
        self._wanted = count
        self._pause = pause
        self._monotonic = monotonic
        self.turns = IdentifyTurns(
            client,
            sharing.locks,
            sharing.pace,
            self._names,
            gateway=gateway,
            apart=sharing.apart,
            pause=pause,
        )
        self.count = 0
        self.own: dict[int, Shard] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._goodbyes = TaskSet()
        self._taken: set[int] = set()
        self._noted: dict[str, tuple[GatewaySession, float]] = {}
        self._looks = 0
        self._lacks = True
        self._aside_until: float | None = None
        self._away = False
        self._left = False
        self._over = asyncio.Event()
        self._looking = asyncio.Lock()
        self._broken: BaseException | None = None
        self._locks.lost = self._lost

    async def begin(self) -> None:
        """Decide with the others how many shards there are. StorageUnavailable, or what discord.py raises."""
        wanted = self._wanted
        if wanted is None:
            wanted, _, _ = await self._client.http.get_bot_gateway()
        there = (await self._locks.held([self._names.present]))[self._names.present]
        known = int(await self._kv.get(self._names.count) or 0)
        # Where others are connected it takes all of them to have another number; Discord wants more in time.
        if known < wanted or (known != wanted and not there) or self._wanted is not None:
            await self._kv.put(self._names.count, str(wanted))
            known = wanted
        self._use(known)

    async def run(self) -> None:
        """Until `leave`; raises what ends the connection for good."""
        await self._sharing.repeat(self._over, self._sharing.look, self.look, self._unseen)
        if self._broken is not None:
            raise self._broken

    async def leave(self) -> None:
        """Let go of all shards, for good. Their sessions are kept where somebody is there who takes them."""
        if self._left:
            return
        self._left = True
        async with self._looking:  # none is broken off
            self._over.set()
        try:
            there = (await self._locks.held([self._names.present]))[self._names.present]
            others = any(one.number != self._locks.number for one in there)
        except StorageUnavailable:
            others = True  # nobody can say
        await self._locks.give_back(self._names.present)  # first: the others' shares grow
        code = KEEPING if others else ENDING
        await asyncio.gather(*(self._give_away(shard, code) for shard in list(self.own)))
        await self._goodbyes.close(_GOODBYES)
        await self._locks.close()

    async def has(self, guild: int | None) -> bool:
        """Whether what happens in a server is ours to answer. A process that stood still hears first what
        happened meanwhile, while another one has long answered that."""
        shard = 0 if guild is None else (guild >> 22) % self.count
        name = self._names.shard(shard)
        if not self._locks.holds(name) and not self._left:
            with contextlib.suppress(StorageUnavailable):  # then nobody else can have it
                await self._locks.prove(name)
        return shard not in self._taken

    @property
    def complete(self) -> bool:
        """Whether this process has looked, and has its share."""
        return self._looks > 0 and not self._lacks

    async def look(self) -> None:
        """See who has what, and give or take."""
        async with self._looking:
            if not self._left:
                await self._look()

    async def _look(self) -> None:
        if self._looks % _NOTED_AFTER == 0:
            await self._follow_count()
            await self._note()
        if self._aside_until is not None:
            if self._monotonic() < self._aside_until:
                return
            await self._locks.give_back(self._names.aside)
            self._aside_until = None
        names = {self._names.shard(shard): shard for shard in range(self.count)}
        held = await self._locks.held([self._names.present, *names])
        members = [one.number for one in held[self._names.present]]
        own = self._locks.number
        self._looks += 1
        self._away = False
        if own is None or own not in members:
            await self._locks.join(self._names.present)
            return
        if len(members) > 1 and self._cut_off() and await self._locks.take(self._names.aside):
            await self._stand_aside()
            return
        owners = {shard: held[name][0].number for name, shard in names.items() if held[name]}
        for shard in [shard for shard in self.own if owners.get(shard) != own]:
            self._lost([self._names.shard(shard)])
        fair = share(self.count, owners, members, own)
        for shard in sorted(self.own, reverse=True)[: max(0, len(self.own) - fair)]:
            _LOG.info("shard %d goes to another process", shard)
            await self._give_away(shard, KEEPING)
        free = [shard for shard in range(self.count) if shard not in owners]
        for shard in free:
            if len(self.own) >= fair or self._left:
                break
            if await self._locks.take(self._names.shard(shard)):
                await self._take_up(shard)
        self._lacks = bool(free) and len(self.own) < fair

    def _cut_off(self) -> bool:
        """Whether none of our shards could be connected for long. Waiting for a turn is no failure."""
        latest = self._monotonic() - self._sharing.patience
        since = [made.failing_since for made in self.own.values()]
        return bool(since) and all(one is not None and one < latest for one in since)

    async def _stand_aside(self) -> None:
        """Let others have our shards for a while: perhaps they reach Discord."""
        _LOG.warning("Discord cannot be reached from here; other processes have the shards for a while")
        self._aside_until = self._monotonic() + self._sharing.patience
        self._lacks = True
        await self._locks.give_back(self._names.present)
        await asyncio.gather(*(self._give_away(shard, KEEPING) for shard in list(self.own)))

    def _use(self, count: int) -> None:
        self.count = count
        self._client.use(count)

    async def _follow_count(self) -> None:
        """Another process may have been told by Discord that there are more shards now."""
        known = int(await self._kv.get(self._names.count) or 0)
        if known in (0, self.count):
            return
        _LOG.warning("the bot has %d shards now instead of %d; connecting anew", known, self.count)
        await asyncio.gather(*(self._give_away(shard, ENDING) for shard in list(self.own)))
        self._use(known)

    async def _take_up(self, shard: int) -> None:
        session = await self._sharing.sessions.find(self._session_name(shard))
        made = Shard(
            self._client, shard, self.turns, session=session, pause=self._pause, monotonic=self._monotonic
        )
        self.own[shard] = made
        self._taken.discard(shard)
        task = self._tasks[shard] = asyncio.create_task(made.run(), name=f"discord shard {shard}")
        task.add_done_callback(self._ended)
        if session is None:
            _LOG.info("shard %d of %d is ours, and begins a session", shard, self.count)
        else:
            _LOG.info("shard %d of %d is ours, and goes on with its session", shard, self.count)

    async def _give_away(self, shard: int, code: int) -> None:
        """Disconnect, store the session for the next one, and only then let it have the shard."""
        made = self.own.pop(shard, None)
        if made is None:
            return
        await self._disconnected(shard, made, code)
        name = self._session_name(shard)
        try:
            if code == KEEPING and made.session is not None:
                if self._locks.holds(self._names.shard(shard)):
                    await self._sharing.sessions.keep({name: made.session})
            else:
                await self._sharing.sessions.forget(name)
        except StorageUnavailable:
            _LOG.warning("the session of shard %d could not be kept", shard)
        self._noted.pop(name, None)
        await self._locks.give_back(self._names.shard(shard))

    def _lost(self, names: Collection[str]) -> None:
        """Others have these shards now, and perhaps their sessions."""
        for shard in [shard for shard in self.own if self._names.shard(shard) in names]:
            _LOG.warning("shard %d is another process's now", shard)
            made = self.own.pop(shard)
            self._taken.add(shard)
            self._noted.pop(self._session_name(shard), None)
            self._goodbyes.start(self._disconnected(shard, made, KEEPING))

    async def _disconnected(self, shard: int, made: Shard, code: int) -> None:
        task = self._tasks.pop(shard, None)
        if task is not None:
            await cancelled([task])
        await made.close(code)
        self._client.gone(shard)

    async def _note(self) -> None:
        """Store how far each session is."""
        now = self._monotonic()
        fresh: dict[str, GatewaySession] = {}
        for shard, made in self.own.items():
            name, session = self._session_name(shard), made.session
            if session is None or not self._locks.holds(self._names.shard(shard)):
                continue
            before, at = self._noted.get(name, (None, 0.0))
            if session != before or now - at >= _NOTED_AGAIN:
                fresh[name] = session
        await self._sharing.sessions.keep(fresh)
        self._noted |= {name: (session, now) for name, session in fresh.items()}

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not self._left:
            self._broken = error
            self._over.set()

    def _unseen(self, error: Exception) -> None:
        """What is connected stays so: nobody else can have it before the database is back."""
        if not isinstance(error, (StorageUnavailable, discord.DiscordException, OSError)):
            _LOG.error("cannot share out the shards", exc_info=error)
        elif not self._away:
            _LOG.warning("cannot see who has which shard: %s", error)
        self._away = True

    def _session_name(self, shard: int) -> str:
        return self._names.session(shard, self.count)

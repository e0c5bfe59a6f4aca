"""Which process has which shards of the Discord bot, for `xquik-bot check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.platforms.discord import DISCORD_PROGRAM
from bot.core.errors import StorageUnavailable
from bot.core.findings import Finding, failed
from bot.core.stores import LockSession
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.session_locks import SessionLocks
from bot.storage.tables import facts


async def shard_findings(url: str, database: Database) -> list[Finding]:
    """A line for each bot whose shards processes on this PostgreSQL database share; none where nobody does.
    url: as in `storage.url`."""
    from adapters.discord.sharing import Names

    locks = SessionLocks(address(url), "xquik-bot check")
    found = []
    try:
        for application, count in (await _counts(database)).items():
            names = Names(application)
            shards = {names.shard(shard): shard for shard in range(count)}
            held = await locks.held([names.present, *shards])
            there = held[names.present]
            found.append(_told({shards[name]: held[name] for name in shards}, there))
    except StorageUnavailable as error:
        return [failed("discord shards", error)]
    finally:
        await locks.close()
    return found


async def _counts(database: Database) -> Mapping[int, int]:
    """How many shards there are, by application."""
    query = select(facts.c.key, facts.c.value).where(facts.c.key.like("discord:%:shards"))

    async def work(connection: AsyncConnection) -> dict[int, int]:
        rows = (await connection.execute(query)).all()
        return {int(row.key.split(":")[1]): int(row.value) for row in rows}

    return await database.read(work)


def _told(held: Mapping[int, Sequence[LockSession]], there: Sequence[LockSession]) -> Finding:
    if not there:
        return Finding("discord shards", "ok", f"{len(held)}, which no process connects yet")
    by_process: defaultdict[str, list[int]] = defaultdict(list)
    for one in there:
        by_process[_place(one)] = []
    free = []
    for shard, sessions in held.items():
        for one in sessions:
            by_process[_place(one)].append(shard)
        if not sessions:
            free.append(shard)
    said = [f"{place} has {_numbers(shards) or 'none'}" for place, shards in by_process.items()]
    if free:
        said.append(f"nobody has {_numbers(free)} yet")
    return Finding("discord shards", "warning" if free else "ok", "; ".join(said))


def _place(session: LockSession) -> str:
    """As in: host-a:4711."""
    return session.name.removeprefix(DISCORD_PROGRAM).split()[0] if session.name else "a process"


def _numbers(shards: Sequence[int]) -> str:
    return ", ".join(str(shard) for shard in sorted(shards))

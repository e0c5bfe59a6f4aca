"""Who may use how much of the limits of an Xquik key, where several processes share a PostgreSQL database.

One short transaction for each process and key in some seconds, none for each request: see `bot.core.shares`.
Times are the server's, so no clock of a process counts.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Float, Row, bindparam, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.shares import Allotted, HeldBack, Missed, Portion, Pressed, Share, Wish
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.tables import request_shares as table

CHANNEL: Final = "request_shares"
"""On which a process tells what it lacks, and what Xquik wants held back."""

LEASE: Final = 10.0
"""Seconds. What a process that died had comes back after them and the window."""

_NOW = select(cast(func.extract("epoch", func.clock_timestamp()), Float))
_ALL = select(table).where(table.c.bucket == bindparam("key"))
_PUT = putting(table)["postgresql"]
_FORGET = delete(table).where(table.c.bucket == bindparam("key"), table.c.ends_at <= bindparam("now"))
_TELL = select(func.pg_notify(CHANNEL, bindparam("said")))
# Rows of no process: a class of windows that Xquik wants no request of.
_NOBODY = ""


class _Said(msgspec.Struct, omit_defaults=True):
    """A message of a process. lacking: its needs by window, as total and people, and how many use it; group
    and seconds: of a 429."""

    bucket: str
    process: str
    lacking: dict[str, tuple[int, int, int]] = {}
    group: str = ""
    seconds: float = 0.0


class RequestShares:
    """Implements `bot.core.shares.SharedWindows` for one process. lease: seconds."""

    def __init__(self, database: Database, lease: float = LEASE) -> None:
        self._db = database
        self.lease = lease
        self._process = secrets.token_hex(8)
        self._tell: tuple[Pressed, HeldBack, Missed] | None = None
        database.hear(CHANNEL, self._heard)

    def tell(self, pressed: Pressed, held: HeldBack, missed: Missed) -> None:
        """See `SharedWindows`."""
        self._tell = (pressed, held, missed)

    async def ask(self, bucket: str, wishes: Mapping[str, Wish]) -> Allotted:
        """See `SharedWindows`."""
        return await self._db.write(lambda connection: self._share(connection, bucket, wishes, self.lease))

    async def leave(self, bucket: str, wishes: Mapping[str, Wish]) -> None:
        """See `SharedWindows`."""
        used = {name: msgspec.structs.replace(wish, more=Portion()) for name, wish in wishes.items()}
        await self._db.write(lambda connection: self._share(connection, bucket, used, 0.0))

    async def hold(self, bucket: str, group: str, seconds: float) -> None:
        """See `SharedWindows`."""

        async def work(connection: AsyncConnection) -> None:
            rows, now = await self._rows(connection, bucket)
            ends = max([now + seconds, *(row.ends_at for row in rows if _is_hold(row, group))])
            await connection.execute(_PUT, [_row(bucket, _NOBODY, group, ends_at=ends)])
            await self._say(connection, _Said(bucket, self._process, group=group, seconds=seconds))

        await self._db.write(work)

    async def _share(
        self, connection: AsyncConnection, bucket: str, wishes: Mapping[str, Wish], lease: float
    ) -> Allotted:
        rows, now = await self._rows(connection, bucket)
        held = {row.window: row.ends_at - now for row in rows if row.process == _NOBODY}
        others = [row for row in rows if row.process not in (_NOBODY, self._process)]
        shares, puts, lacking = {}, [], {}
        for name, wish in wishes.items():
            of_it = [row for row in others if row.window == name]
            share = shared(wish, of_it, now)
            shares[name] = share
            lacks = share.unmet
            if lacks.total or lacks.people:
                lacking[name] = (lacks.total, lacks.people, share.holders)
            puts.append(
                _row(
                    bucket,
                    self._process,
                    name,
                    total=share.part.total,
                    people=share.part.people,
                    lacks_total=lacks.total,
                    lacks_people=lacks.people,
                    leased_until=now + lease,
                    ends_at=now + lease + wish.seconds,
                    by_person=msgspec.json.encode(dict(wish.by_person)).decode(),
                )
            )
        if puts:
            await connection.execute(_PUT, puts)
        if lacking:
            await self._say(connection, _Said(bucket, self._process, lacking))
        return Allotted(shares, held)

    async def _rows(self, connection: AsyncConnection, bucket: str) -> tuple[list[Row[Any]], float]:
        """What counts of a key now, and the server's time; nobody else changes it until the end."""
        await self._db.serialised(connection, f"requests:{bucket}")
        now: float = (await connection.execute(_NOW)).scalar_one()
        rows = (await connection.execute(_ALL, {"key": bucket})).all()
        living = [row for row in rows if row.ends_at > now]
        if len(living) < len(rows):
            await connection.execute(_FORGET, {"key": bucket, "now": now})
        return living, now

    async def _say(self, connection: AsyncConnection, said: _Said) -> None:
        await connection.execute(_TELL, {"said": msgspec.json.encode(said).decode()})

    def _heard(self, text: str | None) -> None:
        if self._tell is None:
            return
        pressed, held, missed = self._tell
        if text is None:
            missed()
            return
        try:
            said = msgspec.json.decode(text, type=_Said)
        except msgspec.DecodeError:
            return  # of another version
        if said.process == self._process:
            return
        if said.group:
            held(said.bucket, said.group, said.seconds)
        if said.lacking:
            lacking = {
                name: Share(Portion(), max(1, holders), Portion(total, people))
                for name, (total, people, holders) in said.lacking.items()
            }
            pressed(said.bucket, lacking)


def shared(wish: Wish, others: Iterable[Row[Any]], now: float) -> Share:
    """What of a window is there for a process, beside the parts of others."""
    rows = list(others)
    living = [row for row in rows if row.leased_until > now]
    lacking = Portion(sum(row.lacks_total for row in living), sum(row.lacks_people for row in living))
    holders = 1 + sum(1 for row in living if row.total or row.lacks_total or row.lacks_people)
    kept, more, whole = wish.kept, wish.more, wish.whole
    equal = whole.people // holders if lacking.people else None
    people = _got(whole.people - sum(row.people for row in rows), kept.people, more.people, equal)
    # Every request of a person is one in all, too; what people do not get is not needed in all.
    wanted = max(more.total, people - kept.people)
    equal = whole.total // holders if lacking.total else None
    total = _got(whole.total - sum(row.total for row in rows), kept.total, wanted, equal)
    unmet = Portion(max(0, kept.total + wanted - total), max(0, kept.people + more.people - people))
    elsewhere: Counter[str] = Counter()
    for row in rows:
        elsewhere.update(msgspec.json.decode(row.by_person, type=dict[str, int]))
    return Share(Portion(total, min(people, total)), holders, lacking, unmet, elsewhere)


def _got(free: int, kept: int, more: int, equal: int | None) -> int:
    """How much of what is free: while others lack something, beyond what is kept no more than an equal
    share."""
    most = kept + more if equal is None else min(kept + more, max(kept, equal))
    return max(0, min(most, free))


def _is_hold(row: Row[Any], group: str) -> bool:
    return (row.process, row.window) == (_NOBODY, group)


def _row(bucket: str, process: str, window: str, **values: float | str) -> dict[str, Any]:
    nothing = {
        "total": 0,
        "people": 0,
        "lacks_total": 0,
        "lacks_people": 0,
        "leased_until": 0.0,
        "by_person": "{}",
    }
    return {"bucket": bucket, "process": process, "window": window, **nothing, **values}

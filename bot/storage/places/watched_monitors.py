"""Which monitors were seen running for a tenant, so that one is missed that somebody deletes at Xquik.

What a person of the place takes away with the bot is marked, and not missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, delete, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.routes.silences import LONGEST_SUBJECT, Watched
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding, count, putting, read_all
from bot.storage.tables import watched_monitors

MOST: Final = 1_000
"""Monitors that are remembered for a tenant."""
_T = watched_monitors.c
_ADD = adding(watched_monitors)
_PUT = putting(watched_monitors)


class Known(msgspec.Struct, frozen=True):
    """A monitor that was seen. subject: "account:<Xquik's id>" or "keyword:<…>". left: the tenant wants it no
    more, so nobody misses it. key_at: when the key was stored under which it was seen (epoch seconds)."""

    subject: str
    watched: Watched
    left: bool = False
    key_at: float = 0.0


def subject_of(kind: str, monitor: str) -> str:
    """Names a monitor in what is stored, however long its id is."""
    return f"{kind}:{monitor}"[:LONGEST_SUBJECT]


async def known(db: Database, tenant: TenantId) -> tuple[Known, ...]:
    """Those of a tenant."""
    query = select(watched_monitors).where(_T.tenant == str(tenant)).order_by(_T.subject)
    return tuple(_known(row) for row in await read_all(db, query))


async def note(db: Database, tenant: TenantId, seen: Sequence[Known], gone: Sequence[str]) -> None:
    """Remember those seen running, as they are called now, and forget others by their subjects. What was left
    meanwhile stays so."""

    async def work(connection: AsyncConnection) -> None:
        for subject in gone:
            await connection.execute(delete(watched_monitors).where(*_is(tenant, subject)))
        for one in seen:
            mine = *_is(tenant, one.subject), _T.unwanted == false()
            values = {"watched": one.watched.name, "account": one.watched.id, "key_at": one.key_at}
            if not await count(connection, update(watched_monitors).where(*mine).values(values)):
                row = {"tenant": str(tenant), "subject": one.subject, "unwanted": False, **values}
                await connection.execute(_ADD[connection.dialect.name], row)

    await db.write(work)


async def leave(connection: AsyncConnection, tenant: TenantId, kind: str, monitor: str) -> None:
    """The tenant wants it no more."""
    key = {"tenant": str(tenant), "subject": subject_of(kind, monitor)}
    row = {**key, "watched": "", "account": "", "key_at": 0.0, "unwanted": True}
    await connection.execute(_PUT[connection.dialect.name], row)


async def use(connection: AsyncConnection, tenant: TenantId, kind: str, monitor: str) -> None:
    """The tenant wants it again."""
    mine = *_is(tenant, subject_of(kind, monitor)), _T.unwanted != false()
    await connection.execute(delete(watched_monitors).where(*mine))


def _is(tenant: TenantId, subject: str) -> tuple[ColumnElement[bool], ...]:
    return _T.tenant == str(tenant), _T.subject == subject


def _known(row: Row[Any]) -> Known:
    kind = row.subject.partition(":")[0]
    return Known(row.subject, Watched(kind, row.watched, row.account), bool(row.unwanted), row.key_at)

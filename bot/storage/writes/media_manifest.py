"""The manifest of media downloads: one row a request, written before the call and settled after it.

A download spends credits and has no idempotency key, so the intent is durable first. A row that a
crash left behind is marked unknown at the next start: whether credits were spent cannot be told,
and it is never downloaded again by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from random import Random
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.tables import media_manifest

_T = media_manifest.c


class DownloadState(StrEnum):
    """How far a download request got."""

    REQUESTED = "requested"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Download(msgspec.Struct, frozen=True):
    """One download request. requested: the tweet ids asked for. tweet: the one tweet, where the
    answer names it. Times are epoch seconds."""

    id: str
    tenant: TenantId
    requester: str
    requested: tuple[str, ...]
    state: DownloadState
    gallery_url: str | None
    tweet: str | None
    cache_hit: bool | None
    successful_tweets: int | None
    media_items: int | None
    error: str | None
    created_at: float
    settled_at: float | None

    @property
    def single(self) -> bool:
        """Whether one tweet was asked for: Xquik answers that in another way than for many."""
        return len(self.requested) == 1

    @property
    def skipped(self) -> int | None:
        """Tweets without a result: requested minus successful; None while that is not known."""
        if self.successful_tweets is None:
            return None
        return max(0, len(self.requested) - self.successful_tweets)


class MediaManifest:
    """The table `media_manifest`. clock: epoch seconds; random: where ids come from."""

    def __init__(self, database: Database, clock: Clock, random: Random) -> None:
        self._db = database
        self._clock = clock
        self._random = random

    async def begin(self, tenant: TenantId, requester: str, requested: Sequence[str]) -> str:
        """Write down that these tweets are about to be downloaded; the id of the row."""
        key = f"{self._random.getrandbits(128):032x}"
        row = {
            "id": key,
            "tenant": str(tenant),
            "requester": requester,
            "requested": json.dumps(list(requested)),
            "state": DownloadState.REQUESTED.value,
            "created_at": self._clock(),
        }

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(media_manifest).values(row))

        await self._db.write(work)
        return key

    async def done(
        self,
        key: str,
        *,
        gallery_url: str,
        tweet: str | None = None,
        cache_hit: bool | None = None,
        successful_tweets: int | None = None,
        media_items: int | None = None,
    ) -> bool:
        """It was downloaded. False when the row was settled before."""
        return await self._settle(
            key,
            DownloadState.DONE,
            gallery_url=gallery_url,
            tweet=tweet,
            cache_hit=cache_hit,
            successful_tweets=successful_tweets,
            media_items=media_items,
        )

    async def failed(self, key: str, error: str) -> bool:
        """It certainly was not. error: the code or a short reason, without secrets."""
        return await self._settle(key, DownloadState.FAILED, error=error)

    async def unknown(self, key: str, error: str) -> bool:
        """The request left and no answer came."""
        return await self._settle(key, DownloadState.UNKNOWN, error=error)

    async def recent(self, tenant: TenantId, limit: int = 20) -> tuple[Download, ...]:
        """The tenant's newest requests, newest first."""
        query = (
            select(media_manifest)
            .where(_T.tenant == str(tenant))
            .order_by(_T.created_at.desc(), _T.id)
            .limit(limit)
        )

        async def work(connection: AsyncConnection) -> tuple[Download, ...]:
            return tuple(_read(row) for row in (await connection.execute(query)).mappings())

        return await self._db.read(work)

    async def page(
        self, tenant: TenantId, after: tuple[float, str] | None, limit: int
    ) -> tuple[tuple[Download, ...], int, int]:
        """The tenant's requests behind a row, newest first; how many there are in all, and how many of them
        before these. after: when that row was written and its id, None for the newest."""
        behind = true() if after is None else or_(_T.created_at < after[0], _same_moment(*after))
        mine = _T.tenant == str(tenant)
        query = select(media_manifest).where(mine, behind).order_by(_T.created_at.desc(), _T.id).limit(limit)
        counts = select(func.count(), func.count().filter(behind)).select_from(media_manifest).where(mine)

        async def work(connection: AsyncConnection) -> tuple[tuple[Download, ...], int, int]:
            rows = tuple(_read(row) for row in (await connection.execute(query)).mappings())
            total, left = (await connection.execute(counts)).one()
            return rows, int(total), int(total) - int(left)

        return await self._db.read(work)

    async def mark_stale(self, older_than: float) -> int:
        """At start: what was requested at least that many seconds ago and has no answer is unknown.

        older_than: 0 when this is the only process; longer than a request takes where there are
        several. Returns how many rows there were.
        """
        before = self._clock() - older_than
        change = (
            update(media_manifest)
            .where(_T.state == DownloadState.REQUESTED.value, _T.created_at <= before)
            .values(
                state=DownloadState.UNKNOWN.value,
                error=msg("the bot stopped before the answer came"),
                settled_at=self._clock(),
            )
        )

        async def work(connection: AsyncConnection) -> int:
            return int((await connection.execute(change)).rowcount)

        return await self._db.write(work)

    async def _settle(self, key: str, state: DownloadState, **values: Any) -> bool:
        # An answer that comes after all may still settle what a start has marked as unknown.
        open_states = [DownloadState.REQUESTED.value, DownloadState.UNKNOWN.value]
        change = (
            update(media_manifest)
            .where(_T.id == key, _T.state.in_(open_states))
            .values(state=state.value, settled_at=self._clock(), **({"error": None} | values))
        )

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(change)).rowcount == 1

        return await self._db.write(work)


def _same_moment(created_at: float, key: str) -> ColumnElement[bool]:
    return and_(_T.created_at == created_at, _T.id > key)


def _read(row: Mapping[Any, Any]) -> Download:
    return Download(
        id=row["id"],
        tenant=TenantId.parse(row["tenant"]),
        requester=row["requester"],
        requested=tuple(json.loads(row["requested"])),
        state=DownloadState(row["state"]),
        gallery_url=row["gallery_url"],
        tweet=row["tweet"],
        cache_hit=row["cache_hit"],
        successful_tweets=row["successful_tweets"],
        media_items=row["media_items"],
        error=row["error"],
        created_at=row["created_at"],
        settled_at=row["settled_at"],
    )

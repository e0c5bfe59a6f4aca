"""The addresses webhooks come in at, one a tenant, and the nonces seen there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import Conflict
from bot.core.messages.message import msg
from bot.storage.engine.bulk import insert_new
from bot.storage.engine.database import Database, insert
from bot.storage.intake import columns
from bot.storage.tables import hook_nonces, hooks


class Hook(msgspec.Struct, frozen=True):
    """POST /hooks/xquik/<id>. webhook: its id at Xquik once registered there; url: as registered."""

    id: str
    tenant: TenantId
    webhook: str | None = None
    url: str = ""
    last_delivery_at: float | None = None


class NonceSeen(msgspec.Struct, frozen=True):
    """A nonce in a delivery whose signature held. body: SHA-256 of the raw bytes."""

    hook: str
    nonce: str
    body: bytes
    at: float


class Hooks:
    """The stored hooks."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, hook: str) -> Hook | None:
        """The hook with this id."""
        query = select(hooks).where(hooks.c.id == hook)
        row = await self._db.read(lambda connection: _first(connection, query))
        return _hook(row) if row else None

    async def of(self, tenant: TenantId) -> Hook | None:
        """The tenant's hook, if it has one."""
        query = select(hooks).where(hooks.c.tenant == str(tenant))
        row = await self._db.read(lambda connection: _first(connection, query))
        return _hook(row) if row else None

    async def ensure(self, tenant: TenantId, hook: str, now: float) -> Hook:
        """The tenant's hook; made with the id `hook` when there is none yet.

        An id that is already another tenant's raises Conflict.
        """

        async def work(connection: AsyncConnection) -> Row[tuple[object, ...]] | None:
            values = {"id": hook, "tenant": str(tenant), "created_at": now}
            await connection.execute(insert(self._db.dialect, hooks).values(values).on_conflict_do_nothing())
            return await _first(connection, select(hooks).where(hooks.c.tenant == str(tenant)))

        row = await self._db.write(work)
        if row is None:
            raise Conflict(msg("This webhook address belongs to another workspace."))
        return _hook(row)

    async def readdress(self, tenant: TenantId, hook: str) -> None:
        """Give the tenant's hook another id; Conflict when another tenant has that id."""

        async def work(connection: AsyncConnection) -> bool:
            taken = select(hooks.c.id).where(hooks.c.id == hook, hooks.c.tenant != str(tenant))
            if await _first(connection, taken):
                return False
            await connection.execute(update(hooks).where(hooks.c.tenant == str(tenant)).values(id=hook))
            return True

        if not await self._db.write(work):
            raise Conflict(msg("This webhook address belongs to another workspace."))

    async def registered(self, hook: str, webhook: str | None, url: str) -> None:
        """Store under which id Xquik knows the hook; None: it no longer does."""
        statement = update(hooks).where(hooks.c.id == hook).values(webhook=webhook, url=url)
        await self._db.write(lambda connection: connection.execute(statement))

    async def forget(self, tenant: TenantId) -> None:
        """Remove the tenant's hook; deliveries to it answer 404 from then on."""
        statement = delete(hooks).where(hooks.c.tenant == str(tenant))
        await self._db.write(lambda connection: connection.execute(statement))


async def record_nonces(connection: AsyncConnection, seen: Sequence[NonceSeen]) -> frozenset[int]:
    """Store nonces; which of them, by position, were seen before with another body."""
    rows = [(nonce.hook, nonce.nonce, nonce.body, nonce.at) for nonce in seen]
    if await insert_new(connection, hook_nonces, columns.NONCE, rows) == len(rows):
        return frozenset()
    reused = set()
    # Rare: a delivery was repeated, or someone tries. One look-up by primary key each.
    for position, nonce in enumerate(seen):
        query = select(hook_nonces.c.body_hash).where(
            hook_nonces.c.hook == nonce.hook, hook_nonces.c.nonce == nonce.nonce
        )
        if bytes((await connection.execute(query)).scalar_one()) != nonce.body:
            reused.add(position)
    return frozenset(reused)


async def touch(connection: AsyncConnection, ids: Sequence[str], at: float) -> None:
    """Note when the hooks last took a delivery."""
    await connection.execute(update(hooks).where(hooks.c.id.in_(ids)).values(last_delivery_at=at))


async def _first(connection: AsyncConnection, query: object) -> Row[tuple[object, ...]] | None:
    return (await connection.execute(query)).first()  # type: ignore[call-overload, no-any-return] # any select


def _hook(row: Row[tuple[object, ...]]) -> Hook:
    return Hook(
        id=row.id,
        tenant=TenantId.parse(row.tenant),
        webhook=row.webhook,
        url=row.url,
        last_delivery_at=row.last_delivery_at,
    )

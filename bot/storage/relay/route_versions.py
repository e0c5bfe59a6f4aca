"""The version of each tenant's routes, which caches of them go by."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import DIALECTS, insert
from bot.storage.tables import cursors


async def raise_version(connection: AsyncConnection, tenant: TenantId) -> None:
    """Inside the transaction that changes what routing goes by."""
    await connection.execute(_RAISE[connection.dialect.name], {"name": f"routes:{tenant}", "position": 1})


_RAISE = {
    dialect: insert(dialect, cursors).on_conflict_do_update(
        index_elements=["name"], set_={"position": cursors.c.position + 1}
    )
    for dialect in DIALECTS
}

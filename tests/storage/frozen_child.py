"""A process that holds a lock inside a transaction, until it is stopped."""

from __future__ import annotations

import asyncio
import sys
import time

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine.database import Database


async def main(url: str) -> None:
    """Say that it is held, and stand still."""
    db = await Database.open(url)

    async def hold(connection: AsyncConnection) -> None:
        await db.serialised(connection, "frozen")
        print("held", flush=True)
        time.sleep(300)  # noqa: ASYNC251 - it stands still

    await db.write(hold)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""A router as a process of its own, to be killed: `python -m tests.relay.route_child`. DB: its database.

It says "ready" before it begins, and "done" when nothing is left.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bot.storage.engine.database import Database
from tests.relay.routing_harness import small_router, unsending


async def main() -> None:
    """Route until nothing is left."""
    db = await Database.open(os.environ["DB"])
    mine = small_router(unsending(db), db)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while await mine.route_batch():
        pass
    sys.stdout.write("done\n")
    sys.stdout.flush()
    await db.close()


if __name__ == "__main__":
    asyncio.run(main())

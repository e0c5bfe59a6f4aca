"""A process that takes the relay's lock and holds it: `python -m tests.storage.relaying_child URL`.

It says "held", and "over" with what it then knows when another one has taken over.
"""

from __future__ import annotations

import asyncio
import sys

from bot.storage.engine.addresses import address
from bot.storage.engine.lock_holder import RelayLock
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.engine.session_lock import LockTimes, SessionLock

QUICK = LockTimes(limit=1.5, certain=0.9, beat=0.2, answer=5.0, again=0.05)


async def main(url: str) -> None:
    """Until it is taken over."""
    lock: RelayLock = relay_lock(url) if url.startswith("sqlite") else SessionLock(address(url), QUICK)
    assert await lock.take() is None
    print("held", flush=True)
    await lock.taken_over.wait()
    print("over", lock.holds(), lock.holder.pid if lock.holder else None, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""A process that takes locks and holds them: `python -m tests.storage.session_locks_child URL NAME…`.

It says "held", and "lost" with the names once they are somebody else's.
"""

from __future__ import annotations

import asyncio
import sys

from bot.storage.engine.addresses import address
from bot.storage.engine.session_locks import SessionLocks
from tests.storage.relaying_child import QUICK


async def main(url: str, names: list[str]) -> None:
    """Until they are lost."""
    gone = asyncio.Event()

    def lost(what: object) -> None:
        assert isinstance(what, frozenset)
        print("lost", *sorted(what), *(name for name in names if locks.holds(name)), flush=True)
        gone.set()

    locks = SessionLocks(address(url), "xquik-bot child", QUICK, lost=lost)
    for name in names:
        assert await locks.take(name)
    print("held", flush=True)
    await gone.wait()
    await locks.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))

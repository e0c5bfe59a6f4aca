"""A process that holds a lane's lock: `python -m tests.storage.locking_child URL LANE`.

It says "held", and once it is told a line, what it then knows of the lock, before it has asked anybody.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bot.storage.engine.addresses import address
from bot.storage.engine.lane_locks import LaneLocks
from bot.storage.engine.session_lock import LockTimes
from tests.relay.harness import until

QUICK = LockTimes(limit=1.5, certain=0.9, beat=0.2, answer=5.0, again=0.05)


async def main(url: str, lane: str) -> None:
    """Until it is told something."""
    locks = LaneLocks(address(url), QUICK, clock=time.time)
    assert await locks.take(lane)
    print("held", flush=True)
    # The loop stands still as well: nothing beats between the line and the answer.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    print("holds", locks.holds(lane), flush=True)
    await until(lambda: not locks.holds(lane), 10.0)
    print("gone", locks.holds(lane), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

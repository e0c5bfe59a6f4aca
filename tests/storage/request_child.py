"""A process of its own that asks Xquik as often as it may: database, address, key, seconds; "go" on its input
begins, and it says at the end how often it was answered."""

from __future__ import annotations

import asyncio
import sys
import time

from pydantic import SecretStr

from bot.core.errors import RateLimited
from bot.storage.engine.database import Database
from bot.storage.places.request_shares import RequestShares
from bot.xquik.limits import RateLimits, Window
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport

LIMIT = 60


async def main(url: str, address: str, key: str, seconds: float) -> None:
    database = await Database.open(url)
    listening = asyncio.create_task(database.listen())
    limits = RateLimits(read=(Window(LIMIT, 1.0),), reserve=0.0)
    transport = Transport(address, limits=limits, shared=RequestShares(database))
    caller = Caller(transport, SecretStr(key))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    until = time.monotonic() + seconds
    done = 0

    async def busy() -> None:
        nonlocal done
        while time.monotonic() < until:
            try:
                await caller.get("/account")
                done += 1
            except RateLimited:
                await asyncio.sleep(0.05)

    await asyncio.gather(*(busy() for _ in range(8)))
    print(done, flush=True)
    listening.cancel()
    await transport.aclose()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))

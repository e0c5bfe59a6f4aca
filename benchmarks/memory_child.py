"""The process whose memory is measured: `python -m benchmarks.memory_child OPTIONS`.

Everything that `xquik-bot run` has in memory with both platforms: their libraries, the application,
and the route index of every tenant after each has had an event.
"""

from __future__ import annotations

import asyncio
import gc

import adapters.discord.platform
import adapters.slack.platform
from benchmarks import children
from benchmarks.opened import open_app
from benchmarks.resident import most, resident
from bot.observability.logs import configure

LOADED = (adapters.discord.platform, adapters.slack.platform)
_SECONDS = 120.0


async def measure(url: str) -> dict[str, float]:
    """MiB before the routes are loaded, after every tenant's event was routed, and the most so far."""
    app = await open_app(url)
    before = resident()
    newest = await app.relay.events.newest()
    async with asyncio.timeout(_SECONDS):
        while await app.relay.router.position() < newest:
            await app.relay.router.route_batch()
    gc.collect()
    found = {"before": before, "after": resident(), "most": most(), "events": float(newest)}
    await app.close()
    return found


if __name__ == "__main__":
    configure("warning")
    children.say(asyncio.run(measure(children.options()["url"])))

"""The process whose memory is measured: `python -m benchmarks.memory_child OPTIONS`.

Everything that `xquik-bot run` has in memory with both platforms: their libraries, the application,
and the route index of every tenant after each has had an event.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import sys
from pathlib import Path

import adapters.discord.platform
import adapters.slack.platform
from benchmarks import children
from bot.app.wiring import App
from bot.observability.logs import configure
from bot.settings import Settings, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key

LOADED = (adapters.discord.platform, adapters.slack.platform)
_SECONDS = 120.0


async def measure(url: str) -> dict[str, float]:
    """MiB before the routes are loaded, after every tenant's event was routed, and the most so far."""
    app = await App.open(
        Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),))), migrating=True
    )
    before = resident()
    newest = await app.relay.events.newest()
    async with asyncio.timeout(_SECONDS):
        while await app.relay.router.position() < newest:
            await app.relay.router.route_batch()
    gc.collect()
    found = {"before": before, "after": resident(), "most": most(), "events": float(newest)}
    await app.close()
    return found


def resident() -> float:
    """MiB of ours in memory now."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return most()
    return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20


def most() -> float:
    """MiB of ours in memory at most, so far."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would tell of the parent's too, before it became us
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    configure("warning")
    children.say(asyncio.run(measure(children.options()["url"])))

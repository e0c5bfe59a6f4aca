"""A relay process of the cluster benchmark: `python -m benchmarks.cluster_child OPTIONS`.

Everything is as in `xquik-bot run --role relay`, but for the platform, which takes every message at once.
Each question is answered with how many messages it has posted, its seconds of processor, and the MiB of
memory that it had at the most.
"""

from __future__ import annotations

import asyncio
import resource
import threading
import time
from pathlib import Path

import uvloop

from benchmarks import children
from benchmarks.nowhere import DeclaredNowhere
from benchmarks.relay_parts import NullMessenger
from bot.app.memory import loading
from bot.app.serving import Bot
from bot.observability.logs import configure
from bot.settings import load


async def _relay(config: Path) -> None:
    messenger = NullMessenger()
    settings = load(config, environ={})
    bot = await Bot.open(settings, frozenset({"relay"}), listed=(DeclaredNowhere(messenger),))
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer() -> None:
        for _ in children.questions():
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            children.say({"posted": messenger.posted, "cpu": time.process_time(), "memory": memory})
        loop.call_soon_threadsafe(asked_to_stop.set)

    try:
        with loading():
            await bot.start()
        children.say({"ready": True})
        threading.Thread(target=answer, daemon=True).start()
        await bot.until(asked_to_stop)
    finally:
        await bot.stop()


def main() -> None:
    """Until its input ends."""
    configure("warning")
    uvloop.run(_relay(Path(children.options()["config"])))


if __name__ == "__main__":
    main()

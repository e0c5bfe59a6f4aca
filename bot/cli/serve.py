"""The commands that keep running: `demo` and `run`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from bot.core.errors import BotError
from bot.observability.loggers import log
from bot.observability.logs import configure


async def run_demo(port: int, data: Path) -> int:
    """The demo, until Ctrl-C or SIGTERM."""
    from bot.app.demo import start_demo

    known = configure("warning")
    stop = _stop_event()
    demo = await start_demo(port, data, _say, known)
    _say(
        f"\n  The playground is ready: {demo.address}"
        f"\n  The sandbox in place of X: {demo.sandbox.origin}, its key {demo.sandbox.key.get_secret_value()}"
        f"\n  Ctrl-C stops it; everything stays in {data}.\n"
    )
    sandbox_gone = asyncio.create_task(demo.sandbox.process.wait())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({sandbox_gone, stopping}, return_when=asyncio.FIRST_COMPLETED)
    failed = sandbox_gone.done() and not stopping.done()
    for task in (sandbox_gone, stopping):
        task.cancel()
    _say("Stopping …")
    await demo.stop()
    if failed:
        raise BotError("The sandbox stopped by itself.", remedy="Start the demo again; nothing is lost.")
    return 0


async def run_bot(config: Path | None, roles: frozenset[str]) -> int:
    """The bot, until Ctrl-C or SIGTERM."""
    from bot.app.memory import loading

    with loading():
        from bot.app.file_modes import exposed, remedy
        from bot.app.known_secrets import remember_settings
        from bot.app.serving import Bot
        from bot.settings import load

        settings = load(config, roles=roles)
        known = configure(settings.log.level, settings.log.format)
        remember_settings(settings, known)
        if found := exposed(config, settings):
            files = ", ".join(str(one) for one in found)
            log("bot").warning("other users of this machine can open", files=files, remedy=remedy(found))
        stop = _stop_event()
        bot = await Bot.open(settings, roles, known.remember)
    try:
        with loading():
            await bot.start()
        log("bot").info("ready", roles=",".join(sorted(roles)), web=bot.address or "off")
        await bot.until(stop)
        await bot.leave()
    finally:
        await bot.stop()
    return 0


def _stop_event() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked, number)
    return stop


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

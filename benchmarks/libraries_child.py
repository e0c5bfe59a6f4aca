"""The libraries of the bot alone: `python -m benchmarks.libraries_child OPTIONS`.

Without names it says which modules of others are loaded once `xquik-bot run` is ready on both platforms; with
them it loads those and nothing else, and says what that took.
"""

from __future__ import annotations

import importlib
import sys
import time

from benchmarks import children
from benchmarks.resident import resident

# What `run` loads with both platforms, with what its libraries load on first use.
_LOADED = (
    "bot.cli.main",
    "bot.cli.serve",
    "bot.app.serving",
    "adapters.discord.platform",
    "adapters.slack.platform",
    "aiosqlite",
    "httpcore",
    "anyio._backends._asyncio",
    "uvloop",
)


def names() -> list[str]:
    """Modules of others that are loaded by the bot, in their order."""
    for name in _LOADED:
        importlib.import_module(name)
    return [
        name
        for name, module in tuple(sys.modules.items())
        if "site-packages" in (getattr(module, "__file__", None) or "")
    ]


def main() -> None:
    """Answer once."""
    wanted = children.options()["names"]
    if wanted is None:
        children.say({"names": names()})
        return
    for name in wanted:
        try:
            importlib.import_module(name)
        except ImportError:
            # Some are made by their package under a name that cannot be imported by itself.
            continue
    children.say({"resident": resident(), "cpu": time.process_time()})


if __name__ == "__main__":
    main()

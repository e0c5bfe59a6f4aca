"""Begins the store process: `python -P -S store_child.py DESCRIPTOR`.

It stands in for `bot/__init__.py`, which sets up libraries for time zones: what stores needs none of
them, nor any other, and a third of the memory is saved.
"""

from __future__ import annotations

import os
import sys


def begin(descriptor: int) -> None:
    """Serve the socket that was handed over."""
    bot = type(sys)("bot")
    bot.__path__ = [__file__.rsplit(os.sep, 3)[0]]  # the directory of the package
    sys.modules["bot"] = bot
    from bot.storage.intake.storing import main

    main(descriptor)


if __name__ == "__main__":
    begin(int(sys.argv[1]))

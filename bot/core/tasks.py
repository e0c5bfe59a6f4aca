"""Ending background tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

# Seconds until one that is still there is cancelled once more: what it does in order to end has its time.
AGAIN: Final = 5.0


async def cancelled(tasks: Iterable[asyncio.Task[Any]], again: float = AGAIN) -> None:
    """Cancel tasks until they have ended. again: seconds until one that is still there is cancelled anew.

    Once is not always enough: a connection that breaks at that moment can turn the cancellation into an
    error of its own, after which the task goes on.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)

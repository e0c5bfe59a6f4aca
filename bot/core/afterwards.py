"""What is done beside an answer that is there already: where it fails, the answer is given all the same."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

from bot.core.errors import BotError, said_of_outage

_LOG = logging.getLogger(__name__)
T = TypeVar("T")


async def or_else(work: Awaitable[T], instead: T, *, what: str) -> T:
    """What comes of it; `instead` where it fails with an error for people, which is then a line in the log.

    what: is lost then, for the log. For what was paid for, or done, and is shown whatever becomes of this;
    mistakes of ours are raised as ever.
    """
    try:
        return await work
    except BotError as error:
        _LOG.warning("%s: %s", what, said_of_outage(error))
        return instead

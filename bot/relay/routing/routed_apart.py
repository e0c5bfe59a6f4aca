"""Batches on their way to the store process: in slices, so that deliveries are stored in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from bot.storage.engine.stored_bytes import message_size
from bot.storage.intake.store_messages import RouteBatch
from bot.storage.relay.deliveries import NewDelivery, delivery_row

# Rows of one transaction: it takes some milliseconds, and a commit another one.
SLICE: Final = 128


class RoutesApart(Protocol):
    """`bot.storage.intake.store_process.StoreProcess`."""

    async def route(self, batch: RouteBatch) -> tuple[bool, bool]:
        """Whether it was stored, and whether a process that died may have done it before."""
        ...


async def route_apart(
    process: RoutesApart, start: int, upto: int, new: Sequence[NewDelivery]
) -> tuple[bool, bool]:
    """Store messages with the move of the cursor, by another process; see `RoutesApart.route`."""
    rows = [delivery_row(one) for one in new]
    return await process.route(RouteBatch(start, upto, rows, [message_size(one.card) for one in new]))

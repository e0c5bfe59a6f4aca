"""Deliveries on their way to the store process, and its answers on their way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.relay.receiving.received import (
    DUPLICATE,
    NONCE_REUSED,
    TEST,
    StoredDelivery,
    WebhookDelivery,
    accepted,
)
from bot.storage.engine.stored_bytes import size_of
from bot.storage.intake import store_messages
from bot.storage.intake.events import event_row
from bot.storage.intake.store_messages import StoreGroup, StoreRow


class StoresApart(Protocol):
    """`bot.storage.intake.store_process.StoreProcess`."""

    async def store(self, group: StoreGroup) -> tuple[list[int], bool]:
        """The answers, once they are durable, and whether a process that died may have stored some."""
        ...


_SAID = {
    store_messages.DUPLICATE: DUPLICATE,
    store_messages.NO_EVENT: TEST,
    store_messages.REUSED: NONCE_REUSED,
}


async def store_apart(
    process: StoresApart, group: Sequence[WebhookDelivery], touched: Sequence[str]
) -> tuple[list[StoredDelivery], bool]:
    """As `bot.relay.receiving.intake.store`, by another process; and whether some may be found stored already
    that nobody was told of."""
    rows = [_row(delivery) for delivery in group]
    answers, again = await process.store(StoreGroup(rows, list(touched)))
    return [_SAID.get(answer) or accepted(answer) for answer in answers], again


def _row(delivery: WebhookDelivery) -> StoreRow:
    event = delivery.event
    return StoreRow(
        delivery.hook,
        delivery.nonce,
        delivery.digest,
        delivery.at,
        None if event is None else event_row(event),
        0 if event is None else size_of(event.data),
    )

"""A platform that takes only so many messages a second: a message is not marked before its turn."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import DeliveryResult
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.throttle import Throttle
from bot.relay.sending.outbox import (
    delivery_key,
    lane_of_cards,
    lane_of_events,
    lane_of_person,
    place_of_lane,
)
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import NewDelivery, add
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, until

PLACE = Destination(TENANT, "C1")
CARD = card_json.encode(Card("Hello"))


@dataclass
class ThrottledMessenger(RecordingMessenger):
    """Takes one message in a fifth of a second. early: what was posted before its turn."""

    pace: Throttle = field(default_factory=lambda: Throttle(5.0, 1, time.monotonic))
    early: int = 0

    def turn_in(self, to: Destination) -> float:
        return self.pace.until(to.channel)

    def stand(self, to: Destination, card: Card, key: str) -> DeliveryResult:
        self.early += bool(self.pace.wait(to.channel, 9.0))
        return super().stand(to, card, key)


@pytest.mark.parametrize("thread", [None, "17.2"])
def test_the_place_of_a_lane_is_read_from_its_name(thread: str | None) -> None:
    place = Destination(TenantId("slack", "T1"), "C1", thread)
    assert place_of_lane(lane_of_events(place)) == place
    assert place_of_lane(lane_of_cards(place)) == place
    assert place_of_lane(lane_of_person(place.tenant, "U1")) is None


async def test_a_lane_waits_for_its_turn_before_it_marks_a_message(database: Database) -> None:
    messenger = ThrottledMessenger()
    relay = make_relay(database, messenger)
    lane = lane_of_events(PLACE)
    new = [
        NewDelivery(
            PLACE,
            lane,
            DeliveryKind.LIST,
            DedupKey(f"l:{number}"),
            delivery_key(lane, str(number)),
            1.0,
            card=CARD,
        )
        for number in range(4)
    ]

    async def put(connection: AsyncConnection) -> None:
        await add(connection, new)

    await database.write(put)
    await relay.start()

    async def done() -> bool:
        return not await relay.deliveries.backlog()

    await until(done)
    await relay.stop()
    assert len(messenger.posted) == 4 and messenger.early == 0
    assert {one.attempts for one in await relay.deliveries.of_lane(lane)} == {1}, (
        "no try was spent on waiting"
    )

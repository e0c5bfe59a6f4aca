"""The page in one process and the relay in another: what is pressed here is sent there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from bot.core.chat.card_json import encode
from bot.core.chat.cards import Card, Quote
from bot.core.chat.delivery_results import DeliveryResult
from bot.core.chat.ids import Destination
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from tests.relay.conftest import make_relay
from tests.relay.harness import RecordingMessenger, route, until
from tests.web.operator.conftest import TENANT, Office, Visitor, dead, message


def words(text: str) -> str:
    return encode(Card("news", (Quote(text, author="@ada"),)))


@dataclass
class Elsewhere:
    """The relay, with a database connection of its own."""

    relay: Relay
    messenger: RecordingMessenger


@pytest.fixture
async def elsewhere(sqlite_url: str, office: Office) -> AsyncIterator[Elsewhere]:
    """It looks for what others queued, as `xquik-bot run --role relay` does."""
    db = await Database.open(sqlite_url)
    messenger = RecordingMessenger()
    relay = make_relay(db, messenger, poll=0.1)
    await relay.start()

    async def look() -> None:
        while True:
            relay.scheduler.look()
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(look())
    yield Elsewhere(relay, messenger)
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
    await relay.stop(grace=2.0)
    await db.close()


async def test_what_is_replayed_is_sent_once_and_in_order(
    office: Office, elsewhere: Elsewhere, operator: Visitor
) -> None:
    await office.messages(*(dead(n, card=words(f"letter {n}")) for n in range(6)))
    asked = await operator.submit(await operator.get("/operator/dead"), "/operator/replay", what="all")
    clicks = [operator.submit(asked, "/operator/replay/confirmed") for _ in range(3)]
    answers = await asyncio.gather(*clicks)
    assert all(answer.status_code == 303 for answer in answers)
    await until(lambda: len(elsewhere.messenger.texts("C1")) >= 6)
    assert elsewhere.messenger.texts("C1") == [f"letter {n}" for n in range(6)]


async def test_a_paused_place_sends_nothing_more_and_goes_on_where_it_was(
    office: Office, elsewhere: Elsewhere, operator: Visitor
) -> None:
    def news() -> list[str]:
        return [text for text in elsewhere.messenger.texts("C1") if text.startswith("word")]

    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(to: Destination, card: Card, key: str) -> DeliveryResult | None:
        arrived.set()
        await go_on.wait()
        return None

    elsewhere.messenger.answers["C1"].append(slowly)
    await office.routes.add(route("news", "C1", TENANT), time.time())
    await office.messages(*(message(n, card=words(f"word {n}")) for n in range(4)))
    await asyncio.wait_for(arrived.wait(), 10)
    await operator.submit(await operator.get("/operator/"), "/operator/places")
    go_on.set()
    await until(lambda: news() == ["word 0"])
    await until(lambda: not elsewhere.relay.scheduler.busy)
    page = await operator.get("/operator/")
    assert news() == ["word 0"]
    await operator.submit(page, "/operator/places")
    await until(lambda: len(news()) == 4)
    assert news() == [f"word {n}" for n in range(4)]

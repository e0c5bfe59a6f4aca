"""A place that stops answering, and a route that is paused by hand: who is told, when, and only once."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text
from bot.core.chat.delivery_results import Busy, Delivered, Gone, Unknown
from bot.core.chat.ids import Destination
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.relay.observing import Unobserved
from bot.relay.sending.breaker import FAILURES, PATIENCE
from bot.relay.sending.outbox import delivery_key
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import NewDelivery, add
from bot.storage.relay.outages import open_outages
from tests.relay.conftest import RelayHarness, make_secrets
from tests.relay.engine import relay_of
from tests.relay.harness import TENANT, RecordingMessenger, present, route, until
from tests.relay.sending_harness import PLACE

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
LANE = str(PLACE)
DOWN = Busy(0.0, "connection refused")


def said(card: Card) -> str:
    """Everything in the texts of a card, and its title."""
    parts = [part for block in card.blocks if isinstance(block, Text) for part in block.line]
    return " ".join([card.title, *(str(getattr(part, "text", part)) for part in parts)])


class Watch(Unobserved):
    """Counts the places that cannot be reached."""

    def __init__(self) -> None:
        self.unreachable_now = 0

    def unreachable(self, platform: str, change: int) -> None:
        assert platform == "slack"
        self.unreachable_now += change


@dataclass
class BreakerHarness:
    """A relay that is driven by hand, one drain of a lane at a time, at a time of its own."""

    db: Database
    relay: Relay
    messenger: RecordingMessenger
    watch: Watch
    now: float = 1_000_000.0

    async def fill(self, count: int, place: Destination = PLACE) -> None:
        """Put so many messages into a place's lane, as a route would."""

        def new(number: int) -> NewDelivery:
            lane, dedup_key = str(place), f"n:{number}:{self.now}"
            card = card_json.encode(Card(f"message {number}"))
            key = delivery_key(lane, dedup_key)
            return NewDelivery(place, lane, DeliveryKind.LIST, DedupKey(dedup_key), key, self.now, card=card)

        await self.db.write(lambda connection: add(connection, [new(n) for n in range(count)]))

    async def drain(self, lane: str = LANE) -> None:
        """One turn of a lane."""
        await self.relay._sending.drainer.drain(lane)

    async def fail(self, times: int) -> None:
        """So many tries of the head, each of which fails, with 400 s in between."""
        for _ in range(times):
            self.messenger.answers["C1"] = [DOWN]
            await self.drain()
            self.now += 400.0

    async def recover(self) -> None:
        """The place works again; everything that is due anywhere is sent."""
        self.messenger.answers["C1"] = []
        for _ in range(3):
            for lane in await self.relay.deliveries.open_lanes("", 100):
                await self.drain(lane)

    async def tell(self) -> list[str]:
        """Send what waits for people; what they were told in all."""
        for lane in await self.relay.deliveries.open_lanes("", 100):
            if "/@" in lane:
                await self.drain(lane)
        return [f"{person}: {said(card)}" for person, card in self.messenger.told]


def _relay(harness: BreakerHarness) -> Relay:
    return relay_of(
        harness.db,
        make_secrets(harness.db),
        {"slack": harness.messenger},
        present,
        clock=lambda: harness.now,
        random=random.Random(3).random,
        observer=harness.watch,
    )


@pytest.fixture
async def harness(database: Database) -> AsyncIterator[BreakerHarness]:
    """See `BreakerHarness`: two people have each made a route to the place."""
    made = BreakerHarness(database, None, RecordingMessenger(), Watch())  # type: ignore[arg-type] # set below
    made.relay = _relay(made)
    for name, maker in (("r", "U1"), ("other", "U2"), ("nobody", "")):
        await made.relay.routes.add(route(name, "C1", created_by=maker), made.now)
    yield made


async def test_the_makers_of_the_routes_are_told_once_that_a_place_cannot_be_reached(
    harness: BreakerHarness,
) -> None:
    await harness.fill(7)
    began = harness.now
    await harness.fail(FAILURES - 1)
    assert await harness.tell() == []
    await harness.fail(10)
    told = await harness.tell()
    assert [line.partition(":")[0] for line in told] == ["U1", "U2"]
    assert "7 messages wait" in told[0]
    assert "connection refused" in told[0]
    assert harness.watch.unreachable_now == 1
    assert (await open_outages(harness.db))[LANE].since == began


@ONE_DATABASE
async def test_only_the_head_is_tried_while_a_place_is_down(harness: BreakerHarness) -> None:
    await harness.fill(5)
    await harness.fail(12)
    assert len({key for _, key in harness.messenger.calls}) == 1
    assert len(harness.messenger.calls) == 12


@ONE_DATABASE
async def test_a_place_that_is_only_slow_for_a_moment_is_no_outage(harness: BreakerHarness) -> None:
    await harness.fill(1)
    for _ in range(FAILURES + 2):
        harness.messenger.answers["C1"] = [Busy(0.5, "rate limited")]
        await harness.drain()
        harness.now += PATIENCE / (FAILURES + 8) if len(harness.messenger.calls) < FAILURES else 0.1
    assert await harness.tell() == []


async def test_when_it_works_again_the_place_and_the_makers_hear_for_how_long_and_how_much(
    harness: BreakerHarness,
) -> None:
    await harness.fill(4)
    await harness.fail(18)  # 18 * 400 s = 2 h
    await harness.tell()
    await harness.recover()
    titles = [post.card.title for post in harness.messenger.posted]
    assert titles[0] == "message 0"
    assert titles.count("Back after 2h: 3 messages follow") == 1
    told = await harness.tell()
    assert [line.partition(":")[0] for line in told] == ["U1", "U2", "U1", "U2"]
    assert "again, after 2h" in told[2]
    assert harness.watch.unreachable_now == 0
    assert await open_outages(harness.db) == {}
    assert [title for title in titles if title.startswith("message")] == [f"message {n}" for n in range(4)]


async def test_an_outage_is_known_after_a_restart_and_not_told_again(harness: BreakerHarness) -> None:
    await harness.fill(2)
    await harness.fail(FAILURES + 2)
    assert len(await harness.tell()) == 2
    harness.relay = _relay(harness)
    harness.watch.unreachable_now = 0
    await harness.fail(4)
    assert len(await harness.tell()) == 2
    assert harness.watch.unreachable_now == 1
    await harness.recover()
    assert len(await harness.tell()) == 4
    assert [p.card.title for p in harness.messenger.posted if p.card.title.startswith("Back")]


@ONE_DATABASE
async def test_an_unknown_outcome_counts_as_a_failure_and_a_new_outage_is_told_anew(
    harness: BreakerHarness,
) -> None:
    for _ in range(2):
        await harness.fill(1)
        for _ in range(FAILURES + 1):
            harness.messenger.answers["C1"] = [Unknown("no answer")]
            await harness.drain()
            harness.now += 400.0
        await harness.recover()
    assert len([line for line in await harness.tell() if "cannot be reached" in line]) == 4


@ONE_DATABASE
async def test_an_outage_that_ends_with_the_loss_of_the_place_is_over_without_a_word(
    harness: BreakerHarness,
) -> None:
    await harness.fill(1)
    await harness.fail(FAILURES + 1)
    harness.messenger.answers["C1"] = [Gone("the channel was deleted")]
    await harness.drain()
    assert [one.lost for one in (await open_outages(harness.db)).values()] == [True]
    assert harness.watch.unreachable_now == 0
    assert not [line for line in await harness.tell() if "again" in line.partition(" ")[0]]
    assert not [post for post in harness.messenger.posted if post.card.title.startswith("Back")]


@ONE_DATABASE
async def test_nothing_that_waits_is_deleted_however_long_it_takes(harness: BreakerHarness) -> None:
    await harness.fill(3)
    await harness.fail(60)
    assert await harness.relay.deliveries.backlog() >= 3


# --- paused by hand ------------------------------------------------------------------------------


def heard(house: RelayHarness, channel: str) -> list[str]:
    """What was said in a channel about routes."""
    return [said(p.card) for p in house.messenger.posted if p.to.channel == channel]


async def test_a_pause_is_said_once_in_its_places_and_to_who_made_the_route(house: RelayHarness) -> None:
    mine = route("r", "C1", created_by="U1", also=(Destination(TENANT, "C2"),))
    await house.routes(mine)
    assert await house.relay.pause(mine, "paused by Ann", by="U2")
    assert await house.relay.pause(mine, "paused by Ann", by="U2")
    await until(lambda: heard(house, "C1") and heard(house, "C2") and house.messenger.told)
    await house.quiet()
    assert len(heard(house, "C1")) == len(heard(house, "C2")) == len(house.messenger.told) == 1
    assert "r is paused by Ann" in " ".join(heard(house, "C1")[0].split())


@ONE_DATABASE
async def test_whoever_pauses_their_own_route_is_not_told_by_message(house: RelayHarness) -> None:
    mine = route("r", "C1", created_by="U1")
    await house.routes(mine)
    await house.relay.pause(mine, "paused by Ann", by="U1")
    await until(lambda: heard(house, "C1"))
    await house.quiet()
    assert house.messenger.told == []


async def test_a_route_that_goes_on_says_so_with_what_follows(house: RelayHarness) -> None:
    mine = route("r", "C1", created_by="U1")
    await house.routes(mine)
    await house.relay.resume(mine)
    assert await house.relay.deliveries.backlog() == 0, "it was not paused: nothing to say"
    await house.relay.pause(mine, "paused by Ann", by="U1")
    assert await house.relay.resume(mine, by="U2")
    await until(lambda: len(heard(house, "C1")) == 2 and house.messenger.told)
    assert "is on again. Nothing was waiting." in " ".join(heard(house, "C1")[1].split())


@ONE_DATABASE
async def test_a_route_that_is_gone_is_told_to_nobody(house: RelayHarness) -> None:
    assert not await house.relay.pause(route("r", "C1"), "paused by Ann")
    assert not await house.relay.resume(route("r", "C1"))
    assert isinstance(await house.messenger.check(PLACE), Delivered)
    assert await house.relay.deliveries.backlog() == 0


async def test_who_lets_a_place_go_on_in_another_process_hears_that_it_still_cannot_be_reached(
    harness: BreakerHarness,
) -> None:
    await harness.fill(3)
    await harness.fail(FAILURES + 1)
    before = await harness.tell()
    assert len(before) == 2
    other = _relay(harness)
    for standing in await other.routes.list(TENANT):
        await other.pause(standing.route, "paused", by="U1")
        await other.resume(standing.route, by="U1")
    await harness.tell()
    await harness.fail(FAILURES + 2)
    told = [one for one in await harness.tell() if one not in before]
    assert sum("cannot be reached" in one for one in told) == 2, told
    assert harness.watch.unreachable_now == 1

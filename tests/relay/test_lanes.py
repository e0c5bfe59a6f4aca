"""What a lane does with each answer of a platform, and with a send that was interrupted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card, Text
from bot.core.chat.delivery_results import Absent, Busy, Found, Gone, Refused, Unknown, Unreadable
from bot.core.chat.ids import Destination
from bot.core.messages.message import Message
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import Outbox, enqueue_tell
from bot.relay.sending.sender import UNKNOWN_TRIES
from bot.storage.engine.database import Database
from bot.storage.tables import deliveries
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.harness import (
    TENANT,
    RecordingMessenger,
    deliver,
    event_body,
    make_hook,
    route,
    until,
)

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PLACE = Destination(TENANT, "C1")


async def events(house: RelayHarness, count: int) -> None:
    """Deliver that many events, one after another."""
    path = await make_hook(house.relay, TENANT, "hook-one")
    for number in range(count):
        assert (await deliver(house.client, path, event_body(number))).status_code == 200


async def states(db: Database) -> list[tuple[str, str | None]]:
    """The state and error of every delivery, in order."""

    async def work(connection: AsyncConnection) -> list[tuple[str, str | None]]:
        query = select(deliveries.c.state, deliveries.c.error).order_by(deliveries.c.id)
        return [(row.state, row.error) for row in await connection.execute(query)]

    return await db.read(work)


async def hasten(house: RelayHarness) -> None:
    """Let what waits for a moment be due now (parked lanes stay)."""

    async def work(connection: AsyncConnection) -> None:
        due = deliveries.c.not_before.between(1, time.time() + 3600)
        await connection.execute(update(deliveries).where(due).values(not_before=0.0))

    await house.db.write(work)
    for lane in await house.relay.deliveries.open_lanes("", 100):
        house.relay.scheduler.wake(lane)


def says_repeat(card: Card) -> bool:
    """Whether the card says that it may be a repeat."""
    texts = [part for b in card.blocks if isinstance(b, Text) for part in b.line]
    return any("Possibly a repeat" in part for part in texts if isinstance(part, str))


async def test_busy_waits_as_long_as_asked_and_keeps_the_order(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"), route("other", "C2"))
    house.messenger.answers["C1"] = [Busy(0.4, "slow down")]
    begun = time.monotonic()
    await events(house, 3)
    await until(lambda: len(house.messenger.texts("C2")) == 3)
    await house.quiet()
    assert time.monotonic() - begun >= 0.4
    assert house.messenger.texts("C1") == [f"Tweet number {n}" for n in range(3)]
    keys = [key for to, key in house.messenger.calls if to.channel == "C1"]
    assert keys[0] == keys[1] and len(keys) == 4


async def test_gone_pauses_the_route_tells_its_maker_and_keeps_what_waits(house: RelayHarness) -> None:
    mine = route("r", "C1", created_by="U1")
    await house.routes(mine, route("second", "C1", created_by="U2"), route("other", "C2"))
    gone = Gone("I was removed from the channel.", "Invite me again.")
    house.messenger.answers["C1"] = [gone]
    await events(house, 1)
    await until(lambda: len(house.messenger.told) == 2)
    assert sorted(person for person, _ in house.messenger.told) == ["U1", "U2"]
    standing = await house.relay.routes.get(TENANT, mine.id)
    assert standing is not None and standing.route.paused_reason == gone.reason
    await events(house, 3)
    await until(lambda: len(house.messenger.texts("C2")) == 3)
    assert house.messenger.texts("C1") == []
    assert [to.channel for to, _ in house.messenger.calls].count("C1") == 1
    await house.relay.resume(mine)
    await until(lambda: "Tweet number 0" in house.messenger.texts("C1"))


async def test_refused_is_tried_once_plainer_and_then_is_a_dead_letter(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.answers["C1"] = [Refused("no blocks please")]
    long = "x" * 2000
    path = await make_hook(house.relay, TENANT, "hook-one")
    await deliver(house.client, path, event_body(1, data={"text": long}))
    await house.quiet()
    assert len(house.messenger.texts("C1")[0]) < 1000
    house.messenger.answers["C1"] = [Refused("no"), Refused("never")]
    await deliver(house.client, path, event_body(2, data={"text": long}))
    await house.quiet()
    standing = (await house.relay.routes.list(TENANT))[0]
    assert standing.last_success_at is not None and standing.last_failure == "never"
    await deliver(house.client, path, event_body(3))
    await house.quiet()
    assert house.messenger.texts("C1")[1:] == ["Tweet number 3"]
    assert ("dead", "never") in await states(house.db)
    (dead,) = await house.relay.deliveries.dead(TENANT, 5)
    assert dead.error == "never"
    assert (await house.relay.routes.list(TENANT))[0].last_failure is None, "it works again"


@ONE_DATABASE
async def test_repeated_failure_ends_as_a_dead_letter_with_its_reason(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))

    async def tired(connection: AsyncConnection) -> None:
        await connection.execute(update(deliveries).values(attempts=79, not_before=0.0))

    house.messenger.answers["C1"] = [Busy(0.2, "down"), Busy(0.2, "still down")]
    await events(house, 1)
    await until(lambda: len(house.messenger.calls) == 1)
    await house.db.write(tired)
    await hasten(house)
    await house.quiet()
    ((state, why),) = await states(house.db)
    assert (state, why) == ("dead", "given up after 80 attempts: still down")
    assert isinstance(why, Message) and why.arguments["n"] == 80, "any language can say it"


@ONE_DATABASE
@pytest.mark.parametrize(
    ("lookup", "posted", "marked"),
    [(Found("m1"), 0, False), (Absent(), 1, False), (Unreadable(), 1, True)],
    ids=["found there", "not there", "unreadable"],
)
async def test_an_unknown_outcome_is_looked_up(
    house: RelayHarness, lookup: Found | Absent | Unreadable, posted: int, marked: bool
) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.lookup = lookup
    house.messenger.answers["C1"] = [Unknown("connection lost")]
    await events(house, 1)
    await until(lambda: len(house.messenger.calls) == 1)
    await until(lambda: _stored(house, "sending", "connection lost"))
    await hasten(house)
    await house.quiet()
    assert len(house.messenger.posted) == posted
    assert [says_repeat(post.card) for post in house.messenger.posted] == [marked] * posted
    assert len({key for _, key in house.messenger.calls}) == 1
    assert [key for _, key, _ in house.messenger.finds] == [house.messenger.calls[0][1]]
    assert [state for state, _ in await states(house.db)] == ["sent"]


async def _stored(house: RelayHarness, state: str, error: str) -> bool:
    return (state, error) in await states(house.db)


@ONE_DATABASE
async def test_where_nothing_can_be_read_a_second_unknown_outcome_loses_nothing(house: RelayHarness) -> None:
    """Two answers that are lost, or two crashes one after the other, must not cost the message."""
    await house.routes(route("r", "C1"))
    house.messenger.lookup = Unreadable()
    house.messenger.answers["C1"] = [Unknown("one"), Unknown("two")]
    await events(house, 1)
    for said in ("one", "two"):
        await until(partial(_stored, house, "sending", said))
        await hasten(house)
    await house.quiet()
    assert [says_repeat(post.card) for post in house.messenger.posted] == [True]
    assert [state for state, _ in await states(house.db)] == ["sent"]


@ONE_DATABASE
async def test_where_nobody_can_ever_tell_it_is_given_up_in_the_end(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.lookup = Unreadable()
    tries = [str(number) for number in range(UNKNOWN_TRIES)]
    house.messenger.answers["C1"] = [Unknown(said) for said in tries]
    await events(house, 1)
    for said in tries:
        await until(partial(_stored, house, "sending", said))
        await hasten(house)
    await house.quiet()
    assert len(house.messenger.calls) == UNKNOWN_TRIES
    ((state, error),) = await states(house.db)
    assert state == "dead" and "not known" in str(error)


@ONE_DATABASE
async def test_where_keys_are_recognised_an_unknown_outcome_is_simply_sent_again(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    house.messenger.idempotent_window = 180.0

    async def lost(to: Destination, card: Card, key: str) -> Unknown:
        house.messenger.stand(to, card, key)
        return Unknown("the answer was lost")

    house.messenger.answers["C1"] = [lost]
    await events(house, 1)
    await until(lambda: _stored(house, "sending", "the answer was lost"))
    await hasten(house)
    await house.quiet()
    assert len(house.messenger.posted) == 1
    assert house.messenger.finds == []


async def test_what_was_being_sent_when_the_process_ended_is_resolved_at_the_next_start(
    database: Database,
) -> None:
    messenger = RecordingMessenger()
    first = make_relay(database, messenger)
    await first.routes.add(route("r", "C1"), time.time())
    never = asyncio.Event()

    async def hang(to: Destination, card: Card, key: str) -> None:
        messenger.stand(to, card, key)
        await never.wait()

    messenger.answers["C1"] = [hang]
    await first.start()
    key = await first.keys.find((await make_hook(first, TENANT, "hook-one")).rsplit("/", 1)[1])
    from bot.relay.receiving.delivery_body import read_body
    from bot.relay.receiving.signature import Verified

    assert key is not None
    for number in range(3):
        body = read_body(event_body(number), time.time())
        await first.intake.take(key, Verified(0, f"{number:032x}"), body)
    await until(lambda: len(messenger.posted) == 1)
    await first.stop(grace=0.05)
    assert (await states(database))[0][0] == "sending"

    messenger.lookup = Found("0")
    second = make_relay(database, messenger)
    await second.start()
    await until(lambda: len(messenger.posted) == 3)
    assert messenger.texts("C1") == [f"Tweet number {n}" for n in range(3)]
    await second.stop()


@ONE_DATABASE
async def test_a_data_shape_that_no_presenter_can_read_holds_nothing_up(house: RelayHarness) -> None:
    def broken(event: object, platform: str, look: object) -> Card:
        raise TypeError("surprise")

    house.relay._sending.sender._rendering._present = broken
    await house.routes(route("r", "C1"))
    await events(house, 2)
    await house.quiet()
    assert [post.card.title for post in house.messenger.posted] == ["An event of @nasa"] * 2


async def put(house: RelayHarness, *, edit_message: str | None = None, person: str | None = None) -> None:
    """Queue a card about a proposal, as the part that performs writes does."""
    outbox = Outbox(time.time)
    card = Card("Posted")
    await house.db.write(
        lambda c: outbox(c, PLACE, DedupKey("p:1"), card, edit_message=edit_message, person=person)
    )
    house.relay.wake(str(PLACE))


@ONE_DATABASE
async def test_an_outcome_replaces_its_preview(house: RelayHarness) -> None:
    await put(house, edit_message="m7", person="U1")
    await house.quiet()
    ((ref, card),) = house.messenger.edited
    assert (ref.message, card.title, house.messenger.posted) == ("m7", "Posted", [])


@ONE_DATABASE
async def test_an_outcome_whose_preview_is_gone_is_posted_anew_and_else_told_to_the_person(
    house: RelayHarness,
) -> None:
    house.messenger.edit_answers = [Gone("deleted"), Gone("deleted")]
    await put(house, edit_message="m7", person="U1")
    await house.quiet()
    assert [post.card.title for post in house.messenger.posted] == ["Posted"]

    house.messenger.answers["C1"] = [Gone("no access")]
    outbox = Outbox(time.time)
    await house.db.write(
        lambda c: outbox(c, PLACE, DedupKey("p:2"), Card("Failed"), edit_message="m8", person="U1")
    )
    house.relay.wake(str(PLACE))
    await house.quiet()
    assert [(person, card.title) for person, card in house.messenger.told] == [("U1", "Failed")]


def _editing(outbox: Outbox, dedup_key: str, card: Card) -> Callable[[AsyncConnection], Awaitable[str]]:
    return lambda connection: outbox(
        connection, PLACE, DedupKey(dedup_key), card, edit_message="m7", only_edit=True
    )


@ONE_DATABASE
async def test_a_word_that_is_only_an_edit_becomes_no_message_of_its_own(house: RelayHarness) -> None:
    house.messenger.edit_answers = [Gone("deleted")]
    outbox = Outbox(time.time)
    for dedup_key in ("x:1", "x:2"):
        card = Card(f"Expired {dedup_key}")
        await house.db.write(_editing(outbox, dedup_key, card))
    house.relay.wake(str(PLACE))
    await house.quiet()
    assert [card.title for _, card in house.messenger.edited][-1] == "Expired x:2"
    assert (house.messenger.posted, house.messenger.told) == ([], [])


@ONE_DATABASE
async def test_the_same_dedup_key_is_sent_once(house: RelayHarness) -> None:
    await put(house)
    await house.quiet()
    await put(house)
    await house.quiet()
    assert len(house.messenger.posted) == 1


@ONE_DATABASE
async def test_an_outcome_does_not_wait_behind_a_channels_events(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    released = asyncio.Event()

    async def hold(*_: object) -> None:
        await released.wait()

    house.messenger.answers["C1"] = [hold]
    await events(house, 2)
    await until(lambda: len(house.messenger.calls) == 1)
    await put(house)
    await until(lambda: [p.card.title for p in house.messenger.posted] == ["Posted"])
    released.set()
    await house.quiet()


@ONE_DATABASE
async def test_a_person_who_cannot_be_told_is_a_dead_letter(house: RelayHarness) -> None:
    house.messenger.tell_answers = [Gone("closed direct messages")]
    await house.db.write(
        lambda c: enqueue_tell(
            c, TENANT, "U1", dedup_key=DedupKey("n:1"), card=Card("Hello"), now=time.time()
        )
    )
    house.relay.wake(f"{TENANT}/@U1")
    await house.quiet()
    assert await states(house.db) == [("dead", "closed direct messages")]

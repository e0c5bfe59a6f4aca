"""What the bot itself says and does in a place waits as messages do while the place is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Gone, Unknown
from bot.core.chat.ids import Destination
from bot.core.routes.appearance import Appearance
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.events import DELETED_TYPE
from bot.core.routes.route import Deleted
from bot.relay.receiving.gap_notices import say_in
from bot.relay.sending.outbox import Outbox, enqueue_notice
from bot.storage.engine.database import Database
from bot.storage.relay import lost_places
from tests.relay.harness import TENANT, route
from tests.relay.lost_harness import CLOSED, HOUR, Lost
from tests.relay.routing_harness import rows

C1 = Destination(TENANT, "C1")
FIRST = "1893456789000000001"  # the id of the first tweet
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Say: TypeAlias = Callable[[AsyncConnection, str, float], Awaitable[object]]


async def gap(connection: AsyncConnection, name: str, now: float) -> object:
    """As the gap says in each place that it skipped something."""
    return await say_in(connection, {C1: Card(name)}, DedupKey(f"gap:{name}"), now)


async def renamed(connection: AsyncConnection, name: str, now: float) -> object:
    """As a rename is said among the events."""
    return await enqueue_notice(connection, C1, DedupKey(f"rename:{name}"), Card(name), now=now, first=False)


async def outcome(connection: AsyncConnection, name: str, now: float) -> object:
    """As a person hears how a confirmed write ended."""
    return await Outbox(lambda: now)(
        connection, C1, DedupKey(f"p:{name}"), Card(name), edit_message="m7", person="U1"
    )


@pytest.fixture
async def lost(database: Database) -> Lost:
    """A route of Ann's to C1."""
    made = Lost(database)
    await made.relay.routes.add(route("r", "C1", created_by="U1"), made.now)
    return made


def _saying(lost: Lost, say: Say, name: str) -> Callable[[AsyncConnection], Awaitable[object]]:
    return lambda connection: say(connection, name, lost.now)


async def said(lost: Lost, say: Say, *names: str) -> None:
    for name in names:
        await lost.db.write(_saying(lost, say, name))
    await lost.send()


async def states(lost: Lost, kind: str) -> list[tuple[str, str]]:
    """Of each delivery of that kind its state and lane."""
    return [(row.state, row.lane) for row in await rows(lost.db) if row.kind == kind]


@pytest.mark.parametrize("say", [gap, renamed, outcome])
@pytest.mark.parametrize("known", [True, False], ids=["known to be lost", "found out by it"])
async def test_a_word_waits_in_its_order_and_follows(lost: Lost, say: Say, known: bool) -> None:
    nobody = Gone("takes no direct messages")
    lost.messenger.closed["C1"] = CLOSED
    if known:
        await lost.event(1)
        await lost.send()
    lost.messenger.tell_answers = [nobody] * 20
    await said(lost, say, "The word", "Another")
    await lost.event(2)
    await lost.send()
    lost.again()
    assert not [one for one in await lost.relay.deliveries.dead(TENANT, 10) if one.kind != "tell"]
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.route.paused_reason == CLOSED.reason
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    changed = [card.title for _, card in lost.messenger.edited]
    stands = [title for title in (*changed, *lost.stands("C1")) if title in ("The word", "Another")]
    assert stands == ["The word", "Another"]
    assert lost.tweets("C1") == ([1, 2] if known else [2])
    assert {row.state for row in await rows(lost.db) if row.kind != "tell"} <= {"sent", "skipped"}


async def test_an_outcome_reaches_its_person_meanwhile(lost: Lost) -> None:
    """It does not wait behind a word that does."""
    lost.messenger.closed["C1"] = CLOSED
    await said(lost, gap, "A gap")
    await said(lost, outcome, "Posted")
    assert ("U1", "Posted") in lost.told()
    assert await states(lost, "card") == [("waiting", str(C1)), ("sent", f"{C1}#cards")]


@pytest.mark.parametrize("deleted", [Deleted.MARK, Deleted.REMOVE])
async def test_what_is_deleted_on_x_is_marked_or_removed_when_the_place_is_back(
    lost: Lost, deleted: Deleted
) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.routes.change(replace(made, deleted=deleted), lost.now)
    await lost.event(1)
    await lost.send()
    lost.messenger.closed["C1"] = CLOSED
    await lost.event(2, eventType=DELETED_TYPE, data={"id": FIRST})
    await lost.send()
    kind = "mark" if deleted is Deleted.MARK else "remove"
    assert await states(lost, kind) == [("waiting", str(C1))]
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    assert await states(lost, kind) == [("sent", str(C1))]
    assert len(lost.messenger.edited) + len(lost.messenger.deleted) == 1


@ONE_DATABASE
async def test_what_is_published_waits_too_and_holds_nothing_up(lost: Lost) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.routes.change(replace(made, appearance=Appearance(publish=True)), lost.now)
    await lost.event(1, 2)
    await lost.relay._sending.drainer.drain(str(C1))
    lost.messenger.closed["C1"] = CLOSED
    await lost.send()
    assert [state for state, _ in await states(lost, "publish")] == ["waiting", "waiting"]
    lost.messenger.closed.clear()
    await lost.relay.recovery.look_again(TENANT, "C1")
    await lost.look()
    assert len(lost.messenger.published) == 2


@ONE_DATABASE
async def test_a_place_that_does_not_say_whether_it_is_there_is_not_asked_for_ever(lost: Lost) -> None:
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.routes.change(replace(made, deleted=Deleted.REMOVE), lost.now)
    await lost.event(1)
    await lost.send()
    lost.messenger.delete_answers = [Gone("there is no such message")] * 20
    lost.messenger.check_answers = [Unknown("no answer")] * 20
    await lost.event(2, eventType=DELETED_TYPE, data={"id": FIRST})
    for _ in range(8):
        await lost.send()
        lost.now += HOUR
    assert await states(lost, "remove") == [("skipped", str(C1))]


@ONE_DATABASE
@pytest.mark.parametrize("kind", ["card", "edit"])
async def test_where_no_route_leads_nothing_is_waited_for(lost: Lost, kind: str) -> None:
    elsewhere = Destination(TENANT, "C9")
    lost.messenger.closed["C9"] = CLOSED
    put = Outbox(lambda: lost.now)
    only = kind == "edit"
    await lost.db.write(
        lambda c: put(c, elsewhere, DedupKey("x:1"), Card("Expired"), edit_message="m", only_edit=only)
    )
    await lost.send()
    assert await states(lost, kind) == [("skipped" if only else "dead", f"{elsewhere}#cards")]


@ONE_DATABASE
async def test_words_that_wait_are_bounded_in_time_and_number_and_counted(
    lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_places, "MOST_KEPT", 2)
    lost.messenger.closed["C1"] = CLOSED
    await said(lost, gap, "a", "b", "c")
    await said(lost, renamed, "d", "e", "f")
    lost.now += 1.2 * HOUR
    await lost.look()
    assert [state for state, _ in await states(lost, "card")] == ["skipped", "waiting", "waiting"]
    assert [state for state, _ in await states(lost, "notice")] == ["skipped", "waiting", "waiting"]
    (standing,) = await lost.relay.routes.list(TENANT)
    assert standing.places[0].left_out == 1
    lost.now += 30 * HOUR
    await lost.look()
    assert not [row for row in await rows(lost.db) if row.lane == str(C1) and row.state == "waiting"]


@ONE_DATABASE
async def test_nothing_waits_for_ever_where_its_route_was_removed(lost: Lost) -> None:
    lost.messenger.closed["C1"] = CLOSED
    await said(lost, renamed, "d")
    await said(lost, gap, "a")
    (made,) = await lost.relay.routes.of_tenant(TENANT)
    await lost.relay.routes.remove(made, lost.now)
    await lost.send()
    assert not [row for row in await rows(lost.db) if row.state == "waiting" and row.kind != "tell"]

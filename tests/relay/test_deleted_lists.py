"""Tweets that became lines of a list and were deleted on X: the list says so, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Absent, Busy, Gone, Refused, Unknown
from bot.core.chat.ids import MessageRef
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.dead_letters import DeadLetters
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import DELETED_TYPE
from bot.core.routes.explanations import Fate
from bot.core.routes.route import Deleted
from bot.core.routes.schedule import Schedule
from bot.relay.sending.outbox import delivery_key
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import NewDelivery, add
from bot.storage.relay.lane_messages import leave_out_held
from bot.storage.relay.replaying import replay_dead
from bot.storage.tables import events, held
from tests.features.edge import words
from tests.relay.conftest import RelayHarness
from tests.relay.harness import TENANT, route, until
from tests.relay.routing_harness import route_all, store, unsending
from tests.relay.routing_harness import rows as all_rows
from tests.relay.sending_harness import PLACE, change, hasten, rows, tweet
from tests.relay.test_deleted import ONE_DATABASE, deleted

DIGEST = Schedule(digest="0 9 * * *")


async def listed(house: RelayHarness, *numbers: int) -> None:
    """Let tweets of those numbers come and become a list, which waits to be sent or is sent already."""
    for number in numbers:
        await tweet(house, number)
    await house.routed()
    await due(house.db)
    await house.relay.releaser.release_due()


async def due(db: Database) -> None:
    """Let what is held be due."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(update(held).values(due_at=1.0))

    await db.write(work)


def lines(card: Card) -> list[str]:
    """What the lines of a list say."""
    return [words(Card("", (block,))).strip() for block in card.blocks]


def shown(card: Card) -> list[str]:
    """Of each line its tweet's text, or that it was deleted."""
    said = [line.split(" · ") for line in lines(card)]
    return [next(part for part in parts if part.startswith(("Tweet number", "deleted"))) for parts in said]


async def test_the_line_of_a_deleted_tweet_says_so_and_the_others_stay(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await listed(house, 10, 11, 12)
    await house.quiet()
    [post] = house.messenger.posted
    assert shown(post.card) == ["Tweet number 10", "Tweet number 11", "Tweet number 12"]
    await deleted(house, 11)
    await house.quiet()
    [(ref, card)] = house.messenger.edited
    assert ref == MessageRef(PLACE, "0") and card.title == post.card.title
    assert shown(card) == ["Tweet number 10", "deleted on X", "Tweet number 12"]
    assert len(house.messenger.posted) == 1 and house.messenger.deleted == []


async def test_a_list_loses_the_lines_of_deleted_tweets_one_by_one_and_is_removed_with_its_last(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST, deleted=Deleted.REMOVE))
    await listed(house, 10, 11)
    await deleted(house, 10)
    await house.quiet()
    assert shown(house.messenger.edited[-1][1]) == ["Tweet number 11"]
    await deleted(house, 11)
    await house.quiet()
    assert house.messenger.deleted == [MessageRef(PLACE, "0")]
    assert len(house.messenger.posted) == 1


async def test_the_same_deletion_twice_and_a_mark_done_twice_change_nothing_more(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await listed(house, 10, 11)
    await deleted(house, 10)
    await deleted(house, 10)
    await house.quiet()
    (mark,) = await rows(house, "mark")
    assert (mark.state, mark.about[:2], mark.purpose) == ("sent", "l:", f"x:{mark.about}:1")
    assert len(house.messenger.edited) == 1
    # As a process leaves it that was killed after the edit and before that was written down.
    await change(house, "mark", state="sending")
    house.relay.scheduler.wake(str(PLACE))
    await house.quiet()
    first, second = house.messenger.edited
    assert first == second


@ONE_DATABASE
async def test_a_mark_whose_outcome_is_unknown_shows_all_that_was_deleted_by_then(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    house.messenger.edit_answers = [Unknown("the line was cut")]
    await listed(house, 10, 11, 12)
    await deleted(house, 10)
    await until(lambda: not house.messenger.edit_answers)
    await deleted(house, 12)
    await house.routed()
    await hasten(house)
    await house.quiet()
    assert [shown(card) for _, card in house.messenger.edited] == [
        ["deleted on X", "Tweet number 11", "deleted on X"]
    ] * 2


@pytest.mark.parametrize("policy", [Deleted.MARK, Deleted.REMOVE])
async def test_what_was_deleted_while_its_list_waits_is_not_posted(
    house: RelayHarness, policy: Deleted
) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST, deleted=policy))
    house.messenger.answers["C1"] = [Busy(600.0, "down")]
    await listed(house, 10, 11)
    await until(lambda: len(house.messenger.calls) == 1)
    await deleted(house, 10)
    await house.routed()
    await hasten(house)
    await house.quiet()
    wanted = ["deleted on X", "Tweet number 11"] if policy is Deleted.MARK else ["Tweet number 11"]
    assert [shown(post.card) for post in house.messenger.posted] == [wanted]
    assert [shown(card) for _, card in house.messenger.edited] == [wanted]


@ONE_DATABASE
async def test_a_list_that_waits_and_lost_all_its_lines_is_not_posted(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST, deleted=Deleted.REMOVE))
    house.messenger.answers["C1"] = [Busy(600.0, "down")]
    await listed(house, 10, 11)
    await until(lambda: len(house.messenger.calls) == 1)
    await deleted(house, 10)
    await deleted(house, 11)
    await house.routed()
    await hasten(house)
    await house.quiet()
    assert house.messenger.posted == [] and house.messenger.deleted == []
    (message,) = await rows(house, "list")
    assert (message.state, message.error) == (
        "skipped",
        "all tweets of the list were deleted before it was posted",
    )
    assert [(row.state, row.error) for row in await rows(house, "remove")] == [
        ("skipped", "the message was never posted")
    ] * 2


@ONE_DATABASE
async def test_a_list_that_may_stand_already_is_looked_for_before_it_is_removed(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST, deleted=Deleted.REMOVE))
    house.messenger.lookup = Absent()
    house.messenger.answers["C1"] = [Unknown("the line was cut")]
    await listed(house, 10, 11)
    await until(lambda: len(house.messenger.calls) == 1)
    await deleted(house, 10)
    await deleted(house, 11)
    await house.routed()
    await hasten(house)
    await house.quiet()
    assert len(house.messenger.finds) == 1
    assert {ref.message for ref in house.messenger.deleted} == {"0"}


@ONE_DATABASE
async def test_what_is_deleted_as_its_list_is_being_released_is_marked_or_left_out(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await tweet(house, 10)
    await tweet(house, 11)
    await tweet(house, 12)
    await deleted(house, 11)
    await house.routed()
    await due(house.db)
    await house.relay.releaser.release_due()
    await house.quiet()
    assert [shown(post.card) for post in house.messenger.posted] == [["Tweet number 10", "Tweet number 12"]]
    assert await rows(house, "mark") == []


@ONE_DATABASE
async def test_a_list_in_a_thread_keeps_the_look_of_its_route(house: RelayHarness) -> None:
    look = Appearance(Layout.LINK, pings=("S1",), threading=Threading.DAY)
    await house.routes(route("r", "C1", schedule=DIGEST, appearance=look))
    await listed(house, 10, 11)
    await deleted(house, 10)
    await house.quiet()
    [(ref, card)] = house.messenger.edited
    assert ref.destination.thread == "below-0" and card.pings == ("S1",)
    first, second = lines(card)
    assert "deleted on X" in first and "http" not in first and "number" not in second


@ONE_DATABASE
async def test_the_policy_of_the_route_that_made_the_list_decides(house: RelayHarness) -> None:
    kept = route("r", "C1", schedule=DIGEST, deleted=Deleted.KEEP)
    await house.routes(kept, route("other", "C1", accounts=("esa",), deleted=Deleted.REMOVE))
    await listed(house, 10, 11)
    await deleted(house, 10)
    await house.quiet()
    assert house.messenger.edited == [] and len(await all_rows(house.db)) == 1


@ONE_DATABASE
async def test_why_says_that_the_line_was_marked(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await listed(house, 10, 11)
    await deleted(house, 10)
    await house.quiet()
    asked = [await house.relay.explainer.tweet(TENANT, str(number)) for number in (10, 11)]
    ((news, tweeted), (other,)) = asked
    ((place,), (untouched,)) = (one.routes[0].places for one in (tweeted, other))
    assert (place.fate, untouched.fate) == (Fate.LISTED, Fate.LISTED)
    assert place.update is not None and not place.update.removes and place.update.fate is Fate.SENT
    assert untouched.update is None and news.message_updates == (place.update,)


@ONE_DATABASE
async def test_a_list_that_somebody_deleted_already_is_no_trouble(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    house.messenger.edit_answers = [Gone("there is no such message")]
    await listed(house, 10, 11)
    await deleted(house, 10)
    await house.quiet()
    (mark,) = await rows(house, "mark")
    assert (mark.state, mark.error) == ("skipped", "nothing to do: there is no such message")


@ONE_DATABASE
async def test_a_dead_list_that_is_sent_once_more_is_without_what_was_deleted_since(
    house: RelayHarness,
) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST, deleted=Deleted.REMOVE))
    house.messenger.answers["C1"] = [Refused("never"), Refused("not yet")]
    await listed(house, 10, 11, 12)
    await house.quiet()
    await deleted(house, 10)
    await house.quiet()
    assert [(row.state, row.error) for row in await rows(house, "remove")] == [
        ("skipped", "the message was never posted")
    ]
    for _ in range(2):
        await replay_dead(house.db, DeadLetters(TENANT), now=time.time(), key=delivery_key)
        house.relay.scheduler.wake(str(PLACE))
        await house.quiet()
    assert [shown(post.card) for post in house.messenger.posted] == [["Tweet number 11", "Tweet number 12"]]
    await deleted(house, 12)
    await house.quiet()
    [(ref, card)] = house.messenger.edited
    assert ref.message == "0" and shown(card) == ["Tweet number 11"]


@ONE_DATABASE
async def test_events_that_are_stored_no_more_are_counted(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await listed(house, 10, 11, 12)
    await house.quiet()

    async def pruned(connection: AsyncConnection) -> None:
        first = select(held.c.event).where(held.c.dedup_key == "t:11")
        await connection.execute(delete(events).where(events.c.id.in_(first)))

    await house.db.write(pruned)
    await deleted(house, 10)
    await house.quiet()
    [(_, card)] = house.messenger.edited
    assert shown(Card("", card.blocks[:2])) == ["deleted on X", "Tweet number 12"]
    assert lines(card)[2] == "… 1 more"


@ONE_DATABASE
async def test_a_list_whose_lines_are_known_no_more_stays_as_it_is(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", schedule=DIGEST))
    await listed(house, 10, 11)
    await house.quiet()
    await deleted(house, 10)
    await house.quiet()

    async def pruned(connection: AsyncConnection) -> None:
        await connection.execute(delete(held))

    await house.db.write(pruned)
    await change(house, "mark", state="sending")
    house.relay.scheduler.wake(str(PLACE))
    await house.quiet()
    assert len(house.messenger.edited) == 1
    (mark,) = await rows(house, "mark")
    assert (mark.state, mark.error) == ("skipped", "what the message shows is no longer stored here")


# --- a deletion and a release at the same time: on SQLite one writes after the other anyway --------

POSTGRES = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


async def _held(database: Database, *numbers: int) -> Relay:
    """A relay that releases when it is told to, with these tweets held and due."""
    relay = unsending(database)
    await relay.routes.add(route("r", "C1", schedule=DIGEST), time.time())
    for number in numbers:
        await store(relay, number, data={"id": str(number), "text": f"Tweet number {number}"})
    await route_all(relay)
    await due(database)
    return relay


async def _blocked(database: Database) -> bool:
    """Whether a transaction waits for another one."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    async def work(connection: AsyncConnection) -> bool:
        return bool((await connection.execute(text(waiting))).scalar_one())

    return await database.read(work)


async def _beside(
    database: Database, first: Callable[[AsyncConnection], Awaitable[object]], second: Awaitable[bool]
) -> bool:
    """Begin `second` when `first` has written and not committed yet; what `second` said."""
    wrote, go_on = asyncio.Event(), asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        await first(connection)
        wrote.set()
        await go_on.wait()

    writing = asyncio.create_task(database.write(work))
    await wrote.wait()
    beside = asyncio.ensure_future(second)
    await until(lambda: _blocked(database))
    go_on.set()
    await writing
    return await beside


@POSTGRES
async def test_what_is_left_out_while_its_list_is_being_released_is_in_no_list(database: Database) -> None:
    relay = await _held(database, 1, 2, 3)
    left_out = partial(leave_out_held, lanes=[str(PLACE)], keys=[DedupKey("t:2")])
    assert not await _beside(database, left_out, relay.releaser.release_due())
    assert await relay.releaser.release_due()
    (message,) = await all_rows(database)
    assert shown(card_json.decode(message.card)) == ["Tweet number 1", "Tweet number 3"]


@POSTGRES
async def test_what_is_released_singly_while_its_deletion_is_routed_is_marked(database: Database) -> None:
    relay = await _held(database, 1)
    await store(relay, 2, data={"id": "1"}, eventType=DELETED_TYPE)
    message = NewDelivery(
        PLACE, str(PLACE), DeliveryKind.EVENT, DedupKey("t:1"), "k" * 25, 1.0, event=1, route="T1-r"
    )

    async def released(connection: AsyncConnection) -> None:
        await connection.execute(update(held).values(released_as="t:1"))
        await add(connection, [message])

    await _beside(database, released, relay.router.route_batch())
    assert [(row.kind, row.purpose) for row in await all_rows(database)] == [
        ("event", "t:1"),
        ("mark", "x:t:1"),
    ]

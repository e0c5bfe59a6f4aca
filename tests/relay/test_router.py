"""What events become in the outbox: one message for a tweet in each place, with its opener and
publication, and what is done about deleted tweets."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.ids import Destination
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.events import DELETED_TYPE
from bot.core.routes.filters import Quiet
from bot.core.routes.route import Deleted
from bot.core.routes.schedule import Schedule
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.tables import deliveries, held, route_places
from tests.relay.harness import OTHER, TENANT, route
from tests.relay.routing_harness import keys_of, route_all, rows, store, unsending

TWEET = {"id": "18", "text": "Go for launch"}


@pytest.fixture
async def relay(database: Database) -> Relay:
    """A relay that is not running, so that nothing is sent."""
    return unsending(database)


async def test_a_tweet_seen_by_several_types_monitors_and_ways_is_one_message_in_each_place(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1", also=(Destination(TENANT, "C2"),)), time.time())
    await relay.routes.add(route("second", "C2"), time.time() + 1)
    await store(relay, 1, data=TWEET)
    await store(relay, 2, data=TWEET, eventType="tweet.media")
    await route_all(relay)
    await store(relay, 3, data={"tweetId": "18"}, eventType="tweet.link", username=None, query="launch")
    await store(relay, 4, data={"id": "19"})
    await route_all(relay)
    assert await keys_of(database, "C1") == await keys_of(database, "C2") == ["t:18", "t:19"]
    assert {row.route for row in await rows(database)} == {"T1-r"}


async def test_another_relay_over_the_same_database_posts_the_tweet_no_second_time(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1"), time.time())
    await store(relay, 1, data=TWEET)
    await route_all(relay)
    after_a_crash = unsending(database)
    await store(after_a_crash, 2, data=TWEET, eventType="tweet.media")
    await route_all(after_a_crash)
    assert await keys_of(database, "C1") == ["t:18"]


async def test_a_repost_is_a_message_of_its_own_and_what_is_no_tweet_is_one_each_time(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1"), time.time())
    await store(relay, 1, data=TWEET)
    for number, account in ((2, "esa"), (3, "ESA"), (4, "jaxa")):
        await store(relay, number, data=TWEET, eventType="tweet.retweet", username=account)
    await store(relay, 5, eventType="profile.bio.changed", data={"id": "18"})
    await store(relay, 6, eventType="tweet.something", data=TWEET)
    await store(relay, 7, data={"text": "no id"})
    await route_all(relay)
    assert await keys_of(database, "C1") == ["t:18", "rt:esa:18", "rt:jaxa:18", "e:5", "e:6", "e:7"]


async def test_places_that_are_muted_or_filtered_get_nothing_and_lost_ones_collect(
    database: Database, relay: Relay
) -> None:
    places = tuple(Destination(TENANT, name) for name in ("C2", "C3"))
    await relay.routes.add(route("r", "C1", also=places, filters=(Quiet(("ad",)),)), time.time())
    await _lose(database, places[1])
    assert await relay.mutes.mute(TENANT, "C2", "@NASA", "U1", 1.0)
    assert not await relay.mutes.mute(TENANT, "C2", "nasa", "U1", 1.0)
    await store(relay, 1, data=TWEET)
    await store(relay, 2, data={"id": "19", "text": "an AD"})
    await store(relay, 3, data=TWEET, tenant=OTHER)
    await route_all(relay)
    assert [row.channel for row in await rows(database)] == ["C1", "C3"]
    (muted,) = await relay.mutes.of_tenant(TENANT)
    assert (muted.channel, muted.account, muted.by) == ("C2", "nasa", "U1")
    assert await relay.mutes.unmute(TENANT, "C2", "nasa")
    await store(relay, 4, data={"id": "20"})
    await route_all(relay)
    assert await keys_of(database, "C2") == ["t:20"]


async def _lose(db: Database, place: Destination) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(
            update(route_places).where(route_places.c.lane == str(place)).values(lost_reason="gone")
        )

    await db.write(work)


async def test_the_thread_of_a_day_is_opened_once_before_its_first_message(
    database: Database, relay: Relay
) -> None:
    looks = Appearance(threading=Threading.DAY, timezone="Pacific/Auckland", publish=True)
    inside = Destination(TENANT, "C2", "a-thread")
    await relay.routes.add(route("r", "C1", also=(inside,), appearance=looks), time.time())
    for number in (1, 2):
        await store(relay, number, data={"id": str(number)})
    await route_all(relay)
    found = await rows(database)
    in_lane = [row for row in found if row.lane == "slack:T1/C1"]
    opener, *messages = in_lane
    assert (opener.kind, opener.purpose[:4], opener.event) == ("opener", "o:d:", None)
    assert [(row.kind, row.about) for row in messages] == [("event", opener.purpose)] * 2
    assert card_json.decode(opener.card).title
    published = [row for row in found if row.lane == "slack:T1/C1#publish"]
    assert [(row.kind, row.purpose, row.about) for row in published] == [
        ("publish", "pub:t:1", "t:1"),
        ("publish", "pub:t:2", "t:2"),
    ]
    assert [row.about for row in found if row.lane == "slack:T1/C2/a-thread"] == [None, None]


async def test_threads_of_accounts_and_of_conversations(database: Database, relay: Relay) -> None:
    by_account = Appearance(threading=Threading.ACCOUNT)
    by_tweet = Appearance(threading=Threading.TWEET)
    await relay.routes.add(route("a", "C1", appearance=by_account), time.time())
    await relay.routes.add(route("t", "C2", appearance=by_tweet), time.time())
    await store(relay, 1, data={"id": "1", "conversationId": "1"})
    await store(relay, 2, data={"id": "2", "conversationId": "1"}, username="ESA")
    await route_all(relay)
    found = [(row.channel, row.kind, row.purpose, row.about) for row in await rows(database)]
    assert sorted(found) == [
        ("C1", "event", "t:1", "o:a:nasa"),
        ("C1", "event", "t:2", "o:a:esa"),
        ("C1", "opener", "o:a:esa", None),
        ("C1", "opener", "o:a:nasa", None),
        ("C2", "event", "t:1", None),
        ("C2", "event", "t:2", "t:1"),
    ]


async def test_a_schedule_is_arranged_and_the_order_within_a_place_stays(
    database: Database, relay: Relay
) -> None:
    capped = Schedule(per_day=1)
    await relay.routes.add(route("r", "C1", accounts=("nasa",), schedule=capped), time.time())
    await relay.routes.add(route("plain", "C1", accounts=("esa",)), time.time() + 1)
    for number, account in enumerate(("nasa", "esa", "nasa", "esa"), 1):
        await store(relay, number, data={"id": str(number)}, username=account)
    await route_all(relay)
    found = [row for row in await rows(database) if row.channel == "C1"]
    assert [row.purpose for row in found if row.kind == "event"] == ["t:1", "t:2", "t:3", "t:4"]
    assert [row.purpose for row in found if row.state == "skipped"] == ["t:3"]
    assert [row.kind for row in found] == ["event", "event", "event", "list", "event"]


async def test_a_deleted_tweet_is_marked_or_removed_by_the_policy_of_the_route_that_brought_it(
    database: Database, relay: Relay
) -> None:
    for channel, policy in (("C1", Deleted.MARK), ("C2", Deleted.REMOVE), ("C3", Deleted.KEEP)):
        await relay.routes.add(route(channel, channel, deleted=policy), time.time())
    await relay.routes.add(route("told", "C4", events=(DELETED_TYPE,)), time.time())
    await store(relay, 1, data=TWEET)
    await store(relay, 2, data={"id": "19"})
    await route_all(relay)
    await _sent(database, thread="posted-in-a-thread")
    await store(relay, 3, data={"id": "18"}, eventType=DELETED_TYPE)
    await store(relay, 4, data={"id": "18"}, eventType=DELETED_TYPE)
    await route_all(relay)
    done = [(r.lane, r.thread, r.kind, r.purpose, r.about) for r in await rows(database) if r.event in (3, 4)]
    # In the place, wherever in it the message went.
    assert done == [
        ("slack:T1/C4", None, "event", "d:18", None),
        ("slack:T1/C1", None, "mark", "x:t:18", "t:18"),
        ("slack:T1/C2", None, "remove", "x:t:18", "t:18"),
    ]


async def _sent(db: Database, thread: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(update(deliveries).values(state="sent", message="m", thread=thread))

    await db.write(work)


async def test_what_was_deleted_before_it_was_posted_is_left_out(database: Database, relay: Relay) -> None:
    digest = Schedule(digest="0 9 * * *")
    await relay.routes.add(route("waits", "C1", deleted=Deleted.REMOVE), time.time())
    await relay.routes.add(route("listed", "C2", schedule=digest), time.time())
    await store(relay, 1, data=TWEET)
    await store(relay, 2, data={"id": "18"}, eventType=DELETED_TYPE)
    await route_all(relay)
    assert [(r.purpose, r.state) for r in await rows(database)] == [
        ("t:18", "skipped"),
        ("x:t:18", "waiting"),
    ]

    async def released(connection: AsyncConnection) -> list[str | None]:
        return list((await connection.execute(select(held.c.released_as))).scalars())

    assert await database.read(released) == [""]


async def test_a_dead_letter_that_was_sent_once_more_is_what_is_marked(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1"), time.time())
    await store(relay, 1, data=TWEET)
    await route_all(relay)

    async def replayed(connection: AsyncConnection) -> None:
        row = (await connection.execute(select(deliveries))).one()
        await connection.execute(update(deliveries).values(state="dead"))
        again = {**row._asdict(), "id": 99, "dedup_key": f"r:{row.id}", "state": "sent"}
        del again["purpose"]  # under the stored name
        await connection.execute(deliveries.insert().values(**again))

    await database.write(replayed)
    await store(relay, 2, data={"id": "18"}, eventType=DELETED_TYPE)
    await route_all(relay)
    assert [r.about for r in await rows(database) if r.kind == "mark"] == ["r:1"]

"""An account that is renamed on X keeps its routes, mutes and threads, and nobody gets at another's."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.appearance import Appearance, Threading
from bot.core.routes.events import RENAMED_TYPE
from bot.core.routes.filters import Contains
from bot.core.routes.route import Matched
from bot.core.routes.schedule import Schedule
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.tables import known_accounts
from tests.relay.harness import OTHER, TENANT, route
from tests.relay.routing_harness import keys_of, route_all, rows, store, unsending

NASA, ESA, STRANGER = "11", "22", "33"
# The types that a route which names none takes; a rename is not among them here, so that it is said.
TWEETS = ("tweet.new", "tweet.reply")


@pytest.fixture
async def relay(database: Database) -> Relay:
    """A relay that is not running, so that nothing is sent."""
    return unsending(database)


class Feed:
    """Events of accounts, one after another."""

    def __init__(self, relay: Relay, tenant: TenantId = TENANT) -> None:
        self._relay, self._tenant, self._number = relay, tenant, 0

    async def tweet(self, name: str | None, identity: str | None, **changes: Any) -> str:
        """A tweet; its dedup_key."""
        self._number += 1
        data = {"id": str(self._number), "text": "Go", **changes.pop("data", {})}
        await store(
            self._relay,
            self._number,
            self._tenant,
            username=name,
            data=data,
            **{"xUserId": identity, **changes},
        )
        await route_all(self._relay)
        return f"t:{self._number}"

    async def renamed(self, identity: str | None, before: str, now: str, **changes: Any) -> None:
        """The event that a username changed."""
        self._number += 1
        data = {"field": "username", "userId": identity, "username": now, "previous": before, "current": now}
        told = {"username": now, "xUserId": identity, "eventType": RENAMED_TYPE, "data": data, **changes}
        await store(self._relay, self._number, self._tenant, **told)
        await route_all(self._relay)


async def said(database: Database, channel: str = "C1") -> list[str]:
    """The titles of our own words in a channel, in order."""
    found = [row for row in await rows(database) if row.channel == channel and row.kind == "notice"]
    return [card_json.decode(row.card).title for row in found]


async def accounts_of(relay: Relay, name: str = "r", tenant: TenantId = TENANT) -> tuple[str, ...]:
    found = await relay.routes.named(tenant, name)
    assert found is not None
    return found.accounts


async def test_a_route_goes_on_under_the_new_username_and_says_so_once(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    feed = Feed(relay)
    first = await feed.tweet("NASA", NASA)
    await feed.renamed(NASA, "nasa", "NASAhq")
    second = await feed.tweet("NASAhq", NASA)
    assert await said(database) == ["@nasa is now @nasahq"]
    made = await keys_of(database, "C1")
    assert [made[0], made[2]] == [first, second] and len(made) == 3
    assert await accounts_of(relay) == ("nasahq",)


async def test_a_known_id_under_another_username_is_a_rename_too(database: Database, relay: Relay) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",)), time.time())
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    last = [await feed.tweet("nasahq", NASA), await feed.tweet("nasahq", NASA)]
    assert await said(database) == ["@nasa is now @nasahq"]
    assert set(last) <= set(await keys_of(database, "C1"))


async def test_a_route_made_before_learns_the_id_from_the_first_event_also_if_that_is_the_rename(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    feed = Feed(relay)
    await feed.renamed(NASA, "nasa", "nasahq")
    second = await feed.tweet("nasahq", NASA)
    assert await accounts_of(relay) == ("nasahq",)
    assert await said(database) == ["@nasa is now @nasahq"]
    assert (await keys_of(database, "C1"))[-1] == second


async def test_deliveries_name_the_id_inside_the_data_alone(database: Database, relay: Relay) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    feed = Feed(relay)
    author = {"id": NASA, "username": "NASA"}
    await feed.tweet("nasa", None, data={"author": author})
    await feed.renamed(NASA, "nasa", "nasahq", xUserId=None)
    last = await feed.tweet("nasahq", None, data={"author": {"id": NASA, "userName": "nasahq"}})
    plain = await feed.tweet("nasahq", None)  # no id anywhere: by its username
    assert (await keys_of(database, "C1"))[-2:] == [last, plain]


async def test_both_ways_bringing_the_news_say_it_once_also_after_a_restart(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    moment = time.time()
    await feed.renamed(NASA, "nasa", "nasahq", occurredAt=moment)
    again = unsending(database)
    # A delivery that has no id of the event is another event to us.
    later = Feed(again)
    later._number = 50
    await later.renamed(NASA, "nasa", "nasahq", occurredAt=moment, streamEventId=None)
    await later.tweet("nasahq", NASA)
    assert await said(database) == ["@nasa is now @nasahq"]


async def test_where_the_event_itself_is_posted_it_is_the_word_about_it(
    database: Database, relay: Relay
) -> None:
    nasa = ("nasa",)
    await relay.routes.add(route("all", "C1", accounts=nasa), time.time())
    await relay.routes.add(
        route("some", "C1", also=(Destination(TENANT, "C2"),), events=TWEETS, accounts=nasa), 2.0
    )
    await relay.routes.add(route("picky", "C3", filters=(Contains(("launch",)),), accounts=nasa), 3.0)
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.renamed(NASA, "nasa", "nasahq")
    assert await said(database) == []
    assert (await keys_of(database, "C1"))[-1] == "e:2"
    assert await said(database, "C2") == await said(database, "C3") == ["@nasa is now @nasahq"]


async def test_it_is_said_where_a_route_names_the_account_and_nowhere_else(
    database: Database, relay: Relay
) -> None:
    now = time.time()
    await relay.routes.add(route("r", "C1", accounts=("esa", "nasa"), events=TWEETS), now)
    await relay.routes.add(route("esa", "C2", accounts=("esa",), events=TWEETS), now)
    await relay.routes.add(route("all", "C3", events=TWEETS), now)
    await relay.routes.add(route("muted", "C4", accounts=("nasa",), events=TWEETS), now)
    off = route("off", "C5", accounts=("nasa",), events=TWEETS, paused_reason="by Ann")
    await relay.routes.add(off, now)
    await relay.mutes.mute(TENANT, "C4", "nasa", "U1", now)
    await relay.routes.add(route("theirs", "C1", OTHER, accounts=("nasa",), events=TWEETS), now)
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.renamed(NASA, "nasa", "nasahq")
    assert [await said(database, f"C{n}") for n in range(1, 6)] == [["@nasa is now @nasahq"], [], [], [], []]
    assert await accounts_of(relay) == ("esa", "nasahq")
    assert await accounts_of(relay, "off") == ("nasahq",)
    assert await accounts_of(relay, "theirs", OTHER) == ("nasa",)


# --- who tries to get at a route ---------------------------------------------------------------


async def _following(relay: Relay) -> Feed:
    """NASA and ESA are followed, each in a channel of its own."""
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    await relay.routes.add(route("esa", "C2", accounts=("esa",), events=TWEETS), time.time())
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.tweet("esa", ESA)
    return feed


async def test_who_takes_the_old_username_gets_nothing_of_the_route(database: Database, relay: Relay) -> None:
    feed = await _following(relay)
    await feed.renamed(NASA, "nasa", "nasahq")
    before = await keys_of(database, "C1")
    await feed.tweet("nasa", STRANGER)
    await feed.renamed(STRANGER, "nasa", "someone")
    await feed.tweet("nasa", None)
    assert await keys_of(database, "C1") == before
    assert await accounts_of(relay) == ("nasahq",)


async def test_who_takes_the_username_before_the_news_of_it_comes_gets_nothing_either(
    database: Database, relay: Relay
) -> None:
    feed = await _following(relay)
    before = await keys_of(database, "C1")
    await feed.tweet("nasa", STRANGER)
    assert await keys_of(database, "C1") == before
    await feed.renamed(NASA, "nasa", "nasahq")
    last = await feed.tweet("nasahq", NASA)
    assert (await keys_of(database, "C1"))[-1] == last


@pytest.mark.parametrize("kind", ["tweet", "rename"])
async def test_an_id_under_the_username_of_another_account_changes_nobodys_route(
    database: Database, relay: Relay, kind: str
) -> None:
    feed = await _following(relay)
    if kind == "tweet":
        wrong = await feed.tweet("nasa", ESA)
        assert (await keys_of(database, "C2"))[-1] == wrong  # it is of that id
    else:
        await feed.renamed(ESA, "esa", "nasa")
    assert await said(database) == await said(database, "C2") == []
    assert (await accounts_of(relay), await accounts_of(relay, "esa")) == (("nasa",), ("esa",))
    mine, theirs = await feed.tweet("nasa", NASA), await feed.tweet("esa", ESA)
    assert (await keys_of(database, "C1"))[-1] == mine
    assert (await keys_of(database, "C2"))[-1] == theirs


async def test_an_event_of_another_tenant_tells_this_one_nothing(database: Database, relay: Relay) -> None:
    await _following(relay)
    await relay.routes.add(route("theirs", "C9", OTHER, accounts=("nasa",), events=TWEETS), time.time())
    theirs = Feed(relay, OTHER)
    await theirs.tweet("nasa", STRANGER)
    await theirs.renamed(STRANGER, "nasa", "hijacked")
    await theirs.renamed(NASA, "nasa", "hijacked_too")
    assert await accounts_of(relay) == ("nasa",)
    assert await accounts_of(relay, "theirs", OTHER) == ("hijacked",)
    assert await said(database) == []


async def test_two_renames_in_a_row_and_back_again(database: Database, relay: Relay) -> None:
    feed = await _following(relay)
    now = time.time()
    await feed.renamed(NASA, "nasa", "b", occurredAt=now + 1)
    await feed.renamed(NASA, "b", "c", occurredAt=now + 2)
    await feed.renamed(NASA, "c", "nasa", occurredAt=now + 3)
    last = await feed.tweet("nasa", NASA, occurredAt=now + 4)
    assert await said(database) == ["@nasa is now @b", "@b is now @c", "@c is now @nasa"]
    assert await accounts_of(relay) == ("nasa",)
    assert (await keys_of(database, "C1"))[-1] == last


async def test_renames_that_come_late_or_in_another_order_take_nothing_back(
    database: Database, relay: Relay
) -> None:
    feed = await _following(relay)
    now = time.time()
    await feed.renamed(NASA, "b", "c", occurredAt=now + 20)
    await feed.renamed(NASA, "nasa", "b", occurredAt=now + 10)
    late = [
        await feed.tweet("nasa", NASA, occurredAt=now + 5),
        await feed.tweet("nasa", None, occurredAt=now + 5),
    ]
    assert await accounts_of(relay) == ("c",)
    assert await said(database) == ["@nasa is now @c"]
    assert (await keys_of(database, "C1"))[-2:] == late


async def test_a_rename_without_any_id_changes_nothing(database: Database, relay: Relay) -> None:
    feed = await _following(relay)
    await feed.renamed(None, "nasa", "hijacked")
    assert await accounts_of(relay) == ("nasa",)
    assert await said(database) == []


@pytest.mark.parametrize(
    "now", ["<!channel>", "@every one", "नासा", "ناسا", "宇宙局", "a" * 41, "", "na sa", "nasa\u202e"]
)
async def test_what_is_no_username_becomes_nobodys(database: Database, relay: Relay, now: str) -> None:
    feed = await _following(relay)
    await feed.renamed(NASA, "nasa", now, username="nasa")
    assert await accounts_of(relay) == ("nasa",)
    assert await said(database) == []


async def test_a_chain_of_renames_keeps_a_bounded_row(database: Database, relay: Relay) -> None:
    feed = await _following(relay)
    now = time.time()
    for number in range(25):
        await feed.renamed(NASA, f"n{number}", f"n{number + 1}", occurredAt=now + number)

    async def stored(connection: AsyncConnection) -> list[int]:
        query = select(known_accounts.c.former).where(known_accounts.c.account == NASA)
        return [len(row.former) for row in await connection.execute(query)]

    (size,) = await database.read(stored)
    assert size < 500
    assert await accounts_of(relay) == ("n25",)


# --- what follows besides ----------------------------------------------------------------------


async def test_a_mute_follows_the_account_and_not_its_username(database: Database, relay: Relay) -> None:
    await relay.routes.add(route("all", "C1"), time.time())
    await relay.mutes.mute(TENANT, "C1", "nasa", "U1", time.time())
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.tweet("nasahq", NASA)
    shown = await feed.tweet("nasa", STRANGER)
    await feed.tweet(None, None, query="launch", data={"author": {"id": NASA, "username": "nasahq"}})
    assert await keys_of(database, "C1") == [shown]
    assert [one.account for one in await relay.mutes.of_tenant(TENANT)] == ["nasahq"]
    assert await relay.mutes.mute(TENANT, "C1", "nasa", "U1", time.time())
    assert await relay.mutes.unmute(TENANT, "C1", "nasahq")
    assert [one.account for one in await relay.mutes.of_tenant(TENANT)] == ["nasa"]


async def test_the_mute_of_an_author_whom_no_monitor_watches_follows_too(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("all", "C1", keywords=("launch",)), time.time())
    await relay.mutes.mute(TENANT, "C1", "troll", "U1", time.time())
    feed = Feed(relay)
    for name in ("troll", "troll2", "troll3"):
        await feed.tweet(None, None, query="launch", data={"author": {"id": "77", "username": name}})
    assert await keys_of(database, "C1") == []
    assert [one.account for one in await relay.mutes.of_tenant(TENANT)] == ["troll3"]


@pytest.mark.parametrize("accounts", [("nasa",), ()])
async def test_the_thread_of_an_account_goes_on_and_is_nobody_elses(
    database: Database, relay: Relay, accounts: tuple[str, ...]
) -> None:
    look = Appearance(threading=Threading.ACCOUNT)
    await relay.routes.add(route("r", "C1", accounts=accounts, appearance=look, events=TWEETS), time.time())
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.renamed(NASA, "nasa", "nasahq")
    await feed.tweet("nasahq", NASA)
    await relay.routes.add(
        route("new", "C1", accounts=("nasa",), appearance=look, events=TWEETS), time.time() + 1
    )
    await feed.tweet("nasa", STRANGER)
    found = [row for row in await rows(database) if row.kind in ("event", "opener")]
    about = [row.about for row in found if row.kind == "event"]
    assert about[0] == about[1] == "o:a:nasa" and about[2] == f"o:a:nasa.{STRANGER}"
    titles = [card_json.decode(row.card).title for row in found if row.kind == "opener"]
    assert titles == ["@nasa", "@nasa"]


async def test_what_was_missed_held_and_asked_about_follows_the_account(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(
        route("r", "C1", accounts=("nasa",), events=TWEETS, schedule=Schedule(digest="0 9 * * *")),
        time.time(),
    )
    feed = Feed(relay)
    await feed.tweet("nasa", NASA)
    await feed.renamed(NASA, "nasa", "nasahq")
    await feed.tweet("nasa", STRANGER)
    await feed.tweet("nasahq", NASA)
    found = await relay.routes.named(TENANT, "r")
    assert found is not None
    taken = [event.id for event, said_ in await relay.preview(found) if isinstance(said_, Matched)]
    assert sorted(taken) == [1, 4]
    for name in ("nasahq", "NASA"):
        told = await relay.explainer.account(TENANT, name)
        assert {one.event.id for one in told} == {1, 2, 4}, name


# --- routes as people change them --------------------------------------------------------------


async def test_a_new_route_holds_the_id_of_an_account_that_is_known_from_the_first_on(
    database: Database, relay: Relay
) -> None:
    feed = await _following(relay)
    await relay.routes.add(route("new", "C7", accounts=("esa", "nasa")), time.time())
    found = await relay.routes.named(TENANT, "new")
    assert found is not None and {one.id for one in found.known} == {NASA, ESA}
    await feed.tweet("nasa", STRANGER)
    assert await keys_of(database, "C7") == []


async def test_changing_something_else_keeps_the_account_and_naming_it_anew_means_who_has_the_username(
    database: Database, relay: Relay
) -> None:
    feed = await _following(relay)
    await feed.renamed(NASA, "nasa", "nasahq")
    kept = await relay.routes.named(TENANT, "r")
    assert kept is not None
    assert await relay.routes.change(replace(kept, events=("tweet.new",)), time.time())
    again = await relay.routes.named(TENANT, "r")
    assert again is not None and (again.accounts, again.known) == (kept.accounts, kept.known)
    assert await relay.routes.change(replace(again, accounts=("nasa",)), time.time())
    taken = await feed.tweet("nasa", STRANGER)
    assert (await keys_of(database, "C1"))[-1] == taken


async def test_a_list_of_monitors_tells_ids_and_renames_as_events_do(
    database: Database, relay: Relay
) -> None:
    await relay.routes.add(route("r", "C1", accounts=("nasa",), events=TWEETS), time.time())
    assert await relay.renaming.seen(TENANT, [(NASA, "NASA"), (ESA, "esa"), (None, "nasa"), ("x", "nasa")])
    assert not await relay.renaming.seen(TENANT, [(NASA, "nasa"), (ESA, "ESA")])
    assert await relay.renaming.seen(TENANT, [(NASA, "nasahq")])
    assert await said(database) == ["@nasa is now @nasahq"]
    assert {one.id for one in await relay.names.of_tenant(TENANT)} == {NASA, ESA}


async def test_routing_reads_no_more_of_the_database_than_before(
    database: Database, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = await _following(relay)
    await feed.tweet("nasa", NASA)
    asked: list[str] = []
    whole = type(relay.names).of_tenant

    async def counted(self: Any, tenant: TenantId) -> Any:
        asked.append(str(tenant))
        return await whole(self, tenant)

    monkeypatch.setattr(type(relay.names), "of_tenant", counted)
    for _ in range(5):
        await feed.tweet("nasa", NASA)
        await feed.tweet("stranger", STRANGER)
    assert asked == []

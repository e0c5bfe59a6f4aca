"""Numbers of draws and drafts, on both databases: given once, in order, never again, each place its own."""

from __future__ import annotations

import asyncio

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.places.local_numbers import LocalNumbers, Numbered
from bot.storage.places.tenants import StoredTenants

HERE, ELSEWHERE = TenantId("slack", "T1"), TenantId("discord", "900")


async def test_they_are_given_in_order_and_stay(database: Database) -> None:
    numbers = LocalNumbers(database)
    assert await numbers.give(HERE, Numbered.DRAW, ["a", "b", "a"]) == {"a": 1, "b": 2}
    assert await numbers.give(HERE, Numbered.DRAW, ["c", "a"]) == {"c": 3, "a": 1}
    assert await numbers.give(HERE, Numbered.DRAW, []) == {}
    assert await LocalNumbers(database).known(HERE, Numbered.DRAW, ["b", "z"]) == {"b": 2}
    assert [await numbers.item(HERE, Numbered.DRAW, one) for one in (0, 1, 3, 4)] == [None, "a", "c", None]


async def test_kinds_and_places_count_for_themselves(database: Database) -> None:
    numbers = LocalNumbers(database)
    await numbers.give(HERE, Numbered.DRAW, ["a", "b"])
    assert await numbers.give(HERE, Numbered.DRAFT, ["b"]) == {"b": 1}
    assert await numbers.give(ELSEWHERE, Numbered.DRAW, ["b"]) == {"b": 1}
    assert await numbers.item(ELSEWHERE, Numbered.DRAW, 2) is None
    assert await numbers.known(ELSEWHERE, Numbered.DRAW, ["a", "b"]) == {"b": 1}


async def test_the_number_of_what_was_deleted_is_not_given_again(database: Database) -> None:
    numbers = LocalNumbers(database)
    await numbers.give(HERE, Numbered.DRAFT, ["a", "b"])
    await numbers.forget(HERE, Numbered.DRAFT, "b")
    assert await numbers.item(HERE, Numbered.DRAFT, 2) is None
    assert await numbers.give(HERE, Numbered.DRAFT, ["c"]) == {"c": 3}
    assert await numbers.give(HERE, Numbered.DRAFT, ["b"]) == {"b": 4}


async def test_many_who_list_at_once_see_the_same_numbers(database: Database) -> None:
    numbers = LocalNumbers(database)
    orders = (["a", "b", "c"], ["c", "b", "a"], ["b", "d"], ["d", "e", "a"])
    seen = await asyncio.gather(*(numbers.give(HERE, Numbered.DRAW, order) for order in orders * 3))
    whole = await numbers.known(HERE, Numbered.DRAW, "abcde")
    assert sorted(whole.values()) == [1, 2, 3, 4, 5]
    assert all(whole[item] == number for one in seen for item, number in one.items())


async def test_they_go_with_the_place(database: Database) -> None:
    numbers = LocalNumbers(database)
    for place in (HERE, ELSEWHERE):
        await numbers.give(place, Numbered.DRAW, ["a", "b"])
    await StoredTenants(database, lambda: 1.0).erase(HERE)
    assert await numbers.item(HERE, Numbered.DRAW, 1) is None
    assert await numbers.item(ELSEWHERE, Numbered.DRAW, 1) == "a"
    assert await numbers.give(HERE, Numbered.DRAW, ["z"]) == {"z": 1}


async def test_a_number_knows_the_key_that_its_item_was_seen_with_last(database: Database) -> None:
    shown: dict[str, str | None] = {"key": "xq_aaa…11"}

    async def key(_tenant: TenantId) -> str | None:
        return shown["key"]

    numbers = LocalNumbers(database, key)
    await LocalNumbers(database).give(HERE, Numbered.DRAW, ["old"])
    await numbers.give(HERE, Numbered.DRAW, ["a", "b"])
    assert not await numbers.is_elsewhere(HERE, Numbered.DRAW, "a")
    shown["key"] = "xq_bbb…22"
    asked = [await numbers.is_elsewhere(HERE, Numbered.DRAW, one) for one in ("a", "b", "old", "none")]
    assert asked == [True, True, False, False], "what an older version numbered is not known"
    may = [await numbers.may_be_elsewhere(HERE, Numbered.DRAW, one) for one in ("a", "old", "none")]
    assert may == [True, True, False]
    assert not await numbers.is_elsewhere(ELSEWHERE, Numbered.DRAW, "a")
    assert await numbers.give(HERE, Numbered.DRAW, ["b", "c"]) == {"b": 3, "c": 4}
    assert [await numbers.is_elsewhere(HERE, Numbered.DRAW, one) for one in "abc"] == [True, False, False]
    shown["key"] = None
    assert not await numbers.may_be_elsewhere(HERE, Numbered.DRAW, "a")
    assert not await numbers.is_elsewhere(HERE, Numbered.DRAW, "a"), "without a key all else is said first"

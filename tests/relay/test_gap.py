"""The walk back through a list of events ends where it must, whatever the list does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.relay.fetching import gap
from bot.relay.fetching.gap import Gap, Walk
from bot.relay.routing.route_index import RouteIndex
from bot.storage.intake.watermarks import Mark
from bot.xquik.models import Page
from bot.xquik.resources.event_feed import RawEvent, raw_event
from tests.relay.harness import TENANT, route

NOW = 1_800_000_000.0


class List:
    """Events at Xquik, newest first, in pages of `size` by the number of events passed."""

    def __init__(self, events: Sequence[dict[str, Any]], size: int = 3) -> None:
        self.events = list(events)
        self.size = size
        self.asked = 0

    async def page(self, cursor: str | None) -> Page[RawEvent]:
        self.asked += 1
        start = int(cursor or 0)
        found = tuple(raw_event(event) for event in self.events[start : start + self.size])
        more = start + self.size < len(self.events)
        return Page(found, more, str(start + self.size) if more else None)


def event(number: int | str, ago: float = 60.0) -> dict[str, Any]:
    stamp = NOW - ago
    return {
        "id": str(number),
        "type": "tweet.new",
        "username": "nasa",
        "occurredAt": stamp * 1000,
        "data": {},
    }


async def nothing(_: Sequence[str]) -> frozenset[str]:
    return frozenset()


async def walk(found: Any, mark: str = "0", known: Any = nothing, **options: Any) -> Gap:
    standing = Mark(mark, NOW - 3600.0, None, 0.0, refused=False)
    options = {"max_age": 86_400.0, **options}
    index = RouteIndex([route("all", "C1")])
    return await Walk(TENANT, standing, found, known, index, now=NOW, **options).run()


def ids(found: Gap) -> list[str | None]:
    return [item.id for item in found.oldest_first() if item.content is not None]


def newest_first(first: int, last: int) -> list[dict[str, Any]]:
    return [event(number) for number in range(last, first - 1, -1)]


async def test_it_ends_at_the_mark_and_gives_what_is_behind_it_oldest_first() -> None:
    listed = List(newest_first(1, 20))
    assert ids(await walk(listed.page, "12")) == [str(n) for n in range(13, 21)]
    assert listed.asked == 3


async def test_the_event_of_the_mark_may_be_gone() -> None:
    listed = List([*newest_first(13, 16), *newest_first(1, 11)])
    assert ids(await walk(listed.page, "12")) == ["13", "14", "15", "16"]
    letters = List([event("d"), event("c"), event("b", ago=7200.0), event("a", ago=7300.0)])
    assert ids(await walk(letters.page, "gone")) == ["c", "d"]
    assert ids(await walk(letters.page, "c")) == ["d"]


async def test_pages_that_repeat_or_never_end_do_not_keep_it() -> None:
    async def same(_: str | None) -> Page[RawEvent]:
        return Page((raw_event(event(5)),), True, "again")

    assert ids(await walk(same)) == ["5"]

    async def fresh_cursors(cursor: str | None) -> Page[RawEvent]:
        return Page((raw_event(event(5)),), True, str(int(cursor or 0) + 1))

    assert ids(await walk(fresh_cursors)) == ["5"]
    asked = 0

    async def endless(_: str | None) -> Page[RawEvent]:
        nonlocal asked
        asked += 1
        return Page((raw_event(event(10**9 - asked)),), True, str(asked))

    found = await walk(endless, held_events=10)
    assert asked == gap.LONGEST_WALK
    assert found.more_skipped
    assert len(ids(found)) == 10


async def test_events_that_arrive_while_it_walks_lose_none() -> None:
    listed = List(newest_first(1, 10))

    async def shifting(cursor: str | None) -> Page[RawEvent]:
        page = await listed.page(cursor)
        listed.events.insert(0, event(10 + listed.asked))
        return page

    assert ids(await walk(shifting)) == [str(number) for number in range(1, 11)]


async def test_what_is_stored_is_passed_over_and_what_lies_under_it_is_found() -> None:
    async def known(identities: Sequence[str]) -> frozenset[str]:
        return frozenset({"e:4", "e:5", "e:6", "e:9"} & set(identities))

    found = await walk(List(newest_first(1, 9)).page, "1", known)
    assert ids(found) == ["2", "3", "7", "8"]
    assert found.oldest_first()[-1].id == "9"


async def test_no_more_is_held_than_is_allowed_and_the_oldest_are_kept() -> None:
    found = await walk(List(newest_first(1, 20)).page, "0", held_events=6)
    assert ids(found) == [str(number) for number in range(1, 6)]
    assert not found.whole
    large = [{**event(number), "data": {"text": "x" * 6_000_000}} for number in range(6, 0, -1)]
    heavy = await walk(List(large, size=1).page)
    assert ids(heavy) == ["1", "2"]
    assert not heavy.whole


async def test_what_is_too_old_is_counted_up_to_a_bound() -> None:
    old = [event(number, ago=90_000.0) for number in range(2500, 0, -1)]
    listed = List([*newest_first(3001, 3004), *old], size=100)
    found = await walk(listed.page)
    assert ids(found) == ["3001", "3002", "3003", "3004"]
    assert found.more_skipped
    assert gap.COUNTED_STALE <= found.stale < gap.COUNTED_STALE + 100
    assert sum(found.skipped.values()) == found.stale
    assert listed.asked <= 11


async def test_an_event_without_a_usable_id_or_time_is_taken_as_it_is() -> None:
    strange: list[dict[str, Any]] = [
        {"id": {"a": 1}, "type": 7},
        {"id": "x" * 500},
        {"id": "8", "occurredAt": "yesterday"},
        event(7),
    ]
    found = await walk(List(strange, size=10).page, "6")
    assert [item.id for item in found.oldest_first()] == ["7", "8", None, None]
    assert [item.dated for item in found.oldest_first()] == [True, False, False, False]

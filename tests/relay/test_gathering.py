"""Groups of writes: what joins them, in which order, and who gets which answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.core.errors import StorageUnavailable
from bot.relay.gathering import Gatherer


class Writes:
    """What was written, group by group. A write begins when it is let go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go_on = asyncio.Semaphore(0)
        self.asked = asyncio.Event()
        self.at_once = 0
        self.most_at_once = 0

    async def __call__(self, take: Callable[[], Sequence[int]]) -> list[str]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.asked.set()
        try:
            await self.go_on.acquire()
            group = list(take())
            if 13 in group:
                raise ValueError(f"13 among {len(group)}")
            assert list(take()) == group
            self.groups.append(group)
            return [f"wrote {item}" for item in group]
        finally:
            self.at_once -= 1

    def release(self, times: int) -> None:
        for _ in range(times):
            self.go_on.release()


def _gatherer(writes: Writes, ahead: int = 1, waiting_limit: int = 1000) -> Gatherer[int, str]:
    return Gatherer(writes, name="test", group_limit=10, waiting_limit=waiting_limit, ahead=ahead)


async def test_what_asks_before_a_write_begins_is_part_of_it() -> None:
    writes = Writes()
    gatherer = _gatherer(writes)
    asked = [asyncio.ensure_future(gatherer.submit(1))]
    await writes.asked.wait()
    asked += [asyncio.ensure_future(gatherer.submit(item)) for item in (2, 3)]
    await asyncio.sleep(0)
    writes.release(1)
    assert await asyncio.gather(*asked) == ["wrote 1", "wrote 2", "wrote 3"]
    assert writes.groups == [[1, 2, 3]]


@pytest.mark.parametrize("ahead", [1, 2])
async def test_everything_is_written_once_and_in_order_whatever_the_number(ahead: int) -> None:
    writes = Writes()
    gatherer = _gatherer(writes, ahead)
    items = [item for item in range(50) if item != 13]
    asked = [asyncio.ensure_future(gatherer.submit(item)) for item in items]
    writes.release(50)
    assert await asyncio.gather(*asked) == [f"wrote {item}" for item in items]
    await gatherer.drained()
    assert [item for group in writes.groups for item in group] == items
    assert max(map(len, writes.groups)) == 10
    assert writes.most_at_once <= ahead


async def test_one_item_that_cannot_be_written_fails_alone() -> None:
    writes = Writes()
    gatherer = _gatherer(writes)
    asked = [asyncio.ensure_future(gatherer.submit(item)) for item in (11, 12, 13, 14, 15)]
    writes.release(20)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[2], ValueError)
    assert [answers[place] for place in (0, 1, 3, 4)] == ["wrote 11", "wrote 12", "wrote 14", "wrote 15"]
    assert sorted(item for group in writes.groups for item in group) == [11, 12, 14, 15]


async def test_a_write_that_never_begins_fails_whoever_waits_for_it() -> None:
    async def closed(_take: Callable[[], Sequence[int]]) -> list[str]:
        raise StorageUnavailable("the database is closed")

    gatherer: Gatherer[int, str] = Gatherer(closed, name="test", group_limit=10, waiting_limit=10, ahead=2)
    answers = await asyncio.gather(*(gatherer.submit(item) for item in range(5)), return_exceptions=True)
    assert all(isinstance(answer, StorageUnavailable) for answer in answers)
    await gatherer.drained()


async def test_more_than_may_wait_is_told_to_come_back() -> None:
    writes = Writes()
    gatherer = _gatherer(writes, waiting_limit=2)
    asked = [asyncio.ensure_future(gatherer.submit(item)) for item in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable, match="more waits"):
        await gatherer.submit(3)
    writes.release(1)
    await asyncio.gather(*asked)


async def test_somebody_who_went_away_does_not_disturb_the_others() -> None:
    writes = Writes()
    gatherer = _gatherer(writes)
    asked = [asyncio.ensure_future(gatherer.submit(item)) for item in (1, 2, 3)]
    await asyncio.sleep(0)
    asked[1].cancel()
    writes.release(1)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert (answers[0], answers[2]) == ("wrote 1", "wrote 3")
    assert isinstance(answers[1], asyncio.CancelledError)


async def test_what_comes_one_by_one_gathers_until_enough_wait() -> None:
    writes = Writes()
    gatherer: Gatherer[int, str] = Gatherer(
        writes, name="test", group_limit=10, waiting_limit=100, ahead=2, gather=3600.0, enough=3
    )
    writes.release(10)
    assert await gatherer.submit(1) == "wrote 1"  # the first waits for nobody
    asked = [asyncio.ensure_future(gatherer.submit(item)) for item in (2, 3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert writes.groups == [[1]]
    assert await gatherer.submit(4) == "wrote 4"
    assert await asyncio.gather(*asked) == ["wrote 2", "wrote 3"]
    assert writes.groups == [[1], [2, 3, 4]]


async def test_what_gathers_is_written_when_its_time_is_over() -> None:
    writes = Writes()
    gatherer: Gatherer[int, str] = Gatherer(
        writes, name="test", group_limit=10, waiting_limit=100, gather=0.05, enough=100
    )
    writes.release(10)
    assert await gatherer.submit(1) == "wrote 1"
    assert await asyncio.gather(*(gatherer.submit(item) for item in (2, 3))) == ["wrote 2", "wrote 3"]
    assert writes.groups == [[1], [2, 3]]
    await gatherer.drained()

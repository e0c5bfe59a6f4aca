"""Pages that were read for a file: stored once, whole, and for their own tenant alone."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.access import Actor
from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.writes.listing_pages import ListingPages, NewPage, Reading
from bot.storage.writes.running_proposals import RunningProposals
from tests.conftest import ManualClock

HERE, ELSEWHERE = TenantId("slack", "T1"), TenantId("slack", "T2")
COLUMNS = ("id", "bio", "followers", "verified", "joined", "nothing")
AT = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
ROWS = (
    ("1", "1", "=1+1\n\x00\ud800", 10**18, True, AT, None),
    ("2", "2", "", 0, False, AT, None),
)


def page(number: int, after: str = "c", rows: tuple[tuple[object, ...], ...] = ROWS) -> NewPage:
    return NewPage(number, COLUMNS, rows, after, 2)  # type: ignore[arg-type]  # cells of every sort


async def test_what_was_read_is_there_as_it_was(database: Database) -> None:
    pages = ListingPages(database, ManualClock(1.0))
    assert await pages.reading(HERE, "r") == Reading()
    assert await pages.add(HERE, "r", page(1, "c1"))
    assert await pages.add(HERE, "r", page(2, "", ()))
    assert await pages.page(HERE, "r", 1) == ROWS
    assert await pages.columns(HERE, "r") == COLUMNS
    found = await pages.reading(HERE, "r")
    assert (found.pages, found.rows, found.credits, found.after, found.ended) == (2, 2, 4, "", True)
    assert (found.cursors, found.barren) == (("c1", ""), 1)
    assert await pages.count(HERE) == 2


async def test_a_page_is_stored_once(database: Database) -> None:
    pages = ListingPages(database, ManualClock(1.0))
    assert await pages.add(HERE, "r", page(1))
    assert not await pages.add(HERE, "r", page(1, "other", ()))
    assert (await pages.reading(HERE, "r")).cursors == ("c",)


async def test_another_tenant_sees_none_of_it(database: Database) -> None:
    pages = ListingPages(database, ManualClock(1.0))
    await pages.add(HERE, "r", page(1))
    assert await pages.reading(ELSEWHERE, "r") == Reading()
    assert (await pages.page(ELSEWHERE, "r", 1), await pages.columns(ELSEWHERE, "r")) == ((), ())
    assert await pages.count(ELSEWHERE) == 0


async def test_what_does_not_run_is_not_stopped(database: Database) -> None:
    running = RunningProposals(database)
    assert await running.stop(HERE, "nothing", Actor("ada", "Ada")) is None
    assert await running.stopped_by(HERE, "nothing") == ""
    assert await running.of_kinds(HERE, {"listing.file"}) == ()

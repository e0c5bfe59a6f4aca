"""The files of a reading: measured once, and made again whenever they are sent."""

from __future__ import annotations

import time
from hashlib import sha512

import pytest

from bot.core.chat.ids import TenantId
from bot.proposals.listing_parts import MOST_FILES, ListingParts
from bot.proposals.listing_request import MOST_ROWS, FileRequest, bound, file_name
from bot.storage.engine.database import Database
from bot.storage.writes.listing_pages import ListingPages, NewPage
from bot.tabular.formats import TableFormat
from bot.tabular.parts import parts
from tests.conftest import ManualClock

HERE, ELSEWHERE = TenantId("slack", "T1"), TenantId("slack", "T2")
COLUMNS = ("id", "bio")


def row(number: int) -> tuple[str, str]:
    return str(10**18 + number), sha512(str(number).encode()).hexdigest()


async def stored(database: Database, pages: int, size: int = 100) -> ListingPages:
    """A reading of so many pages."""
    kept = ListingPages(database, ManualClock(1.0))
    for number in range(1, pages + 1):
        numbers = range((number - 1) * size, number * size)
        rows = [(str(one), *row(one)) for one in numbers]
        await kept.add(HERE, "r", NewPage(number, COLUMNS, rows, f"c{number}", size))
    return kept


@pytest.mark.parametrize("format", TableFormat)
async def test_the_files_are_those_that_were_measured(database: Database, format: TableFormat) -> None:
    kept = await stored(database, 30)
    making = ListingParts(kept, most=250_000)
    measured = await making.measure(HERE, "r", format, "people", COLUMNS)
    assert measured.rows == 3_000
    assert len(measured.parts) > 1
    wanted = [one.content for one in parts(format, COLUMNS, map(row, range(3_000)), 250_000)]
    for number, (part, content) in enumerate(zip(measured.parts, wanted, strict=True), start=1):
        for _ in range(2):
            (file,) = await making.files(HERE, str(part))
            assert file.content == content
            assert file.name == f"people-{number}-of-{len(wanted)}.{format.value}"


async def test_no_more_files_than_messages(database: Database) -> None:
    """What is left over is counted, so that it can be said."""
    making = ListingParts(await stored(database, 30), most=20_000)
    measured = await making.measure(HERE, "r", TableFormat.CSV, "people", COLUMNS)
    assert len(measured.parts) == MOST_FILES
    assert 0 < measured.rows < 3_000


async def test_another_tenant_gets_no_file(database: Database) -> None:
    making = ListingParts(await stored(database, 1))
    measured = await making.measure(HERE, "r", TableFormat.CSV, "people", COLUMNS)
    assert await making.files(ELSEWHERE, str(measured.parts[0])) == ()


async def test_a_hundred_thousand_rows_would_be_made_within_a_minute(database: Database) -> None:
    making = ListingParts(await stored(database, 20, MOST_ROWS // 100))
    began = time.monotonic()
    measured = await making.measure(HERE, "r", TableFormat.XLSX, "people", COLUMNS)
    assert measured.rows == MOST_ROWS // 5
    assert time.monotonic() - began < 60 / 5


def test_no_more_is_read_than_what_is_asked_about() -> None:
    assert bound(6_000, None) == 6_610
    assert bound(6_000, 50) == 50
    assert bound(None, None) == bound(10**9, None) == MOST_ROWS


def test_names_of_files_are_plain() -> None:
    assert file_name("Followers of @Ünal_1 / ../../etc") == "followers-of-unal-1-etc"
    assert file_name("日本") == "list"


def test_a_request_is_read_as_it_was_stored() -> None:
    request = FileRequest("user followers", {"user": ("nasa",)}, "Followers", TableFormat.CSV, "r", 9, None)
    assert FileRequest.of(request.payload()) == request

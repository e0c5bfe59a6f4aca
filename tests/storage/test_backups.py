"""Copies in a directory: named by their time, whole or not there, and the newest few kept."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.engine import sqlite_file
from bot.storage.engine.backups import copy_into
from bot.storage.engine.database import Database
from bot.storage.migrate import create

DAY = 86_400.0
START = datetime(2026, 11, 28, 3, 0, tzinfo=UTC).timestamp()


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite database with all tables."""
    url = f"sqlite:///{tmp_path}/bot.db"
    await create(url)
    database = await Database.open(url)
    yield database
    await database.close()


def at(moment: float) -> Callable[[], float]:
    """A clock that stands still."""
    return lambda: moment


def names(directory: Path) -> list[str]:
    return sorted(one.name for one in directory.iterdir())


async def _opens(path: Path) -> None:
    copy = await Database.open(f"sqlite:///{path}", make=False)
    await copy.close()


async def test_every_day_a_copy_and_a_week_of_them_stays(small: Database, tmp_path: Path) -> None:
    directory = tmp_path / "copies" / "daily"
    for day in range(10):
        kept = await copy_into(small, directory, keep=7, clock=at(START + day * DAY))
        name = f"xquik-bot-{datetime.fromtimestamp(START + day * DAY, UTC):%F}T030000Z.db"
        assert kept.path == directory / name
        assert (kept.count, len(kept.removed)) == (min(day + 1, 7), int(day >= 7))
    assert names(directory) == [
        *(f"xquik-bot-2026-12-0{day}T030000Z.db" for day in range(1, 8)),
    ]
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for one in directory.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    await _opens(kept.path)


async def test_two_in_one_second_have_names_of_their_own(small: Database, tmp_path: Path) -> None:
    copies = [await copy_into(small, tmp_path / "d", keep=2, clock=lambda: START) for _ in range(11)]
    assert [copy.path.name for copy in copies][:3] == [
        "xquik-bot-2026-11-28T030000Z.db",
        "xquik-bot-2026-11-28T030000Z-2.db",
        "xquik-bot-2026-11-28T030000Z-3.db",
    ]
    assert len(names(tmp_path / "d")) == 2 and copies[-1].path.exists()


async def test_nothing_else_in_the_directory_is_touched(small: Database, tmp_path: Path) -> None:
    directory = tmp_path / "d"
    directory.mkdir()
    others = [
        "bot.db",
        "xquik-bot-2020-01-01T000000Z.db.gpg",
        "xquik-bot-2020-01-01.db",
        "my xquik-bot-2020-01-01T000000Z.db",
        "xquik-bot-٢٠٢٠-01-01T000000Z.db",
        "xquik-bot-2020-01-01T000000Z-9999.db",
        "notes-日本語.txt",
    ]
    for name in others:
        (directory / name).write_text("mine")
    (directory / "xquik-bot-2019-01-01T000000Z.db").symlink_to(directory / "bot.db")
    (directory / "xquik-bot-2018-01-01T000000Z.db").mkdir()
    for day in range(3):
        await copy_into(small, directory, keep=1, clock=at(START + day * DAY))
    left = {*others, "xquik-bot-2019-01-01T000000Z.db", "xquik-bot-2018-01-01T000000Z.db"}
    assert set(names(directory)) == left | {"xquik-bot-2026-11-30T030000Z.db"}
    assert all((directory / name).read_text() == "mine" for name in others)


async def test_a_clock_that_was_set_back_does_not_cost_the_new_copy(small: Database, tmp_path: Path) -> None:
    directory = tmp_path / "d"
    for moment in (START, START + DAY, START - 300 * DAY):
        kept = await copy_into(small, directory, keep=1, clock=at(moment))
        assert names(directory) == [kept.path.name]


async def test_without_a_number_all_are_kept(small: Database, tmp_path: Path) -> None:
    for day in range(4):
        await copy_into(small, tmp_path / "d", keep=None, clock=at(START + day * DAY))
    assert len(names(tmp_path / "d")) == 4


async def test_what_cannot_be_copied_costs_no_earlier_copy(small: Database, tmp_path: Path) -> None:
    directory = tmp_path / "d"
    await copy_into(small, directory, keep=1, clock=lambda: START)
    before = names(directory)
    path = tmp_path / "bot.db"
    path.rename(tmp_path / "elsewhere")
    path.mkdir()  # no database
    with pytest.raises(Exception):  # noqa: B017 - whatever SQLite says of it
        await copy_into(small, directory, keep=1, clock=lambda: START + DAY)
    path.rmdir()
    (tmp_path / "elsewhere").rename(path)
    assert names(directory) == before, "and no half a copy is left"


async def test_a_copy_that_was_cut_short_has_no_name_and_goes_after_a_day(
    small: Database, tmp_path: Path
) -> None:
    directory = tmp_path / "d"
    directory.mkdir()
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom bot.storage.engine import sqlite_file\n"
        "sqlite_file._sync = lambda path: os._exit(9)\n"
        "sqlite_file.copy(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    target = directory / "xquik-bot-2026-11-27T030000Z.db"
    command = [sys.executable, "-c", program, str(tmp_path / "bot.db"), str(target)]
    ended = await asyncio.to_thread(lambda: subprocess.run(command, timeout=60, check=False))
    assert ended.returncode == 9
    (left,) = names(directory)
    assert left.startswith(f".{target.name}.") and left.endswith(sqlite_file.PART)
    old = START - 2 * DAY
    await copy_into(small, directory, keep=7, clock=lambda: START)
    assert left in names(directory), "it may be one that is being made"
    os.utime(directory / left, (old, old))
    await copy_into(small, directory, keep=7, clock=lambda: START + DAY)
    assert left not in names(directory)

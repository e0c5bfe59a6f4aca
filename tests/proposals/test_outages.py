"""What others break is a line in the log; a traceback is for what is ours to mend."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.errors import StorageUnavailable
from bot.core.proposal_states import ProposalState
from bot.storage.engine.database import Database
from tests.adapters.logged import Logged, logged
from tests.conftest import ManualClock
from tests.proposals.harness import DRAW, TENANT, ProposalsHarness
from tests.relay.harness import until


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def test_a_database_that_is_away_is_a_line_and_the_write_goes_on_after_it(
    house: ProposalsHarness, said: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await house.open()
    away = iter([True])
    real = house.store.settle

    async def settle(*given: Any, **named: Any) -> Any:
        if next(away, False):
            raise StorageUnavailable("the database cannot be reached", code="storage")
        return await real(*given, **named)

    monkeypatch.setattr(house.store, "settle", settle)
    await house.press("confirm", key)
    await house.executor.sweep()
    assert len(said.lines("stopped in")) == 1
    assert "the database cannot be reached" in said.text
    said.is_without_traceback()
    house.clock.advance(3600)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.tweets) == 1


@pytest.mark.parametrize("kind", ["tweet.create", "draw.run"])
async def test_a_database_that_does_not_give_the_key_fails_nothing(
    house: ProposalsHarness, kind: str
) -> None:
    key = await house.open() if kind == "tweet.create" else await house.open(DRAW, kind)
    await house.press("confirm", key)
    house.clients.away = 3  # the press has left the attempt to the executor, which has not begun
    await house.executor.sweep()
    assert (await house.row(key)).state is ProposalState.DISPATCHING
    house.clock.advance(3600)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.tweets if kind == "tweet.create" else house.vendor.draws) == 1


async def test_a_post_that_may_be_out_is_not_called_failed_when_the_database_is_away(
    house: ProposalsHarness,
) -> None:
    """The request got through, its answer did not; before the repetition the database goes away."""
    house.vendor.plan.append("lost")
    key = await house.open()
    await house.press("confirm", key)
    await house.executor.sweep()
    house.clients.away = 1
    house.clock.advance(5)
    await house.executor.sweep()
    assert (await house.row(key)).state is ProposalState.DISPATCHING
    house.clock.advance(3600)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.tweets) == 1


async def test_a_file_that_another_process_holds_is_a_line(
    sqlite_url: str, clock: ManualClock, tmp_path: Path, said: Logged
) -> None:
    """SQLite's own refusal, and the loop that watches goes on with its work."""
    database = await Database.open(sqlite_url)
    house = ProposalsHarness(database, clock, tmp_path)
    key = await house.open()
    await database.write(lambda connection: connection.execute(text("PRAGMA busy_timeout = 20")))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable):
            await house.press("confirm", key)
        await house.executor.start()
        await until(lambda: said.lines("could not be read"))
        other.execute("ROLLBACK")
    await house.press("confirm", key)
    assert (await house.executor.outcome(TENANT, key)).title == "Posted on X"
    await house.executor.stop()
    await database.close()
    assert "locked by another process" in said.text
    said.is_without_traceback()


async def test_a_disk_that_is_full_when_a_download_is_handed_on_is_a_line(
    house: ProposalsHarness, said: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(house.executor._handoff, "used", full)
    key = await house.open()
    await house.press("confirm", key)
    await house.executor.sweep()
    assert len(said.lines("No space left on device")) == 1
    said.is_without_traceback()


async def test_a_mistake_of_ours_keeps_its_traceback(
    house: ProposalsHarness, said: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(*_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(house.store, "settle", wrong)
    key = await house.open()
    await house.press("confirm", key)
    await house.executor.sweep()
    assert "Traceback" in said.text and "ZeroDivisionError" in said.text

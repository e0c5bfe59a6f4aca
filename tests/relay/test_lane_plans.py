"""The statements that run for every message keep their plans, also once somebody ran ANALYZE."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks import seeding
from bot.storage.engine.database import Database
from bot.storage.relay import deliveries, lane_heads, settling

LANES = 20


@pytest.fixture(params=["one row", "filled"])
async def filled(request: pytest.FixtureRequest, sqlite_url: str) -> Path:
    """ANALYZE was run when there was next to nothing, or much that is settled; then the bot opened it."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    seeding.add_backlog(sqlite_url, "discord:1", LANES, 1 if request.param == "one row" else 4_000)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE deliveries SET state = 'sent', settled_at = 1.0 WHERE id > 40")
        connection.execute("ANALYZE")
        connection.commit()
    database = await Database.open(sqlite_url)
    await database.close()
    return path


def _plan(path: Path, statement: str, given: Any) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        return [str(row[-1]) for row in rows]


def test_heads_are_found_by_the_index_of_open_rows(filled: Path) -> None:
    statement, given = lane_heads._plain_heads()
    plan = _plan(filled, statement, {**given, "lanes": "[]"})
    found = [line for line in plan if re.search(r"\b(row|said)\b", line)]
    assert found
    assert all("USING INDEX ix_deliveries_open" in line for line in found)
    assert not [
        line
        for line in plan
        if re.fullmatch("SCAN (deliveries|row|said|events|routes|route_places)\\b.*", line)
    ]


def test_marking_and_settling_go_by_the_row(filled: Path) -> None:
    for statement, given in (
        (lane_heads._PLAIN_MARK, (1.0, "[1]")),
        (settling._SETTLE, ("[]",)),
        (settling._WORKED, ("[]",)),
    ):
        plan = _plan(filled, statement, given)
        assert not [line for line in plan if re.match("SCAN (deliveries|route_places)", line)], plan


def test_lanes_with_something_to_send_are_found_one_step_each(filled: Path) -> None:
    plan = _plan(filled, str(deliveries._OPEN_LANES), {"after": "", "limit": 10})
    touched = [line for line in plan if "deliveries" in line or re.search(r"\bd\b", line)]
    assert touched and all("SEARCH" in line and "ix_deliveries_open" in line for line in touched), plan

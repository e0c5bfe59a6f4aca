"""A house of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.engine.database import Database
from tests.conftest import ManualClock
from tests.proposals.harness import ProposalsHarness


@pytest.fixture
def house(database: Database, clock: ManualClock, tmp_path: Path) -> ProposalsHarness:
    """Pending, wired whole: once on SQLite, once on PostgreSQL."""
    return ProposalsHarness(database, clock, tmp_path)

"""The last test of `tests.storage.released.record`: what was noted is compared with the tables, and kept."""

from __future__ import annotations

from typing import Any


async def test_this_is_kept(database_url: str, database_kind: str, kept: Any) -> None:
    kept.keep(database_url, database_kind)

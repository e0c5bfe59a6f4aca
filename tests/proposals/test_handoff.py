"""The hand-off log begins anew when it is large, and says nothing twice all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.proposals import handoff
from bot.proposals.handoff import FILE_NAME, HandoffLog


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


async def test_a_large_file_is_kept_beside_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoff, "_LARGEST", 1000)
    path = tmp_path / FILE_NAME
    log = HandoffLog(path, lambda: 0.0)
    for number in range(30):
        await log.append(f"p{number}", {"event": "write"})
    before = path.with_name(f"{FILE_NAME}.1")
    assert path.stat().st_size <= 1100 and before.stat().st_size <= 1100
    both = ids(before) + ids(path)
    assert both == [f"p{number}" for number in range(30)][-len(both) :]
    # Noted before the file was begun anew, and noted again after a crash.
    await log.append(both[0], {"event": "write"})
    assert ids(before) + ids(path) == both
    assert path.stat().st_mode & 0o077 == 0 and before.stat().st_mode & 0o077 == 0

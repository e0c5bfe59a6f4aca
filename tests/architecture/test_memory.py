"""Whatever a process holds in memory is in the table that says how the others come to know of a change."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.documents import Document

ROOT = Path(__file__).parents[2]
CACHE = re.compile(r"= (?:LRU|TTL|FIFO|LFU|TLRU|RR)Cache\(|\bcachetools\.\w+Cache\(")


def test_every_cache_is_in_the_table() -> None:
    section = Document.read("docs/architecture.md").section("## What a process remembers")
    told = set(re.findall(r"`((?:bot|adapters)/[\w/]+\.py)`", section))
    found = {
        str(path.relative_to(ROOT))
        for package in ("bot", "adapters")
        for path in (ROOT / package).rglob("*.py")
        if CACHE.search(path.read_text(encoding="utf-8"))
    }
    assert found - told == set()
    rows = [row for row in section.splitlines() if row.startswith("| ") and "`" in row]
    assert all(len(row.strip("|").split("|")) == 4 and row.split("|")[3].strip() for row in rows)

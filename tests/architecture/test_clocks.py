"""Time, sleep and chance have one type each, and it is the core's."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = "bot/core/clocks.py"
# The sandbox shares nothing with the bot.
ELSEWHERE = "bot/sandbox/"
BARE = re.compile(r"Callable\[\[\], float\]|Callable\[\[float\], Awaitable\[None\]\]")
MADE_ANEW = re.compile(r"^(Clock|Monotonic|Sleep|Chance)\b.*=", re.MULTILINE)


def test_nobody_spells_a_clock_or_makes_another_type_of_one() -> None:
    found = [
        name
        for package in ("bot", "adapters")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not (name := str(path.relative_to(ROOT))).startswith(ELSEWHERE) and name != OURS
        if BARE.search(source := path.read_text(encoding="utf-8")) or MADE_ANEW.search(source)
    ]
    assert found == ["bot/jobs/periodic.py"], "there a pause that is said after each run is no clock"

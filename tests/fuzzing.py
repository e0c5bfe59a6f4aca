"""How many examples a property test tries: a few that are always the same, or many new ones.

`make fuzz` sets `XQUIK_BOT_FUZZ` to how many times as many.
"""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("XQUIK_BOT_FUZZ") or "0")
FUZZING = FACTOR > 0


def examples(usually: int) -> int:
    """How many examples to try where `make test` tries so many."""
    return usually * (FACTOR or 1)

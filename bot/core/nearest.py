"""Names that are like a mistyped one. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def names_close_to(wanted: str, known: Iterable[str]) -> list[str]:
    """The known names most like `wanted`, best first."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wanted.casefold(), list(folded), n=3, cutoff=0.6)
    return [folded[name] for name in close]

"""Names that are like a mistyped one. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from itertools import pairwise

# Of so many characters one may differ; a name that is farther is another word.
_ONE_IN = 3
_SHORTEST_BEGINNING = 3
_BETWEEN = re.compile(r"[._]")


def names_close_to(wanted: str, known: Iterable[str]) -> list[str]:
    """The known names most like `wanted`, best first: misspelt by little, or begun."""
    said = wanted.casefold()
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(said, list(folded), n=3, cutoff=0.6)
    return [folded[name] for name in close if _near(said, name)]


def names_with_part(word: str, known: Iterable[str]) -> list[str]:
    """The names of several parts, like profile.bio.changed or must_follow, of which the word is one or is
    like one."""
    parts: dict[str, list[str]] = {}
    for name in known:
        several = _BETWEEN.split(name)
        for part in several if len(several) > 1 else ():
            parts.setdefault(part, []).append(name)
    close = [word] if word in parts else names_close_to(word, parts)
    return [name for part in close[:1] for name in parts[part]]


def _near(said: str, name: str) -> bool:
    if len(said) >= _SHORTEST_BEGINNING and name.startswith(said):
        return True
    return _distance(said, name) <= max(1, max(len(said), len(name)) // _ONE_IN)


def _distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, (last, letter) in enumerate(pairwise(f" {one}"), 1):
        now = [at]
        for place, (left, right) in enumerate(pairwise(f" {other}"), 1):
            cost = min(row[place] + 1, now[-1] + 1, row[place - 1] + (letter != right))
            if before and place > 1 and (last, letter) == (right, left):
                cost = min(cost, before[place - 2] + 1)
            now.append(cost)
        before, row = row, now
    return row[-1]

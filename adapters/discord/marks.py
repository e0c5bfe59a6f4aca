"""The unseen mark of a message: which delivery it is, kept in the ids of its first two components.

A message of one component carries the first half of the mark, which no other message of ours has
but once in two thousand million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from adapters.discord.kinds import Component

# Discord numbers components from 1; ours lie far above, so that the two never meet.
_FIRST: Final = 1 << 20
_COUNT: Final = (1 << 31) - 1 - _FIRST


def marks(key: str) -> tuple[int, int]:
    """The two component ids that say which delivery a message is."""
    digest = hashlib.sha256(key.encode()).digest()
    first, second = (int.from_bytes(digest[at : at + 4], "big") % _COUNT for at in (0, 4))
    return _FIRST + first, _FIRST + (second if second != first else (second + 1) % _COUNT)


def mark(components: Sequence[Component], key: str) -> None:
    """Mark components that were made for one message, in place."""
    for component, number in zip(_walk(components), marks(key), strict=False):
        component["id"] = number


def read(components: Sequence[Component]) -> tuple[int, ...]:
    """What stands where a mark would: empty for a message without components."""
    return tuple(int(component.get("id") or 0) for component in islice(_walk(components), 2))


def is_mark(found: tuple[int, ...], key: str) -> bool:
    """Whether `read` found the mark of that delivery."""
    return bool(found) and found == marks(key)[: len(found)]


def carries(components: Sequence[Component], key: str) -> bool:
    """Whether these are the components of a message that was made with that mark."""
    return is_mark(read(components), key)


def _walk(components: Sequence[Component]) -> Iterator[Component]:
    """The components with those inside them, in the order in which they stand."""
    for component in components:
        yield component
        yield from _walk(component.get("components") or ())

"""Cards that are as large as one measure says, for limits at the edge and one past it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.chat.cards import Button, Card, Field, Fields, Gallery, Media, Quote, Table, Text
from tests.contracts.cards import PHOTO, TITLE, X, action


def _address(start: str, length: int) -> str:
    return f"{start}?{'q' * (length - len(start) - 1)}"


def _numbered(word: str, count: int) -> list[str]:
    """Words of which none is part of another."""
    return [f"{word}{n:06d}" for n in range(count)]


# A measure, and a card of that size. The names are those of `Screen.limits`.
EDGES: Mapping[str, Callable[[int], Card]] = {
    "title": lambda n: Card("t" * n),
    "text": lambda n: Card(TITLE, (Text(("w" * n,)),)),
    "quote": lambda n: Card(TITLE, (Quote("w" * n),)),
    "remark": lambda n: Card(TITLE, (Text(("w" * n,), subtle=True),)),
    "label": lambda n: Card(TITLE, buttons=(Button("b" * n, action()),)),
    "buttons": lambda n: Card(
        TITLE, buttons=tuple(Button(word, action(i)) for i, word in enumerate(_numbered("b", n)))
    ),
    "button address": lambda n: Card(TITLE, buttons=(Button("Open", url=_address(X, n)),)),
    "pictures": lambda n: Card(TITLE, (Gallery(tuple(Media(PHOTO, word) for word in _numbered("p", n))),)),
    "alt": lambda n: Card(TITLE, (Gallery((Media(PHOTO, "a" * n),)),)),
    "picture address": lambda n: Card(TITLE, (Gallery((Media(_address(PHOTO, n), "A rocket"),)),)),
    "fields": lambda n: Card(TITLE, (Fields(tuple(Field(word, ("v",)) for word in _numbered("f", n))),)),
    "rows": lambda n: Card(
        TITLE, (Table(("Name", "What"), tuple(((word,), ("x",)) for word in _numbered("r", n))),)
    ),
    "parts": lambda n: Card(TITLE, tuple(Text((word,)) for word in _numbered("part", n))),
}
# Where the measure is the limit itself: nothing else in the card takes of it.
EXACT = frozenset(EDGES) - {"text", "quote", "parts"}
# What a platform without a limit shows whole.
LARGE = {"buttons": 60, "pictures": 60, "fields": 500, "rows": 500, "parts": 300}
LARGE_TEXT = 20_000

"""Secrets of which a part is left, because a text was cut: at its end, at its beginning, or by an ellipsis.

A part says that it is one by where it stands: it reaches to the cut, and a secret begins with it (or, behind
a cut, ends with it). Eight characters are enough, unless they are a word: passwords begin and end with words,
and so do texts. Every position of a text is looked up once in a table, however many cuts there are, and what
the table names is found by halving: the time grows with the text.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final

LEAST: Final = 8
_LONGEST_WORD: Final = 15
# An ellipsis as it is, as JSON writes it, and that read from behind.
_MARKS: Final = ("…", "...", "\\u2026", "6202u\\")
# What libraries put around a text that they show, at either end of it.
_AROUND: Final = " \t\r\n\"'`()[]{}<>,;:"


class CutSecrets:
    """The beginnings and ends of how secrets are written. May be used from any thread that only looks, while
    one at a time changes it."""

    def __init__(self) -> None:
        self._forward = _Beginnings()
        self._backward = _Beginnings()

    def add(self, form: str) -> None:
        """Know a form of a secret; as often as it is added it is to be taken away."""
        if len(form) > LEAST:
            self._forward.add(form)
            self._backward.add(form[::-1])

    def remove(self, form: str) -> None:
        """Know it no more."""
        if len(form) > LEAST:
            self._forward.remove(form)
            self._backward.remove(form[::-1])

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where parts begin and end, in any order."""
        if len(text) < LEAST:
            return
        yield from self._forward.found(text)
        size = len(text)
        yield from ((size - end, size - begin) for begin, end in self._backward.found(text[::-1]))


class _Beginnings:
    """By their first characters, all that begin so, sorted."""

    def __init__(self) -> None:
        self._by: dict[str, list[str]] = {}
        self._longest = 0

    def add(self, form: str) -> None:
        insort(self._by.setdefault(form[:LEAST], []), form)
        self._longest = max(self._longest, len(form))

    def remove(self, form: str) -> None:
        held = self._by.get(form[:LEAST], [])
        at = bisect_left(held, form)
        if held[at : at + 1] == [form]:
            del held[at]
        if not held:
            self._by.pop(form[:LEAST], None)

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where text stands that reaches to a cut, and that one of them begins with."""
        since = 0
        for end in _cuts(text):
            for at in range(max(since, end - self._longest), end - LEAST + 1):
                held = self._by.get(text[at : at + LEAST])
                if held is not None and _begins_one(held, part := text[at:end]) and not _is_word(part):
                    yield at, end
                    break
            since = end


def _begins_one(held: list[str], part: str) -> bool:
    # Another thread may take some away meanwhile.
    nearest = held[slice(at := bisect_left(held, part), at + 1)]
    return bool(nearest) and nearest[0].startswith(part)


def _is_word(part: str) -> bool:
    """Whether it is as people write a word: a few letters, not mixed. It may stand backwards."""
    alike = part.islower() or part.isupper() or part[1:].islower() or part[:-1].islower()
    return len(part) <= _LONGEST_WORD and part.isalpha() and alike


def _cuts(text: str) -> list[int]:
    """Where a text may have been cut: at its end, and before each ellipsis."""
    ends = {len(text), len(text.rstrip(_AROUND))}
    for mark in _MARKS:
        at = text.find(mark)
        while at >= 0:
            ends.add(at)
            at = text.find(mark, at + len(mark))
    return sorted(ends)

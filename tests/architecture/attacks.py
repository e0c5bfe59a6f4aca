"""Texts on which a pattern would be slow, made from the pattern itself, and what it does with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from re import _constants as code  # type: ignore[attr-defined]
from typing import Any

from tests.architecture.backtracking import (
    LARGE_BOUND,
    Counter,
    TooManySteps,
    fits,
    is_repeat,
    is_single,
    nodes_of,
)

_PALETTE = " \n\t\raAzZ09_-.,:;/@#<>|&\"'()[]{}*+?!%^$~`=\\é中\u2028🎉\x00\x7f\x85"
_LENGTH = 80
_TIMES = 16
# Steps for a character below which nothing grows, and by what the steps may grow for twice the length.
_FEW = 6
_GROWTH = 2.8
_ENOUGH = 100_000


def growing(pattern: re.Pattern[Any], used: Sequence[str] = ("whole", "everywhere")) -> str:
    """How the pattern grows faster than some text, or "" where it does not. used: methods of `Counter`."""
    counter = Counter(pattern, most=_ENOUGH)
    if not any(is_repeat(op) and value[1] > LARGE_BOUND for op, value in nodes_of(counter.tree)):
        return ""
    for text in dict.fromkeys(texts(counter)):
        for how in (getattr(counter, name) for name in used):
            few = _steps(how, text[0])
            if few <= _FEW * len(text[0]):
                continue
            many = _steps(how, text[1])
            if many >= _ENOUGH or many / few > _GROWTH * len(text[1]) / len(text[0]) / 2:
                shown = "".join(map(chr, text[0]))
                return f"{how.__name__}: {few:,} and {many:,} steps for {shown[:40]!r}…{shown[-5:]!r}"
    return ""


def _steps(how: Any, text: tuple[int, ...]) -> int:
    try:
        return int(how(text))
    except TooManySteps:
        return _ENOUGH


def texts(counter: Counter) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Pairs of texts of the same shape, the second twice as long."""
    flags = counter.pattern.flags
    singles = [node for node in nodes_of(counter.tree) if is_single(node[0])]
    stands = any(op is code.AT for op, _ in nodes_of(counter.tree))
    kinds = representatives(
        singles, flags, stands=stands, highest=127 if isinstance(counter.pattern.pattern, bytes) else 0
    )
    alphabet = list(kinds.values())
    places = list(_places(counter.tree, (), alphabet, flags))
    beginnings = list(dict.fromkeys([(), *(before for before, _ in places)]))
    most = 12 if len(places) < 4 else 2
    repeated = {word for _, words in places for word in words[:most]}
    alone = {(one,) for one in alphabet} | repeated
    led = {before + word for before in beginnings for word in repeated}
    mixed = {one + other for one, other in product(repeated, repeated)}
    wanted: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
        ((), word) for word in sorted(alone | led | mixed)
    ]
    wanted += product(beginnings[1:], sorted(repeated))
    for (begin, word), end in product(wanted, [(), *((one,) for one in alphabet[-1:])]):
        times = max(_TIMES, _LENGTH // len(word))
        yield tuple(begin + word * many + end for many in (times, 2 * times))  # type: ignore[misc]
    for one, other in product(sorted(repeated), sorted(repeated)):
        yield tuple(one * length + other * length for length in (_LENGTH // 2, _LENGTH))  # type: ignore[misc]


def representatives(
    singles: list[Any], flags: int, *, stands: bool, highest: int = 0
) -> dict[tuple[bool, ...], int]:
    """One character for each way to fit the nodes of a pattern; last the one that fits the fewest."""
    candidates = {ord(character) for character in _PALETTE}
    for op, value in singles:
        for kind, inner in value if op is code.IN else [(code.LITERAL, value)]:
            if kind is code.LITERAL and inner is not None:
                candidates |= {inner, inner + 1}
            elif kind is code.RANGE:
                candidates |= {*inner, inner[1] + 1}
    usable = sorted(c for c in candidates if c < 0x110000 and (not highest or c <= highest))
    found: dict[tuple[bool, ...], int] = {}
    for character in usable:
        # What lines and words end with is told apart too: "^" and "\\b" look at it.
        kind = (character == 10, chr(character).isalnum()) if stands else ()
        found.setdefault((*(fits(node, character, flags) for node in singles), *kind), character)
    return dict(sorted(found.items(), key=lambda item: -sum(item[0][: len(singles)])))


def _places(
    tree: Any, before: tuple[int, ...], alphabet: list[int], flags: int
) -> Iterator[tuple[tuple[int, ...], list[tuple[int, ...]]]]:
    """For each repeat without a small bound: a text that leads to it, and texts that it repeats."""
    for node in tree:
        op, value = node
        if is_repeat(op):
            yield from _places(value[2], before, alphabet, flags)
            if value[1] > LARGE_BOUND:
                yield before, _words(value[2], alphabet, flags)
        elif op is code.SUBPATTERN:
            yield from _places(value[3], before, alphabet, flags)
        elif op is code.ATOMIC_GROUP:
            yield from _places(value, before, alphabet, flags)
        elif op in (code.ASSERT, code.ASSERT_NOT):
            yield from _places(value[1], before, alphabet, flags)
        elif op is code.BRANCH:
            for branch in value[1]:
                yield from _places(branch, before, alphabet, flags)
        before += next(iter(_words([node], alphabet, flags)), ())


def _words(tree: Any, alphabet: list[int], flags: int, most: int = 12) -> list[tuple[int, ...]]:
    """Short texts that the pattern takes, of each branch and of each kind of character one."""
    words: list[tuple[int, ...]] = [()]
    for node in tree:
        op, value = node
        choices: list[tuple[int, ...]]
        if is_single(op):
            choices = [(one,) for one in alphabet if fits(node, one, flags)]
        elif is_repeat(op):
            choices = [
                word * max(1, min(value[0], LARGE_BOUND)) for word in _words(value[2], alphabet, flags)
            ]
        elif op is code.SUBPATTERN:
            choices = _words(value[3], alphabet, flags)
        elif op is code.ATOMIC_GROUP:
            choices = _words(value, alphabet, flags)
        elif op is code.BRANCH:
            choices = [word for branch in value[1] for word in _words(branch, alphabet, flags)[:3]]
        else:
            choices = [()]
        words = [word + choice for word, choice in product(words, choices or [()])][:most]
    return words

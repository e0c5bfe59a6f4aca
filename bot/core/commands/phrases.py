"""Commands by what people call the job that they want done: "who follows whom", "pick a winner". Pure.

A phrase counts by its words, whatever their order, without those that every sentence has. Where no phrase is
like what was asked, the words of the commands' own summaries are looked through.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.core.commands.declaring import Catalogue, Command
from bot.core.text.sameness import folded

Path = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# What every sentence has, and says nothing of the job.
_SAID: Final = (
    "a an the to of for in on at by from with and or is are be am was do does did can could how what "
    "which i me my we us our you your it its this that these those there some any please want need "
    "would let have has get gets got make see show tell x twitter bot command use using way "
    "someone somebody one into as if "  # no message: what they type
)
_EMPTY: Final = frozenset(_SAID.split())
_LIKE: Final = 0.6
"""How much of a phrase and of what was asked has to be the same, from 0 to 1."""
_NEAR: Final = 0.12
"""A phrase that fits as well as the best but for this is shown beside it."""
_MOST: Final = 6


def found_by(catalogue: Catalogue, asked: str) -> tuple[Command[Any], ...]:
    """The commands that do what was asked, the likeliest first; nothing where nobody knows."""
    words = _words(asked)
    if not words:
        return ()
    paths = _by_phrase(catalogue.meanings.phrases, words) or _by_summary(catalogue, words)
    known = (catalogue.command(path) for path in paths)
    return tuple(command for command in known if command is not None)[:_MOST]


def _by_phrase(phrases: Mapping[str, Sequence[Path]], words: frozenset[str]) -> list[Path]:
    known = [(_words(phrase), paths) for phrase, paths in phrases.items()]
    common = Counter(word for phrase, _ in known for word in phrase)
    ranks: dict[Path, float] = {}
    for phrase, paths in known:
        likeness = _likeness(phrase, words, common)
        for place, path in enumerate(paths):
            # Of several the first is meant most often.
            ranks[path] = max(ranks.get(path, 0.0), likeness - 0.01 * place)
    best = max(ranks.values(), default=0.0)
    if best < _LIKE:
        return []
    likely = [path for path, rank in ranks.items() if rank >= max(_LIKE, best - _NEAR)]
    return sorted(likely, key=lambda path: -ranks[path])


def _likeness(phrase: frozenset[str], words: frozenset[str], common: Mapping[str, int]) -> float:
    """From 0 to 1. common: in how many phrases each word stands: "tweet" tells less than "winner"."""

    def weight(found: Iterable[str]) -> float:
        return sum(1 / math.sqrt(common.get(word, 1)) for word in found)

    return 2 * weight(phrase & words) / (weight(phrase) + weight(words))


def _by_summary(catalogue: Catalogue, words: frozenset[str]) -> list[Path]:
    """Commands in whose name and summary all of the words stand, those with the shortest first."""
    found: list[tuple[int, Path]] = []
    for command in catalogue:
        said = _words(f"{' '.join(command.path)} {command.summary}")
        if words <= said:
            found.append((len(said), command.path))
    return [path for _, path in sorted(found)]


def _words(text: str) -> frozenset[str]:
    all_words = [_stem(word) for word in _WORD.findall(folded(text))]
    telling = [word for word in all_words if word not in _EMPTY]
    return frozenset(telling or all_words)


def _stem(word: str) -> str:
    """Without what tells one from many: "winners" and "winner", "replies" and "reply"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def phrases_of(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[Path, ...]]:
    """Rows of "command, other command" and phrases with a bar between them, by phrase."""
    found: dict[str, tuple[Path, ...]] = {}
    for names, phrases in rows:
        paths = tuple(tuple(name.split()) for name in names.split(", "))
        for phrase in phrases.split(" | "):
            found[phrase] = (*found.get(phrase, ()), *paths)
    return found

"""Making the filters of a route from what a person or a file gives: checked, named, in order. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core import patterns
from bot.core.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    Quiet,
)
from bot.core.invisible import blank
from bot.core.languages import LANGUAGES
from bot.core.sameness import blank_word
from bot.core.text import cut

MOST_FILTERS = 20
MOST_WORDS = 50
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_LIMITS = "Patterns are RE2: no look-around like (?=…), no back references like \\1"

# The option of `relay filter`, and the key in a file, by which each is set.
NAMES: dict[type[Filter], str] = {
    Contains: "contains",
    Matches: "matches",
    Quiet: "quiet",
    Has: "has",
    Lacks: "lacks",
    Languages: "language",
    MinFollowers: "min_followers",
    NoReplies: "replies",
}


_PARTS = {"media": "media", "link": "a link", "poll": "a poll"}


class ConditionError(ValueError):
    """A filter that cannot be used. option: by which name it was given."""

    def __init__(self, option: str, detail: str) -> None:
        super().__init__(detail)
        self.option = option


def checked(one: Filter) -> Filter:
    """The filter as it is stored; ConditionError when it cannot be used."""
    match one:
        case Contains(words):
            return Contains(_words("contains", words))
        case Quiet(words):
            return Quiet(_words("quiet", words))
        case Matches(pattern):
            _check_pattern(pattern)
        case Has(parts) | Lacks(parts):
            if not parts:
                raise ConditionError(NAMES[type(one)], "it names nothing; write media, link or poll")
        case Languages(codes):
            return Languages(_codes(codes))
        case MinFollowers(followers):
            if followers < 1:
                raise ConditionError(
                    "min_followers", f"{followers} is no number of followers; write 1 or more"
                )
        case NoReplies():
            pass
    return one


def checked_all(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """Filters that stand together; ConditionError when together they can let nothing pass."""
    if len(filters) > MOST_FILTERS:
        msg = f"a route has at most {MOST_FILTERS} filters, not {len(filters)}"
        raise ConditionError("filter", msg)
    found = tuple(checked(one) for one in filters)
    wanted = {part for one in found if isinstance(one, Has) for part in one.parts}
    unwanted = {part for one in found if isinstance(one, Lacks) for part in one.parts}
    if both := sorted(wanted & unwanted):
        msg = f"no tweet both has {_PARTS[both[0]]} and has none, so nothing would pass"
        raise ConditionError("lacks", msg)
    return found


def replaced(filters: Sequence[Filter], new: Filter) -> tuple[Filter, ...]:
    """`new` in the place of the filter of its kind, or behind the others when there is none."""
    kind = type(new)
    first = next((place for place, one in enumerate(filters) if type(one) is kind), None)
    if first is None:
        return (*filters, new)
    kept = [one for place, one in enumerate(filters) if place == first or type(one) is not kind]
    kept[kept.index(filters[first])] = new
    return tuple(kept)


def without(filters: Sequence[Filter], number: int) -> tuple[Filter, ...]:
    """The filters but for the one with that number, counted from 1."""
    if not 1 <= number <= len(filters):
        there = f"there are {len(filters)}" if filters else "there are none"
        raise ConditionError("remove", f"there is no filter {number}; {there}")
    return tuple(one for place, one in enumerate(filters, 1) if place != number)


def _words(option: str, words: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(" ".join(word.split()) for word in words if not blank_word(word)))
    if not found:
        raise ConditionError(option, "it names no word")
    if len(found) > MOST_WORDS:
        raise ConditionError(option, f"it has {len(found)} words; {MOST_WORDS} fit")
    long = next((word for word in found if len(word) > 100), None)
    if long is not None:
        raise ConditionError(
            option, f"{cut(long, 30)!r} has {len(long)} characters; a word or phrase has 100 at most"
        )
    return found


def _check_pattern(pattern: str) -> None:
    if blank(pattern):
        raise ConditionError("matches", "the pattern is empty")
    try:
        patterns.check(pattern)
    except patterns.PatternError as error:
        raise ConditionError("matches", f"the pattern cannot be used: {error}. {_LIMITS}") from None


def _codes(codes: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    if not found:
        raise ConditionError("language", "it names no language; write codes like en,de")
    wrong = next((code for code in found if not _LANGUAGE.fullmatch(code)), None)
    if wrong is not None:
        raise ConditionError("language", f"{cut(wrong, 30)!r} is no language code; write codes like en,de")
    unknown = next((code for code in found if code not in LANGUAGES), None)
    if unknown is not None:
        msg = f"{unknown!r} is no language that X finds; write codes like en,de, or und where it finds none"
        raise ConditionError("language", msg)
    return found

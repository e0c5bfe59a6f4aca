"""What is stored or paid for to find tweets by: checked, named, in order. Pure.

The filters of a route and those of a draw, from commands and from files, all pass the checks here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.routes.filters import (
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
from bot.core.text import patterns
from bot.core.text.invisible import blank
from bot.core.text.pattern_reading import undelimited
from bot.core.text.sameness import PART, blank_word, folded
from bot.core.text.shortening import cut
from bot.core.x.entities import hashtags
from bot.core.x.languages import language_code, named_language

MOST_FILTERS = 20
MOST_WORDS = 50
# No account has as many followers; X's first account is of March 2006.
MOST_FOLLOWERS = 1_000_000_000
X_BEGAN = 1_142_899_200.0
_LONGEST_WORD = 100
# Characters of a search that Xquik watches.
LONGEST_SEARCH = 512
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
            return Matches(_pattern(pattern))
        case Has(parts) | Lacks(parts):
            if not parts:
                raise ConditionError(NAMES[type(one)], "it is empty; write media, link or poll")
        case Languages(codes):
            return Languages(_codes(codes))
        case MinFollowers(followers):
            if followers < 1:
                raise ConditionError(
                    "min_followers", f"{followers} is not a number of followers; write 1 or more"
                )
            check_followers(followers)
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
        raise ConditionError(option, f"it has {len(found)} words; the limit is {MOST_WORDS}")
    long = next((word for word in found if len(word) > _LONGEST_WORD), None)
    if long is not None:
        raise ConditionError(
            option,
            f"{cut(long, 30)!r} has {len(long)} characters; a word or phrase can have at most "
            f"{_LONGEST_WORD}",
        )
    return found


def _pattern(written: str) -> str:
    if blank(written):
        raise ConditionError("matches", "the pattern is empty")
    try:
        pattern = undelimited(written)
        patterns.check(pattern)
    except ValueError as error:
        raise ConditionError("matches", f"the pattern cannot be used: {error}. {_LIMITS}") from None
    return pattern


def _codes(codes: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(map(checked_language, _whole_names([one for one in codes if one.strip()]))))
    if not found:
        raise ConditionError("language", "it is empty; write language codes or names, like en or German")
    return found


def _whole_names(words: Sequence[str]) -> list[str]:
    """The names of languages in a list, whose words were parted: Simplified Chinese, Tiếng Việt."""
    found: list[str] = []
    at = 0
    while at < len(words):
        pair = " ".join(words[at : at + 2])
        whole = at + 1 < len(words) and named_language(pair) is not None
        found.append(pair if whole else words[at])
        at += 2 if whole else 1
    return found


# --- what draws and filters ask for alike ------------------------------------------------------


def checked_language(text: str) -> str:
    """The code of a language that X finds; ConditionError for any other."""
    try:
        return language_code(text)
    except ValueError as error:
        raise ConditionError("language", str(error)) from None


def check_followers(followers: int) -> None:
    """ConditionError for a number that no account reaches."""
    if followers > MOST_FOLLOWERS:
        msg = f"no account has {followers:,} followers, so nobody would pass"
        raise ConditionError("min_followers", msg)


def check_account_age(days: int, now: float) -> None:
    """ConditionError for an age that no account has. now: epoch seconds."""
    oldest = int((now - X_BEGAN) // 86_400)
    if days > oldest:
        msg = f"X itself is {oldest:,} days old, so no account is {days:,}"
        raise ConditionError("account_age", msg)


def checked_keywords(words: Sequence[str]) -> tuple[str, ...]:
    """Words and phrases as Xquik looks for them: as they are written."""
    if not words:
        return ()
    found = _words("keywords", words)
    starred = next((word for word in found if word.startswith(PART) or word.endswith(PART)), None)
    if starred is not None:
        msg = f"a draw looks for {cut(starred, 30)!r} as it is written; leave the {PART} out"
        raise ConditionError("keywords", msg)
    return _once(found)


def checked_hashtags(tags: Sequence[str]) -> tuple[str, ...]:
    """Hashtags with their sign, of every script; ConditionError for what X does not make a hashtag of."""
    return _once(tuple(f"#{_hashtag(tag)}" for tag in tags))


def _hashtag(text: str) -> str:
    bare = text.strip()
    bare = bare[1:] if bare.startswith(("#", "＃")) else bare
    if len(bare) > _LONGEST_WORD:
        msg = f"{cut(bare, 30)!r} has {len(bare)} characters; a hashtag can have at most {_LONGEST_WORD}"
        raise ConditionError("hashtags", msg)
    read = list(hashtags(f"#{bare}"))
    if read != [bare]:
        hint = f"; did you mean #{read[0]}?" if read else "; a hashtag needs letters, and no spaces or signs"
        raise ConditionError("hashtags", f"X does not make a hashtag of {cut(text.strip(), 30)!r}{hint}")
    return bare


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple({folded(word): word for word in reversed(words)}.values())[::-1]

"""What is stored or paid for to find tweets by: checked, named, in order. Pure.

The filters of a route and those of a draw, from commands and from files, all pass the checks here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages.errors import said_by
from bot.core.messages.message import msg, nmsg
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.text import patterns
from bot.core.text.invisible import blank
from bot.core.text.pattern_reading import undelimited
from bot.core.text.sameness import PART, blank_word, folded
from bot.core.text.shortening import cut
from bot.core.x.entities import hashtags
from bot.core.x.languages import language_code, named_language
from bot.core.x.references import parse_tweet_ref

MOST_FILTERS = 20
MOST_WORDS = 50
MOST_TWEETS = 20
# No account has as many followers; X's first account is of March 2006.
MOST_FOLLOWERS = 1_000_000_000
X_BEGAN = 1_142_899_200.0
_LONGEST_WORD = 100
# Characters of a search that Xquik watches.
LONGEST_SEARCH = 512
_LIMITS = msg("Patterns are RE2: no look-around like (?=…), no back references like \\1")

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
    OfTweets: "tweet",
}


_NEVER_BOTH = {
    "media": msg("no tweet both has media and has none, so nothing would pass"),
    "link": msg("no tweet both has a link and has none, so nothing would pass"),
    "poll": msg("no tweet both has a poll and has none, so nothing would pass"),
}


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
                raise ConditionError(NAMES[type(one)], msg("it is empty; write media, link or poll"))
        case Languages(codes):
            return Languages(_codes(codes))
        case MinFollowers(followers):
            if followers < 1:
                raise ConditionError(
                    "min_followers",
                    msg("{followers} is not a number of followers; write 1 or more", followers=followers),
                )
            check_followers(followers)
        case OfTweets(ids):
            return OfTweets(_tweets(ids))
        case NoReplies():
            pass
    return one


def checked_all(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """Filters that stand together; ConditionError when together they can let nothing pass."""
    if len(filters) > MOST_FILTERS:
        raise ConditionError(
            "filter",
            msg(
                "a route has at most {most_filters} filters, not {count}",
                most_filters=MOST_FILTERS,
                count=len(filters),
            ),
        )
    found = tuple(checked(one) for one in filters)
    wanted = {part for one in found if isinstance(one, Has) for part in one.parts}
    unwanted = {part for one in found if isinstance(one, Lacks) for part in one.parts}
    if both := sorted(wanted & unwanted):
        raise ConditionError(
            "lacks",
            _NEVER_BOTH[both[0]],
        )
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
        there = nmsg("there is {n}", "there are {n}", n=len(filters)) if filters else msg("there are none")
        raise ConditionError(
            "remove", msg("there is no filter {number}; {there}", number=number, there=there)
        )
    return tuple(one for place, one in enumerate(filters, 1) if place != number)


def _tweets(written: Sequence[str]) -> tuple[str, ...]:
    try:
        found = tuple(dict.fromkeys(parse_tweet_ref(one).id for one in written))
    except ValueError as error:
        raise ConditionError("tweet", said_by(error)) from None
    if not found:
        raise ConditionError("tweet", msg("it names no tweet; write its link or id"))
    if len(found) > MOST_TWEETS:
        raise ConditionError(
            "tweet", msg("it names {count} tweets; the limit is {most}", count=len(found), most=MOST_TWEETS)
        )
    return found


def _words(option: str, words: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(" ".join(word.split()) for word in words if not blank_word(word)))
    if not found:
        raise ConditionError(option, msg("it names no word"))
    if len(found) > MOST_WORDS:
        raise ConditionError(
            option,
            msg("it has {count} words; the limit is {most_words}", count=len(found), most_words=MOST_WORDS),
        )
    long = next((word for word in found if len(word) > _LONGEST_WORD), None)
    if long is not None:
        raise ConditionError(
            option,
            msg(
                "{long} has {count} characters; a word or phrase can have at most {longest_word}",
                long=repr(cut(long, 30)),
                count=len(long),
                longest_word=_LONGEST_WORD,
            ),
        )
    return found


def _pattern(written: str) -> str:
    if blank(written):
        raise ConditionError("matches", msg("the pattern is empty"))
    try:
        pattern = undelimited(written)
        patterns.check(pattern)
    except ValueError as error:
        raise ConditionError(
            "matches", msg("the pattern cannot be used: {why}. {limits}", why=said_by(error), limits=_LIMITS)
        ) from None
    return pattern


def _codes(codes: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(map(checked_language, _whole_names([one for one in codes if one.strip()]))))
    if not found:
        raise ConditionError("language", msg("it is empty; write language codes or names, like en or German"))
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
        raise ConditionError("language", said_by(error)) from None


def check_followers(followers: int) -> None:
    """ConditionError for a number that no account reaches."""
    if followers > MOST_FOLLOWERS:
        raise ConditionError(
            "min_followers",
            msg("no account has {followers} followers, so nobody would pass", followers=followers),
        )


def check_account_age(days: int, now: float) -> None:
    """ConditionError for an age that no account has. now: epoch seconds."""
    oldest = int((now - X_BEGAN) // 86_400)
    if days > oldest:
        raise ConditionError(
            "account_age",
            msg("X itself is {oldest} days old, so no account is {days}", oldest=oldest, days=days),
        )


def checked_keywords(words: Sequence[str]) -> tuple[str, ...]:
    """Words and phrases as Xquik looks for them: as they are written."""
    if not words:
        return ()
    found = _words("keywords", words)
    starred = next((word for word in found if word.startswith(PART) or word.endswith(PART)), None)
    if starred is not None:
        raise ConditionError(
            "keywords",
            msg(
                "a draw looks for {starred} as it is written; leave the {part} out",
                starred=repr(cut(starred, 30)),
                part=PART,
            ),
        )
    return _once(found)


def checked_hashtags(tags: Sequence[str]) -> tuple[str, ...]:
    """Hashtags with their sign, of every script; ConditionError for what X does not make a hashtag of."""
    return _once(tuple(f"#{_hashtag(tag)}" for tag in tags))


def _hashtag(text: str) -> str:
    bare = text.strip()
    bare = bare[1:] if bare.startswith(("#", "＃")) else bare
    if len(bare) > _LONGEST_WORD:
        raise ConditionError(
            "hashtags",
            msg(
                "{bare} has {count} characters; a hashtag can have at most {longest_word}",
                bare=repr(cut(bare, 30)),
                count=len(bare),
                longest_word=_LONGEST_WORD,
            ),
        )
    read = list(hashtags(f"#{bare}"))
    if read != [bare]:
        shown = repr(cut(text.strip(), 30))
        if read:
            raise ConditionError(
                "hashtags",
                msg("X does not make a hashtag of {text}; did you mean #{near}?", text=shown, near=read[0]),
            )
        raise ConditionError(
            "hashtags",
            msg(
                "X does not make a hashtag of {text}; a hashtag needs letters, and no spaces or signs",
                text=shown,
            ),
        )
    return bare


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple({folded(word): word for word in reversed(words)}.values())[::-1]

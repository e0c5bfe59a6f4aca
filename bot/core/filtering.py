"""Whether an event passes the filters of a route, and which of them says no. Pure.

What X does not tell is no reason to drop something, with one exception: a filter that asks for a
property (a word, a part, a language, so many followers) passes only what is known to have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, assert_never

from bot.core.events import Event
from bot.core.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    Part,
    Quiet,
)
from bot.core.languages import same_language
from bot.core.patterns import PatternError, found, steps

# X's longest posts have 25,000 characters; what a text has beyond this is not looked at.
LONGEST_TEXT = 30_000
# A pattern is at least as much work as so many words; at worst, as many as it has steps.
_PATTERN = 50


_NAMED: dict[Part, str] = {"media": "media", "link": "a link", "poll": "a poll"}


def refusal(filters: Sequence[Filter], event: Event) -> str | None:
    """The first filter that refuses the event, in words; None when all let it pass."""
    for one in filters:
        reason = _refuses(one, event)
        if reason is not None:
            return reason
    return None


def _refuses(one: Filter, event: Event) -> str | None:
    data = tweet_data(event)
    match one:
        case Contains(words):
            text = _text(data)
            missing = not any(word.casefold() in text for word in words)
            return f"the text has none of: {', '.join(words)}" if missing else None
        case Quiet(words):
            text = _text(data)
            hit = next((word for word in words if word.casefold() in text), None)
            return f"the text has the quiet word {hit!r}" if hit is not None else None
        case Matches(pattern):
            return _mismatch(pattern, _plain(data))
        case Has(parts):
            lacking = [part for part in parts if not _has(data, event, part)]
            return f"it has no {lacking[0]}" if lacking else None
        case Lacks(parts):
            there = [part for part in parts if _has(data, event, part)]
            return f"it has {_NAMED[there[0]]}" if there else None
        case Languages(codes):
            language = data.get("lang")
            known = isinstance(language, str) and any(same_language(language, code) for code in codes)
            return None if known else f"its language is {language or 'not known'}"
        case MinFollowers(followers):
            return _too_few(data, followers)
        case NoReplies():
            return "it is a reply to somebody else" if _answers_others(data, event) else None
        case _:
            assert_never(one)


def searches(filters: Sequence[Filter]) -> int:
    """How much there is to look for in a text: words, and patterns, each of which counts as many."""
    return sum(map(_work, filters))


def _work(one: Filter) -> int:
    match one:
        case Contains(words) | Quiet(words):
            return len(words)
        case Matches(pattern):
            try:
                return max(_PATTERN, steps(pattern))
            except PatternError:
                return _PATTERN
        case _:
            return 0


def searched(event: Event) -> int:
    """How many characters are looked through for each of them."""
    return len(_plain(tweet_data(event)))


def tweet_data(event: Event) -> Mapping[str, Any]:
    """The tweet of an event: its data, or `data.tweet` where a source puts it there."""
    inner = event.data.get("tweet")
    return inner if isinstance(inner, Mapping) else event.data


def _plain(data: Mapping[str, Any]) -> str:
    text = data.get("text")
    return text[:LONGEST_TEXT] if isinstance(text, str) else ""


def _text(data: Mapping[str, Any]) -> str:
    return _folded(_plain(data))


@lru_cache(maxsize=1)
def _folded(text: str) -> str:
    """An event is asked about by many routes in turn, and its text may be long."""
    return text.casefold()


def _mismatch(pattern: str, text: str) -> str | None:
    try:
        return None if found(pattern, text) else f"the text does not match {pattern}"
    except PatternError as error:
        # It was checked when it was written; what cannot be used now must hold up nothing else.
        return f"the pattern {pattern} cannot be used: {error}"


def _has(data: Mapping[str, Any], event: Event, part: Part) -> bool:
    match part:
        case "media":
            return bool(data.get("media")) or event.type == "tweet.media"
        case "link":
            entities = data.get("entities")
            urls = entities.get("urls") if isinstance(entities, Mapping) else data.get("urls")
            return bool(urls) or event.type == "tweet.link" or "https://" in _plain(data)
        case "poll":
            return bool(data.get("poll")) or event.type == "tweet.poll"
        case _:
            assert_never(part)


def _too_few(data: Mapping[str, Any], least: int) -> str | None:
    author = data.get("author")
    followers = author.get("followers") if isinstance(author, Mapping) else None
    if not isinstance(followers, int):
        return "X does not tell how many followers the author has"
    return f"the author has {followers:,} followers" if followers < least else None


def _answers_others(data: Mapping[str, Any], event: Event) -> bool:
    answered = data.get("inReplyToUsername")
    author = data.get("author")
    own = author.get("username") if isinstance(author, Mapping) else event.username
    if isinstance(answered, str) and answered:
        return not isinstance(own, str) or answered.casefold() != own.casefold()
    return data.get("isReply") is True or event.type == "tweet.reply"

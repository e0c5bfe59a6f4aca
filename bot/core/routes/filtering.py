"""Whether an event passes the filters of a route, and which of them says no. Pure.

They look at what a reader is shown (`bot.core.routes.event_readings`): the whole text of a long post, of a
repost what is reposted, and the post that it quotes where the route says so. What X does not tell is no
reason to drop something, with one exception: a filter that asks for a property (a word, a part, a language,
so many followers) passes only what is known to have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias, assert_never

from bot.core.messages.errors import said_by
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.routes import event_readings
from bot.core.routes.events import Event
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
    Part,
    Quiet,
)
from bot.core.text.lists import told_apart
from bot.core.text.patterns import PatternError, found, steps
from bot.core.text.sameness import contains
from bot.core.x.languages import same_language
from bot.core.x.readings import TweetReading

# X's longest tweets have 25,000 characters; what a text has beyond this is not looked at.
LONGEST_TEXT = 30_000
# A pattern is at least as much work as so many words; at worst, as many as it has steps.
_PATTERN = 50


_HAS: dict[Part, Message] = {
    "media": msg("it has media"),
    "link": msg("it has a link"),
    "poll": msg("it has a poll"),
}
_HAS_NO: dict[Part, Message] = {
    "media": msg("it has no media"),
    "link": msg("it has no link"),
    "poll": msg("it has no poll"),
}
_NOT_KNOWN = msg("its language is not known")
Reason: TypeAlias = Callable[[], Message]
"""Says why a filter refuses an event; only people who ask need the words."""


def refusal(filters: Sequence[Filter], event: Event, *, quoted: bool = False) -> Message | None:
    """The first filter that refuses the event, in words; None when all let it pass.

    quoted: words, patterns and parts are looked for in the quoted tweet too.
    """
    for one in filters:
        reason = _refuses(one, event, quoted)
        if reason is not None:
            return reason()
    return None


def passes(filters: Sequence[Filter], event: Event, *, quoted: bool = False) -> bool:
    """Whether all let the event pass. The router asks this of every event, and needs no words."""
    return all(_refuses(one, event, quoted) is None for one in filters)


def _refuses(one: Filter, event: Event, quoted: bool) -> Reason | None:
    match one:
        case Contains(words):
            texts = _texts(event, quoted)
            missing = not any(contains(text, word) for text in texts for word in words)
            return partial(_none_of, words) if missing else None
        case Quiet(words):
            texts = _texts(event, quoted)
            hit = next((word for word in words for text in texts if contains(text, word)), None)
            if hit is None:
                return None
            return lambda: msg("the text has the quiet word {word}", word=repr(hit))
        case Matches(pattern):
            return _mismatch(pattern, _texts(event, quoted))
        case Has(parts):
            lacking = [part for part in parts if not _has(event, part, quoted)]
            return partial(_HAS_NO.__getitem__, lacking[0]) if lacking else None
        case Lacks(parts):
            there = [part for part in parts if _has(event, part, quoted)]
            return partial(_HAS.__getitem__, there[0]) if there else None
        case Languages(codes):
            language = event_readings.reading(event).lang
            known = language is not None and any(same_language(language, code) for code in codes)
            return None if known else partial(_other_language, language)
        case MinFollowers(followers):
            return _too_few(event_readings.reading(event), followers)
        case NoReplies():
            return _an_answer if _answers_others(event) else None
        case OfTweets(ids):
            return None if event_readings.watched_tweet(event) in ids else partial(_other_tweet, event)
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
    """How many characters are looked through for each of them, at most."""
    return sum(map(len, _texts(event, quoted=True)))


def _texts(event: Event, quoted: bool) -> tuple[str, ...]:
    own = event_readings.text_of(event)[:LONGEST_TEXT]
    return (own, *(one.text[:LONGEST_TEXT] for one in _quoted(event) if quoted))


def _quoted(event: Event) -> Iterator[TweetReading]:
    one = event_readings.reading(event).shown.quoted_tweet
    if one is not None:
        yield one


def _mismatch(pattern: str, texts: Sequence[str]) -> Reason | None:
    try:
        if any(found(pattern, text) for text in texts):
            return None
    except PatternError as error:
        # It was checked when it was written; what cannot be used now must hold up nothing else.
        why = said_by(error)
        return lambda: msg("the pattern {pattern} cannot be used: {why}", pattern=pattern, why=why)
    return lambda: msg("the text does not match {pattern}", pattern=pattern)


def _none_of(words: tuple[str, ...]) -> Message:
    listed = Joined(tuple(told_apart(words)), JoinedBy.COMMA)
    return msg("the text has none of: {words}", words=listed)


def _other_language(language: str | None) -> Message:
    return msg("its language is {language}", language=language) if language else _NOT_KNOWN


def _other_tweet(event: Event) -> Message:
    if (watched := event_readings.watched_tweet(event)) is None:
        return msg("it is not about a watched tweet")
    return msg("it is about another watched tweet: {id}", id=watched)


def _an_answer() -> Message:
    return msg("it is a reply to somebody else")


def _has(event: Event, part: Part, quoted: bool) -> bool:
    tweet = event_readings.reading(event)
    looked_at = (tweet.shown, *(_quoted(event) if quoted else ()))
    match part:
        case "media":
            return any(one.media for one in looked_at) or event.type == "tweet.media"
        case "link":
            # The type alone may mean the link of the tweet's own media.
            told = event.type == "tweet.link" and not tweet.media
            return any(one.has_link for one in looked_at) or told
        case "poll":
            return any(one.poll is not None for one in looked_at) or event.type == "tweet.poll"
        case _:
            assert_never(part)


def _too_few(tweet: TweetReading, least: int) -> Reason | None:
    followers = tweet.author.followers if tweet.author is not None else None
    if followers is None:
        return lambda: msg("X does not say how many followers the author has")
    return partial(_followers, followers) if followers < least else None


def _followers(number: int) -> Message:
    return nmsg("the author has {n} follower", "the author has {n} followers", n=number)


def _answers_others(event: Event) -> bool:
    tweet = event_readings.reading(event)
    answered = tweet.in_reply_to_username
    own = tweet.author.username if tweet.author is not None else ""
    if answered:
        return not own or answered.casefold() != own.casefold()
    return tweet.is_reply or event.type == "tweet.reply"

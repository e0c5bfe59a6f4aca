"""An event on one line: who, what, its text cut short, its link, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.cards import Bold, Line, Link, Timestamp
from bot.core.events import Event
from bot.core.text import printable, shorten
from bot.presenters.event_words import about_tweet, author_of, event_url, kind_words, source
from bot.presenters.figures import epoch, joined
from bot.presenters.tweet_events import tweet_of

# What else the data of an event may say, where there is no tweet.
_TEXTS = ("text", "title", "message", "current", "after", "new", "newValue", "to")


def event_line(event: Event, limit: int, *, text: bool = True) -> Line:
    """The line. limit: characters of its text; text: whether it has any of X's at all."""
    # What cannot fit is not looked at: a long post has 25,000 characters.
    said = shorten(event_text(event)[: 4 * limit], limit) if text else ""
    url = event_url(event)
    return joined(
        _who(event),
        kind_words(event.type),
        printable(said),
        Link("on X", url) if url is not None else None,
        Timestamp(happened_at(event), relative=True),
    )


def deleted_line(event: Event) -> Line:
    """The line of a tweet that X has deleted: nothing of its text, and no link, which would lead nowhere."""
    when = Timestamp(happened_at(event), relative=True)
    return joined(_who(event), kind_words(event.type), "deleted on X", when)


def event_text(event: Event) -> str:
    """The text of its tweet (of a repost: of what is reposted), else what its data says; "" for none."""
    tweet = tweet_of(event) if about_tweet(event.type) else None
    if tweet is not None and (shown := tweet.retweeted_tweet or tweet).text:
        return shown.text
    for name in _TEXTS:
        value = event.data.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return _person(event.data)


def happened_at(event: Event) -> float:
    """Epoch seconds: when its tweet was written, else when it happened."""
    tweet = tweet_of(event) if about_tweet(event.type) else None
    written = epoch(tweet.created_at) if tweet is not None else None
    return event.occurred_at if written is None else written


def _who(event: Event) -> Bold | None:
    name = author_of(event)
    said = f"@{name}" if name else printable(source(event))
    return Bold(said) if said else None


def _person(data: Mapping[str, Any]) -> str:
    person = data.get("user") or data.get("follower") or data.get("target")
    name = person.get("username") if isinstance(person, Mapping) else None
    return f"@{name}" if isinstance(name, str) and name else ""

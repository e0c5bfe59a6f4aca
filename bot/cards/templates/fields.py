"""What a template may name, and what each is for an event. Everything of X in it is plain text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards.events.events import change
from bot.cards.events.lines import happened_at
from bot.cards.events.words import author_of, event_url
from bot.cards.templates.filters import MAX_ITEMS, MAX_TEXT, Moment
from bot.cards.tweets import web_url
from bot.core.routes.event_readings import about_tweet, is_sensitive, reading, text_of
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import Event
from bot.core.text.shortening import cut
from bot.core.times.zone_words import kept_zone
from bot.core.x.readings import Author, TweetReading

# Every field, in words; the order is the one they are listed in.
FIELDS: Mapping[str, str] = {
    "type": 'the type of the event, as "tweet.new"',
    "kind": 'the same in words, as "New tweet"',
    "id": "the id of the tweet",
    "url": "where it is on X: the tweet, else the profile",
    "text": "the text of the tweet; of a repost, the text of what is reposted",
    "author": "who wrote it: author.name, author.username, author.followers",
    "account": "the username of the watched account; nothing for a keyword monitor",
    "query": "the search of a keyword monitor",
    "time": "when it was written or happened, in the timezone of the route",
    "late": "whether it reached us long after it happened",
    "lang": 'the language that X found, as "en"',
    "links": "the addresses in the tweet, written out, without that of its own media",
    "hashtags": "its hashtags, without #",
    "mentions": "the usernames it mentions, without @",
    "poll": "what can be chosen in its poll",
    "media": 'the kinds of its media: "photo", "video" or "gif"',
    "media_count": "how many media it has",
    "likes": "a number, as it was when the event came; 0 also where X does not tell",
    "reposts": "likewise",
    "replies": "likewise",
    "quotes": "likewise",
    "views": "likewise",
    "bookmarks": "likewise",
    "in_reply_to": "the username that a reply answers",
    "quoted": "what a quote is about: quoted.name, quoted.username, quoted.text",
    "sensitive": "whether X marks it as possibly sensitive",
    "before": "of a change of profile: what was there",
    "after": "of a change of profile: what is there now",
}
_PEOPLE = {"author": ("name", "username", "followers"), "quoted": ("name", "username", "text")}
# What lists and texts can be asked for.
_PROPERTIES = frozenset({"size", "first", "last"})


class _Person(dict[str, object]):
    """A person in a template; its own text is the username."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self["username"] or "")


def unknown_name(path: tuple[str, ...]) -> str | None:
    """The name as it was written when it is no field, else None."""
    known = path[0] in FIELDS
    if known and len(path) > 1 and path[1] not in _PROPERTIES:
        known = path[0] not in _PEOPLE or path[1] in _PEOPLE[path[0]]
        known = known and (path[0] in _PEOPLE or path[1].lstrip("-").isdigit())
    return None if known else ".".join(path)


def zone_of(name: str) -> ZoneInfo:
    """The timezone of that IANA name; UTC for one that is not known."""
    return ZoneInfo(kept_zone(name))


def values_of(event: Event, zone: ZoneInfo, *, late: bool) -> dict[str, object]:
    """The value of every field; nil, false or an empty list where X tells nothing."""
    told = reading(event)
    tweet = told if about_tweet(event.type) and told.id else None
    shown = tweet.shown if tweet is not None else None
    before, after = change(event)
    found = {
        "type": event.type,
        "kind": str(kind_words(event.type)),  # a template is written in one language, and knows no readers
        "id": tweet.id if tweet is not None else "",
        "url": event_url(event) or "",
        "text": cut(text_of(event), MAX_TEXT),
        "account": event.username or "",
        "query": cut(event.query or "", MAX_TEXT),
        "time": Moment(happened_at(event), zone),
        "late": late,
        "sensitive": is_sensitive(event),
        "before": _said(before),
        "after": _said(after),
        "author": _person(tweet.author if tweet is not None else None, author_of(event)),
        **_of_tweet(shown),
    }
    # In Liquid an empty text is true, and what is not there should not be.
    return {name: None if value == "" else value for name, value in found.items()}


def _of_tweet(told: TweetReading | None) -> dict[str, object]:
    tweet = told or TweetReading()
    quoted = tweet.quoted_tweet
    person = _person(quoted.author if quoted is not None else None, "")
    person["text"] = (cut(quoted.text, MAX_TEXT) or None) if quoted is not None else None
    return {
        "lang": tweet.lang or "",
        "links": [url for url in tweet.links if web_url(url)][:MAX_ITEMS],
        "hashtags": list(islice(tweet.hashtags, MAX_ITEMS)),
        "mentions": list(islice(tweet.mentions, MAX_ITEMS)),
        "poll": [choice.label for choice in tweet.poll.choices] if tweet.poll is not None else [],
        "media": [one.kind for one in tweet.media][:MAX_ITEMS],
        "media_count": len(tweet.media[:MAX_ITEMS]),
        "in_reply_to": tweet.in_reply_to_username or "",
        "quoted": person,
        **_figures(told),
    }


def _figures(tweet: TweetReading | None) -> dict[str, object]:
    names = ("likes", "reposts", "replies", "quotes", "views", "bookmarks")
    if tweet is None:
        return dict.fromkeys(names)
    counts = tweet.metrics
    values = (counts.likes, counts.retweets, counts.replies, counts.quotes, counts.views, counts.bookmarks)
    return dict(zip(names, values, strict=True))


def _person(user: Author | None, username: str) -> _Person:
    written = user.username if user is not None else ""
    return _Person(
        name=cut((user.name if user is not None else "") or written or username, MAX_TEXT) or None,
        username=(username or written)[:MAX_TEXT] or None,
        followers=user.followers if user is not None else None,
    )


def _said(value: Any) -> object:
    if isinstance(value, str):
        return cut(value, MAX_TEXT)
    return value if isinstance(value, bool | int | float) else ""

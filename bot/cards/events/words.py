"""What an event is called, whom it is about and where it stands on X: what every look of it says."""

from __future__ import annotations

import re

from bot.core.routes.event_readings import about_tweet, reading, tweet_id
from bot.core.routes.events import DELETED_TYPE, TEST_TYPE, Event
from bot.core.text.shortening import printable, shorten

TWEET_TITLES = {
    "tweet.new": "New tweet",
    "tweet.reply": "New reply",
    "tweet.retweet": "Repost",
    "tweet.quote": "Quote tweet",
    "tweet.media": "New tweet with media",
    "tweet.link": "New tweet with a link",
    "tweet.poll": "New poll",
    "tweet.mention": "New mention",
    "tweet.hashtag": "New tweet with a hashtag",
    "tweet.longform": "New long tweet",
}
OTHER_TITLES = {
    "follower.added": "Has a new follower",
    "follower.removed": "Lost a follower",
    "following.added": "Follows someone new",
    "following.removed": "Unfollowed someone",
    "broadcast.started": "Live broadcast",
    "space.started": "Space started",
}
_PROFILE_WORDS = {
    "avatar": "a new profile picture",
    "banner": "a new banner",
    "name": "a new display name",
    "username": "a new username",
    "bio": "a new bio",
    "location": "a new location",
    "url": "a new website",
    "verified": "a new verification status",
    "protected": "a new protection status",
    "pinned_tweet": "a new pinned tweet",
    "unavailable": "a new availability status",
    "followers": "a new follower count",
    "following": "a new following count",
}
_SEARCH = 40  # characters of a search
# What X allows as a name; anything else must not become part of an address.
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}\Z", re.ASCII)


def source(event: Event) -> str:
    """The monitor that saw it, as "@nasa" or “a search”; "" where none is named."""
    if event.username:
        return f"@{event.username}"
    return search_words(event.query) if event.query else ""


def search_words(query: str) -> str:
    """A search, as cards that everybody reads name it: its beginning is enough to know it by."""
    return f"“{shorten(query, _SEARCH)}”"


def profile_part(kind: str) -> str | None:
    """ "bio" of "profile.bio.changed"; None for other types."""
    if kind.startswith("profile.") and kind.endswith(".changed"):
        return kind.removeprefix("profile.").removesuffix(".changed")
    return None


def profile_words(part: str) -> str:
    """What a profile has now: "a new bio"."""
    return _PROFILE_WORDS.get(part, f"a new {part.replace('_', ' ')}")


def now_called(before: str, after: str) -> str:
    """That a username changed, in words."""
    return f"@{before} is now @{after}"


def kind_words(kind: str) -> str:
    """A type of event as a short heading: "New tweet", "New bio"; an unknown one by its name."""
    if kind == DELETED_TYPE:
        return "Deleted tweet"
    if kind == TEST_TYPE:
        return "Test event"
    part = profile_part(kind)
    if part is not None:
        words = profile_words(part).removeprefix("a ")
        return words[:1].upper() + words[1:]
    known = TWEET_TITLES.get(kind) or OTHER_TITLES.get(kind)
    return known or printable(f"Event {shorten(kind, 60)}")


def headline(event: Event, who: str) -> str:
    """What it is called with who it is about: "New tweet: @nasa". Of following and being followed, which are
    about two, a sentence: "@nasa has a new follower". who: "" for nobody."""
    words = kind_words(event.type)
    if not who:
        return words
    if event.type.startswith(("follower.", "following.")) and event.type in OTHER_TITLES:
        return f"{who} {words[:1].lower()}{words[1:]}"
    return f"{words}: {who}"


def author_of(event: Event) -> str:
    """The username of whoever wrote the tweet, else the watched account; "" when neither is a name."""
    author = reading(event).author if about_tweet(event.type) and tweet_id(event) else None
    written = author.username if author is not None else ""
    return next((name for name in (written, event.username or "") if _USERNAME.match(name)), "")


def event_url(event: Event) -> str | None:
    """Where it is on X, made of a checked name and an id and of nothing else: the tweet, or the profile
    where there is no tweet or it is deleted.

    None for an event that has neither.
    """
    name = author_of(event)
    identity = tweet_id(event) if about_tweet(event.type) and event.type != DELETED_TYPE else None
    if identity is not None:
        return f"https://x.com/{name or 'i'}/status/{identity}"
    return f"https://x.com/{name}" if name else None

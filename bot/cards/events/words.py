"""What an event is called, whom it is about and where it stands on X: what every look of it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.core.messages.message import Message, msg, pmsg
from bot.core.routes.event_readings import about_tweet, reading, tweet_id
from bot.core.routes.events import DELETED_TYPE, TEST_TYPE, Event
from bot.core.text.shortening import printable, shorten

TWEET_TITLES: Mapping[str, Message] = {
    "tweet.new": msg("New tweet"),
    "tweet.reply": msg("New reply"),
    "tweet.retweet": pmsg("the heading of an event", "Repost"),
    "tweet.quote": msg("Quote tweet"),
    "tweet.media": msg("New tweet with media"),
    "tweet.link": msg("New tweet with a link"),
    "tweet.poll": msg("New poll"),
    "tweet.mention": msg("New mention"),
    "tweet.hashtag": msg("New tweet with a hashtag"),
    "tweet.longform": msg("New long tweet"),
}
OTHER_TITLES: Mapping[str, Message] = {
    "follower.added": msg("Has a new follower"),
    "follower.removed": msg("Lost a follower"),
    "following.added": msg("Follows someone new"),
    "following.removed": msg("Unfollowed someone"),
    "broadcast.started": msg("Live broadcast"),
    "space.started": msg("Space started"),
}
POST_TITLES: Mapping[str, Message] = {
    "post.reply.new": msg("New reply to a watched tweet"),
    "post.quote.new": msg("New quote of a watched tweet"),
    "post.likes.changed": msg("Likes of a watched tweet"),
    "post.retweets.changed": msg("Reposts of a watched tweet"),
    "post.replies.changed": msg("Replies to a watched tweet"),
    "post.quotes.changed": msg("Quotes of a watched tweet"),
    "post.bookmarks.changed": msg("Bookmarks of a watched tweet"),
    "post.views.changed": msg("Views of a watched tweet"),
    "post.edited": msg("Watched tweet edited"),
    "post.deleted": msg("Watched tweet deleted"),
}
_Sentence: TypeAlias = Callable[[str], Message]
"""A sentence about an account."""
# Of following and being followed, which are about two.
_OF_TWO: Mapping[str, _Sentence] = {
    "follower.added": lambda who: msg("{who} has a new follower", who=who),
    "follower.removed": lambda who: msg("{who} lost a follower", who=who),
    "following.added": lambda who: msg("{who} follows someone new", who=who),
    "following.removed": lambda who: msg("{who} unfollowed someone", who=who),
}
# What of a profile has changed: as a heading, and as a sentence.
_PROFILE: Mapping[str, tuple[Message, _Sentence]] = {
    "avatar": (
        msg("New profile picture"),
        lambda who: msg("{who} has a new profile picture", who=who),
    ),
    "banner": (msg("New banner"), lambda who: msg("{who} has a new banner", who=who)),
    "name": (msg("New display name"), lambda who: msg("{who} has a new display name", who=who)),
    "username": (msg("New username"), lambda who: msg("{who} has a new username", who=who)),
    "bio": (msg("New bio"), lambda who: msg("{who} has a new bio", who=who)),
    "location": (msg("New location"), lambda who: msg("{who} has a new location", who=who)),
    "url": (msg("New website"), lambda who: msg("{who} has a new website", who=who)),
    "verified": (
        msg("New verification status"),
        lambda who: msg("{who} has a new verification status", who=who),
    ),
    "protected": (
        msg("New protection status"),
        lambda who: msg("{who} has a new protection status", who=who),
    ),
    "pinned_tweet": (msg("New pinned tweet"), lambda who: msg("{who} has a new pinned tweet", who=who)),
    "unavailable": (
        msg("New availability status"),
        lambda who: msg("{who} has a new availability status", who=who),
    ),
    "followers": (msg("New follower count"), lambda who: msg("{who} has a new follower count", who=who)),
    "following": (msg("New following count"), lambda who: msg("{who} has a new following count", who=who)),
}
_KNOWN: Mapping[str, Message] = {
    **TWEET_TITLES,
    **OTHER_TITLES,
    **POST_TITLES,
    DELETED_TYPE: msg("Deleted tweet"),
    TEST_TYPE: msg("Test event"),
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


def profile_change(part: str, who: str) -> Message:
    """That a profile has something new: "@nasa has a new bio"."""
    if part in _PROFILE:
        return _PROFILE[part][1](who)
    return msg("{who} has a new {part}", who=who, part=part.replace("_", " "))


def now_called(before: str, after: str) -> Message:
    """That a username changed, in words."""
    return msg("@{before} is now @{after}", before=before, after=after)


def kind_words(kind: str) -> Message:
    """A type of event as a short heading: "New tweet", "New bio"; an unknown one by its name."""
    known = _KNOWN.get(kind)
    if known is not None:
        return known
    part = profile_part(kind)
    if part is not None:
        return _PROFILE[part][0] if part in _PROFILE else msg("New {part}", part=part.replace("_", " "))
    return msg("Event {type}", type=printable(shorten(kind, 60)))


def headline(event: Event, who: str) -> Message:
    """What it is called with who it is about: "New tweet: @nasa". Of following and being followed, which are
    about two, a sentence: "@nasa has a new follower". who: "" for nobody."""
    if not who:
        return kind_words(event.type)
    if event.type in _OF_TWO:
        return _OF_TWO[event.type](who)
    return msg("{what}: {who}", what=kind_words(event.type), who=who)


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
    gone = event.type in (DELETED_TYPE, "post.deleted")
    identity = tweet_id(event) if about_tweet(event.type) and not gone else None
    if identity is not None:
        return f"https://x.com/{name or 'i'}/status/{identity}"
    return f"https://x.com/{name}" if name else None

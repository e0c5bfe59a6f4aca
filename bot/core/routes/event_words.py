"""What types of events are called, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.routes.events import DELETED_TYPE, TEST_TYPE
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
OF_TWO: Mapping[str, _Sentence] = {
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


def kind_words(kind: str) -> Message:
    """A type of event as a short heading: "New tweet", "New bio"; an unknown one by its name."""
    known = _KNOWN.get(kind)
    if known is not None:
        return known
    part = profile_part(kind)
    if part is not None:
        return _PROFILE[part][0] if part in _PROFILE else msg("New {part}", part=part.replace("_", " "))
    return msg("Event {type}", type=printable(shorten(kind, 60)))


def types_words(types: Sequence[str], most: int | None = None) -> Message:
    """Types of events one after the other, as people call them: "New tweet, Repost … 4 more". most: of them;
    None for all."""
    shown = Joined(tuple(kind_words(kind) for kind in types[:most]), JoinedBy.COMMA)
    if most is None or len(types) <= most:
        return msg("{items}", items=shown)
    return nmsg("{items} … {n} more", "{items} … {n} more", n=len(types) - most, items=shown)

"""Events of X, as they reach us: by signed webhook, by stream or by catch-up, one type for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec

from bot.core.chat.ids import TenantId

# What a person can monitor and route: the 30 types of an account monitor (the SDK of the vendor). More
# will come: a type that is not listed here is accepted, stored and shown generically.
EventType = Literal[
    "tweet.new",
    "tweet.reply",
    "tweet.retweet",
    "tweet.quote",
    "tweet.media",
    "tweet.link",
    "tweet.poll",
    "tweet.mention",
    "tweet.hashtag",
    "tweet.longform",
    "profile.avatar.changed",
    "profile.banner.changed",
    "profile.name.changed",
    "profile.username.changed",
    "profile.bio.changed",
    "profile.location.changed",
    "profile.url.changed",
    "profile.verified.changed",
    "profile.protected.changed",
    "profile.pinned_tweet.changed",
    "profile.unavailable.changed",
    "profile.followers.changed",
    "profile.following.changed",
    "follower.added",
    "follower.removed",
    "following.added",
    "following.removed",
    "broadcast.started",
    "space.started",
    "tweet.deleted",
]
MONITOR_TYPES: tuple[str, ...] = get_args(EventType)
# What a monitor of a single tweet reports (the SDK of the vendor).
PostEventType = Literal[
    "post.reply.new",
    "post.quote.new",
    "post.likes.changed",
    "post.retweets.changed",
    "post.replies.changed",
    "post.quotes.changed",
    "post.bookmarks.changed",
    "post.views.changed",
    "post.edited",
    "post.deleted",
]
AnyEventType = Literal[EventType, PostEventType]
POST_TYPES: tuple[str, ...] = get_args(PostEventType)
# What a webhook can be asked to bring.
ALL_TYPES: tuple[str, ...] = (*MONITOR_TYPES, *POST_TYPES)
TEST_TYPE = "webhook.test"
DELETED_TYPE = "tweet.deleted"
SPACE_TYPE = "space.started"
BROADCAST_TYPE = "broadcast.started"
RENAMED_TYPE = "profile.username.changed"
# Newer than routes that name no types, or far too many for them: these come only where they are named.
BY_NAME_TYPES = frozenset((*MONITOR_TYPES[MONITOR_TYPES.index("profile.followers.changed") :], *POST_TYPES))
# What a route that names no types takes of those that are known.
UNNAMED_TYPES = frozenset(MONITOR_TYPES) - BY_NAME_TYPES
# What a monitor of a search can report.
KEYWORD_TYPES = frozenset(
    kind for kind in MONITOR_TYPES if kind.startswith("tweet.") and kind != DELETED_TYPE
)


class IncomingEvent(msgspec.Struct, frozen=True):
    """An event before it is stored.

    type: as sent. username / query: which monitor saw it. occurred_at: epoch seconds.
    data: the event's own JSON. identity: unique within one tenant, the same by whichever way the
    event came ("e:91" for a streamEventId). account_id: X's id of the account that the monitor watches,
    which stays when its username changes; None where it is not told.
    """

    type: str
    username: str | None
    query: str | None
    occurred_at: float
    data: Mapping[str, Any]
    identity: str
    account_id: str | None = None


class Event(msgspec.Struct, frozen=True):
    """A stored event. id: our own, ascending; received_at: epoch seconds; the rest as above."""

    id: int
    tenant: TenantId
    type: str
    username: str | None
    query: str | None
    occurred_at: float
    received_at: float
    data: Mapping[str, Any]
    identity: str
    account_id: str | None = None

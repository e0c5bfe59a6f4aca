"""The kinds of event there are, and checking a list of them."""

from __future__ import annotations

from bot.sandbox.problems import ApiProblem

POST_TYPES = (
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
)
PROFILE_FIELDS = (
    "avatar",
    "banner",
    "name",
    "username",
    "bio",
    "location",
    "url",
    "verified",
    "protected",
    "pinned_tweet",
    "unavailable",
)
DOCUMENTED = (*POST_TYPES, *(f"profile.{field}.changed" for field in PROFILE_FIELDS))
"""The 21 types of the specification file."""

NEWER = (
    "tweet.deleted",
    "broadcast.started",
    "space.started",
    "following.added",
    "following.removed",
    "follower.added",
    "follower.removed",
    "profile.followers.changed",
    "profile.following.changed",
)
"""Types that the vendor's SDK knows and the specification file does not yet."""

OF_POSTS = (
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
)
"""What a monitor of a post tells; the vendor's SDK alone knows them."""

TEST = "webhook.test"
OF_WEBHOOKS = frozenset({*DOCUMENTED, *NEWER, *OF_POSTS, TEST})
_OF_ACCOUNTS = frozenset({*DOCUMENTED, *NEWER, TEST})
ALLOWED = {"account": _OF_ACCOUNTS, "keyword": frozenset(POST_TYPES), "post": frozenset(OF_POSTS)}
"""What monitors of each kind can tell."""


def checked(types: list[str], allowed: frozenset[str] = OF_WEBHOOKS) -> list[str]:
    """``types`` without repeats; 400 when empty or when one is none of ``allowed``."""
    unknown = sorted(set(types) - allowed)
    if not types or unknown:
        problem = (
            f"Unknown event types: {', '.join(unknown)}." if unknown else "eventTypes must not be empty."
        )
        raise ApiProblem(400, "invalid_input", problem)
    return list(dict.fromkeys(types))

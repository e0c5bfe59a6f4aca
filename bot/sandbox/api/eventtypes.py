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

TEST = "webhook.test"


def checked(types: list[str], *, posts_only: bool = False) -> list[str]:
    """``types`` without repeats; 400 when empty or when one is not a type."""
    allowed = set(POST_TYPES) if posts_only else {*DOCUMENTED, *NEWER, TEST}
    unknown = sorted(set(types) - allowed)
    if not types or unknown:
        problem = (
            f"Unknown event types: {', '.join(unknown)}." if unknown else "eventTypes must not be empty."
        )
        raise ApiProblem(400, "invalid_input", problem)
    return list(dict.fromkeys(types))

"""What Xquik reports of people on X, beside their profiles. Everything textual here is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import field

from bot.xquik.models.base import Model, parse_paid
from bot.xquik.models.posts import Tweet, User, tweet_page


class FollowCheck(Model, frozen=True, kw_only=True):
    """Whether two accounts follow each other: is_following, the source the target."""

    is_following: bool
    is_followed_by: bool
    source_username: str = ""
    target_username: str = ""


class PostAverages(Model, frozen=True, kw_only=True):
    """What a tweet of an account gets on average. engagements: likes, replies, reposts and quotes."""

    engagements: float = 0.0
    likes: float = 0.0
    replies: float = 0.0
    reposts: float = 0.0
    quotes: float = 0.0
    bookmarks: float = 0.0
    views: float = 0.0


class PostSample(Model, frozen=True, kw_only=True):
    """The tweets that averages are made of."""

    posts: float = 0
    oldest_at: str | None = None
    newest_at: str | None = None


class UserInsights(Model, frozen=True, kw_only=True):
    """How much an account writes, and what comes of it. Rates are percents: engagement_rate of the followers,
    engagement_per_view of the views; None where nothing divides them."""

    user_id: str = ""
    user_name: str = ""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    account_age_days: float | None = None
    averages: PostAverages | None = None
    engagement_rate: float | None = None
    engagement_per_view: float | None = None
    posts_per_day: float | None = None
    posts_private: bool = False
    sample: PostSample = field(default_factory=PostSample)
    top_post_id: str | None = None


class InsightsReport(Model, frozen=True, kw_only=True):
    """The insights of an account."""

    insights: UserInsights


class BioTranslation(Model, frozen=True, kw_only=True):
    """X's translation of what an account says of itself. language, source_language: codes in lower case."""

    text: str
    language: str = ""
    source_language: str | None = None
    user_name: str = ""


class BioTranslated(Model, frozen=True, kw_only=True):
    """A translation; none of an account that says nothing of itself."""

    translation: BioTranslation | None = None


class Looked(Model, frozen=True, kw_only=True):
    """What came of looking several accounts up, by the names they were asked by. unavailable: X has none, or
    shows nothing of them; unprocessed: not looked up, for want of credits; failed: to be tried again."""

    unavailable: tuple[str, ...] = field(default=(), name="unavailable_ids")
    unprocessed: tuple[str, ...] = field(default=(), name="unprocessed_ids")
    failed: tuple[str, ...] = field(default=(), name="failed_ids")


class UsersLooked(Looked, frozen=True, kw_only=True):
    """Several profiles, in the order they were asked for."""

    users: tuple[User, ...] = ()


class TweetsLooked(Model, frozen=True, kw_only=True):
    """The newest tweets of several accounts, account by account. unreadable: as of a `Page`."""

    tweets: tuple[Tweet, ...]
    looked: Looked
    unreadable: int = 0


def tweets_looked(body: Mapping[str, Any]) -> TweetsLooked:
    """The tweets of a body, and whose could not be had."""
    page = tweet_page(body)
    return TweetsLooked(tweets=page.items, looked=parse_paid(Looked, body), unreadable=page.unreadable)

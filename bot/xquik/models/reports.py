"""Reports on one tweet: its translation, and its figures set in relation. Texts are untrusted."""

from __future__ import annotations

from msgspec import field
from msgspec.structs import force_setattr

from bot.core.text.shortening import decoded
from bot.xquik.models.base import Model


class TweetTranslation(Model, frozen=True, kw_only=True):
    """X's translation of a tweet. language: of the text; source_language: as X found the tweet to be in."""

    tweet_id: str = ""
    text: str
    language: str = ""
    source_language: str | None = None

    def __post_init__(self) -> None:
        """X's texts come with three characters encoded (`decoded`)."""
        if "&" in self.text:
            force_setattr(self, "text", decoded(self.text))


class InsightCounts(Model, frozen=True, kw_only=True):
    """How often a tweet was seen and acted on."""

    likes: float = 0
    reposts: float = 0
    replies: float = 0
    quotes: float = 0
    bookmarks: float = 0
    views: float = 0


class TweetInsights(Model, frozen=True, kw_only=True):
    """Engagement of a tweet: likes, replies, reposts and quotes. Rates are None where nothing divides them.

    engagement_rate: percent of the author's followers; engagement_per_view: percent of the views;
    amplification: reposts and quotes for each like; conversation: replies for each like.
    """

    tweet_id: str = ""
    author: str | None = field(default=None, name="authorUserName")
    created_at: str | None = None
    age_hours: float | None = None
    engagements: float = 0
    engagements_per_hour: float | None = None
    engagement_rate: float | None = None
    engagement_per_view: float | None = None
    amplification: float | None = None
    conversation: float | None = None
    metrics: InsightCounts = InsightCounts()

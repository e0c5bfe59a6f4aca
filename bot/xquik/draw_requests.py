"""What a draw asks for. Running one is `bot.xquik.draw_runs`, which few may import; this changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """A draw over the replies of one tweet. tweet_url: the full x.com or twitter.com address."""

    tweet_url: str
    winner_count: int = 1
    backup_count: int | None = None
    unique_authors_only: bool | None = None
    must_retweet: bool | None = None
    must_follow_username: str | None = None
    filter_min_followers: int | None = None
    filter_account_age_days: int | None = None
    filter_language: str | None = None
    required_keywords: tuple[str, ...] = ()
    required_hashtags: tuple[str, ...] = ()
    required_mentions: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """The request body; what was not asked for is left out."""
        values: dict[str, Any] = {
            "tweetUrl": self.tweet_url,
            "winnerCount": self.winner_count,
            "backupCount": self.backup_count,
            "uniqueAuthorsOnly": self.unique_authors_only,
            "mustRetweet": self.must_retweet,
            "mustFollowUsername": self.must_follow_username,
            "filterMinFollowers": self.filter_min_followers,
            "filterAccountAgeDays": self.filter_account_age_days,
            "filterLanguage": self.filter_language,
            "requiredKeywords": list(self.required_keywords) or None,
            "requiredHashtags": list(self.required_hashtags) or None,
            "requiredMentions": list(self.required_mentions) or None,
        }
        return {name: value for name, value in values.items() if value is not None}

"""Extractions: jobs that collect many people or tweets. Everything textual in their results is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from bot.core.x.readings import read_tweet
from bot.xquik.models.base import Model, Page, parse, parse_page
from bot.xquik.models.posts import Tweet, User

ACTIVE: Final = frozenset({"pending", "running"})
"""States of a job that is not over."""
_DEFAULT_POLL: Final = 5.0
_SHORTEST_POLL: Final = 0.1


class ExtractionEstimate(Model, frozen=True, kw_only=True):
    """What a job would cost at most. estimated_results: rows that are counted for it, not what there is.
    source: where that number is from. allowed: whether the balance covers it."""

    allowed: bool = False
    credits_available: int = 0
    credits_required: int = 0
    estimated_results: int = 0
    source: str = "unknown"


class ExtractionJob(Model, frozen=True, kw_only=True):
    """One job. status: pending, running, completed, failed or canceled. completion_reason: why it stopped.
    effective_results_limit: the bound that the balance set."""

    id: str
    tool_type: str = ""
    status: str = ""
    total_results: int = 0
    results_limit: int | None = None
    effective_results_limit: int | None = None
    completion_reason: str | None = None
    error_message: str | None = None
    created_at: str | None = None
    completed_at: str | None = None

    @property
    def active(self) -> bool:
        """Whether it is not over."""
        return self.status in ACTIVE


class ExtractionAccepted(Model, frozen=True, kw_only=True):
    """A job that was begun."""

    id: str
    tool_type: str = ""
    status: str = "running"
    poll_after_ms: int | None = None

    @property
    def poll_after(self) -> float:
        """Seconds to wait before looking."""
        return _seconds(self.poll_after_ms)


class ExtractionRow(Model, frozen=True, kw_only=True):
    """One result: somebody on X, and of the tools that collect tweets what they wrote. Counts are None where
    there is none. enrichment_data: what X says besides, as it says it."""

    id: str = ""
    x_user_id: str = ""
    x_username: str = ""
    x_display_name: str = ""
    x_followers_count: int | None = None
    x_verified: bool = False
    x_profile_image_url: str | None = None
    tweet_id: str | None = None
    tweet_text: str | None = None
    tweet_created_at: str | None = None
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    view_count: int | None = None
    bookmark_count: int | None = None
    enrichment_data: dict[str, Any] | None = None

    @property
    def person(self) -> User:
        """Who it is about."""
        return User(
            id=self.x_user_id,
            username=self.x_username,
            name=self.x_display_name,
            followers=self.x_followers_count,
            verified=self.x_verified,
            profile_picture=self.x_profile_image_url,
        )

    @property
    def tweet(self) -> Tweet | None:
        """What they wrote; None of a tool that collects people."""
        if not self.tweet_id:
            return None
        nested = (self.enrichment_data or {}).get("tweet")
        author = {
            "id": self.x_user_id,
            "username": self.x_username,
            "name": self.x_display_name,
            "followers": self.x_followers_count,
            "verified": self.x_verified,
            "profilePicture": self.x_profile_image_url,
        }
        counts = {
            "likeCount": self.like_count,
            "retweetCount": self.retweet_count,
            "replyCount": self.reply_count,
            "quoteCount": self.quote_count,
            "viewCount": self.view_count,
            "bookmarkCount": self.bookmark_count,
        }
        return read_tweet(
            {
                **(nested if isinstance(nested, dict) else {}),
                "id": self.tweet_id,
                "text": self.tweet_text or "",
                "createdAt": self.tweet_created_at,
                "author": author,
                **counts,
            }
        )


class ExtractionResults(Model, frozen=True, kw_only=True):
    """A job with a page of its results."""

    job: ExtractionJob
    page: Page[ExtractionRow]
    poll_after_ms: int | None = None

    @property
    def poll_after(self) -> float:
        """Seconds to wait before looking again."""
        return _seconds(self.poll_after_ms)

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `{job, results, …}`."""
        rows = parse_page(ExtractionRow, body, "results")
        poll = body.get("pollAfterMs")
        return cls(
            job=parse(ExtractionJob, body.get("job")),
            page=rows,
            poll_after_ms=poll if type(poll) is int and poll >= 0 else None,
        )


def _seconds(milliseconds: int | None) -> float:
    return _DEFAULT_POLL if milliseconds is None else max(_SHORTEST_POLL, milliseconds / 1000)

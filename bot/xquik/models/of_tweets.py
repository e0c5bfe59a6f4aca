"""What X has beside a tweet: its HTML, subtitles, who reposted it, where links lead. All untrusted."""

from __future__ import annotations

from msgspec import field

from bot.xquik.models.base import Model


class TweetEmbed(Model, frozen=True, kw_only=True):
    """What websites show a tweet with. html: X's own, with its script."""

    html: str
    url: str = ""
    author_name: str = ""
    author_url: str = ""


class SubtitleCue(Model, frozen=True, kw_only=True):
    """What is said from one moment to another, in milliseconds from the beginning. text: with line breaks."""

    start_ms: int
    end_ms: int
    text: str = ""


class SubtitleTrack(Model, frozen=True, kw_only=True):
    """The subtitles of a video in one language. language: its code; truncated: they go on, and X gave no
    more; auto_generated: heard by X itself."""

    language: str | None = None
    name: str | None = None
    auto_generated: bool = False
    truncated: bool = False
    media_key: str | None = None
    text: str = ""
    cues: tuple[SubtitleCue, ...] = ()


class Subtitles(Model, frozen=True, kw_only=True):
    """Those of all videos of a tweet."""

    tweet_id: str = ""
    tracks: tuple[SubtitleTrack, ...] = ()


class RepostCheck(Model, frozen=True, kw_only=True):
    """Whether an account reposted a tweet, as its newest posts say. complete: there are no older ones."""

    is_retweeted: bool
    complete: bool = False
    checked_posts: int = 0
    retweet_id: str | None = None
    retweeted_at: str | None = None


class ResolvedLink(Model, frozen=True, kw_only=True):
    """Where a link of t.co leads; resolved_url: None where X knows no such link."""

    url: str
    resolved_url: str | None = None


class ResolvedLinks(Model, frozen=True, kw_only=True):
    """Where links lead. unprocessed: X did not answer for them in time, or credits did not cover them."""

    links: tuple[ResolvedLink, ...] = ()
    unprocessed: tuple[str, ...] = field(default=(), name="unprocessedUrls")

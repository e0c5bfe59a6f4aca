"""Posts and people on X. Everything textual here is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from msgspec import field

from bot.xquik.models.base import Model, parse

_X_ADDRESSES = ("https://x.com/", "https://twitter.com/")


class User(Model, frozen=True, kw_only=True):
    """A profile on X. Counts are None where X did not give them."""

    id: str = ""
    username: str = ""
    name: str = ""
    description: str | None = None
    followers: int | None = None
    following: int | None = None
    statuses_count: int | None = None
    verified: bool = False
    is_blue_verified: bool = False
    verified_type: str | None = None
    protected: bool = False
    profile_picture: str | None = None
    cover_picture: str | None = None
    location: str | None = None
    website: str | None = field(default=None, name="url")
    created_at: str | None = None
    unavailable: bool = False
    unavailable_reason: str | None = None

    @property
    def url(self) -> str:
        """The profile on X."""
        return f"https://x.com/{self.username}" if self.username else f"https://x.com/i/user/{self.id}"

    @property
    def is_verified(self) -> bool:
        """Any badge."""
        return self.verified or self.is_blue_verified


class VideoVariant(Model, frozen=True, kw_only=True):
    """One encoding of a video. bitrate: bits a second, None for playlists."""

    url: str
    content_type: str = ""
    bitrate: int | None = None


class Media(Model, frozen=True, kw_only=True):
    """A picture, video or GIF. preview: an image in every case; type: photo, video, animated_gif."""

    type: str = "photo"
    preview: str = field(default="", name="mediaUrl")
    url: str = ""
    alt_text: str | None = None
    width: int | None = None
    height: int | None = None
    duration_millis: int | None = None
    video_variants: tuple[VideoVariant, ...] = ()

    @property
    def best_video(self) -> str | None:
        """The MP4 of the highest bitrate, if it is a video."""
        videos = [one for one in self.video_variants if one.content_type in {"video/mp4", ""}]
        return max(videos, key=lambda one: one.bitrate or 0).url if videos else None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts of a post. A zero can also mean that X did not report the count."""

    likes: int
    retweets: int
    replies: int
    quotes: int
    views: int
    bookmarks: int


class Tweet(Model, frozen=True, kw_only=True):
    """A post, with what it quotes or repeats one level inside."""

    id: str
    text: str = ""
    author: User | None = None
    created_at: str | None = None
    lang: str | None = None
    stated_url: str | None = field(default=None, name="url")
    media: tuple[Media, ...] = ()
    quoted_tweet: Tweet | None = field(default=None, name="quoted_tweet")
    retweeted_tweet: Tweet | None = field(default=None, name="retweeted_tweet")
    possibly_sensitive: bool = False
    is_note_tweet: bool = False
    is_reply: bool = False
    is_quote_status: bool = False
    in_reply_to_id: str | None = None
    in_reply_to_username: str | None = None
    conversation_id: str | None = None
    like_count: int = 0
    retweet_count: int = 0
    reply_count: int = 0
    quote_count: int = 0
    view_count: int = 0
    bookmark_count: int = 0

    @property
    def metrics(self) -> Metrics:
        """The counts together."""
        return Metrics(
            likes=self.like_count,
            retweets=self.retweet_count,
            replies=self.reply_count,
            quotes=self.quote_count,
            views=self.view_count,
            bookmarks=self.bookmark_count,
        )

    @property
    def url(self) -> str:
        """The post on X: never an address of any other site, whatever the answer says."""
        if self.stated_url and self.stated_url.startswith(_X_ADDRESSES):
            return self.stated_url
        name = self.author.username if self.author and self.author.username else "i"
        return f"https://x.com/{name}/status/{self.id}"

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `{tweet, author}` (a lookup) or a bare post that holds its author."""
        inner = body.get("tweet")
        if not isinstance(inner, Mapping):
            return parse(cls, dict(body))
        return parse(cls, {**inner, "author": body.get("author") or inner.get("author")})

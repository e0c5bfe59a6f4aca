"""Giveaway draws, exported files and downloaded media."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeAlias

import msgspec

from bot.xquik.models.base import Model, Page, parse


class Winner(Model, frozen=True, kw_only=True):
    """One place of a draw. position: from 1, winners and backups each in their order."""

    author_username: str = ""
    tweet_id: str | None = None
    position: int = 0
    is_backup: bool = False


class Draw(Model, frozen=True, kw_only=True):
    """A draw as lists and answers show it; fields an answer does not give are None.

    total_entries: replies and reposters inspected. Credits cap it, so it may be less than
    `tweet_reply_count`. valid_entries: of those, the ones that passed every filter.
    """

    id: str
    tweet_id: str | None = None
    tweet_url: str | None = None
    tweet_text: str | None = None
    tweet_author_username: str | None = None
    tweet_like_count: int | None = None
    tweet_retweet_count: int | None = None
    tweet_reply_count: int | None = None
    tweet_quote_count: int | None = None
    status: str = "completed"
    total_entries: int = 0
    valid_entries: int = 0
    created_at: str | None = None
    drawn_at: str | None = None


class DrawDetail(Model, frozen=True, kw_only=True):
    """A draw with its winners. winners: None when the answer did not carry them (the older shape)."""

    draw: Draw
    winners: tuple[Winner, ...] | None = None

    @property
    def main_winners(self) -> tuple[Winner, ...]:
        """The winners without backups, in order."""
        return self._places(backup=False)

    @property
    def backups(self) -> tuple[Winner, ...]:
        """Those who move up when a winner does not answer, in order."""
        return self._places(backup=True)

    def _places(self, *, backup: bool) -> tuple[Winner, ...]:
        chosen = (one for one in self.winners or () if one.is_backup is backup)
        return tuple(sorted(chosen, key=lambda one: one.position))

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `{draw, winners}` (GET) or the flat answer of POST, with winners or without."""
        if isinstance(body.get("draw"), Mapping):
            return parse(cls, dict(body))
        return parse(cls, {"draw": dict(body), "winners": body.get("winners")})


DrawPage: TypeAlias = Page[Draw]


class ExportFile(msgspec.Struct, frozen=True):
    """An exported file, ready to send."""

    name: str
    content_type: str
    content: bytes


class MediaDownload(Model, frozen=True, kw_only=True):
    """A saved gallery. One post: `tweet_id`, `cache_hit` (free). Many: the totals that succeeded."""

    gallery_url: str
    tweet_id: str | None = None
    cache_hit: bool = False
    total_tweets: int | None = None
    total_media: int | None = None

"""What things cost, in credits, before they are done: estimates, all in one place.

The charge that is shown afterwards is what the answer says. Source: the documentation of
August 2026; older pages name 10 credits for a post.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_MEGABYTE: Final = 1_000_000

TRENDS: Final = 3
LOOKUP: Final = 1
FOLLOW_CHECK: Final = 5
ARTICLE: Final = 5
POST: Final = 30
POST_PER_MEGABYTE: Final = 2
MEDIA_UPLOAD: Final = 10
DIRECT_MESSAGE: Final = 10
OTHER_WRITE: Final = 10
MEDIA_PER_TWEET: Final = 1
DRAW_PER_ENTRY: Final = 1
MONITOR_PER_HOUR: Final = 21


@dataclass(frozen=True, slots=True)
class Estimate:
    """A cost that is not final. at_most: an upper bound rather than the expected charge."""

    credits: int
    at_most: bool = False

    def __str__(self) -> str:
        bound = "at most" if self.at_most else "about"
        return f"{bound} {self.credits:,} credit{'' if self.credits == 1 else 's'} (estimate)"


def post(media_bytes: int = 0) -> Estimate:
    """A post or reply: 30, and 2 for each started megabyte of all its media together."""
    return Estimate(POST + POST_PER_MEGABYTE * math.ceil(media_bytes / _MEGABYTE))


def draw(replies: int) -> Estimate:
    """A draw: 1 for each entry inspected, so never more than the replies there are."""
    return Estimate(DRAW_PER_ENTRY * replies, at_most=True)


def download(tweets: int) -> Estimate:
    """Saved media: 1 for each post with media; a single post saved before is free."""
    return Estimate(MEDIA_PER_TWEET * tweets, at_most=True)


def monitor(hours: int = 24) -> Estimate:
    """An active monitor over some hours."""
    return Estimate(MONITOR_PER_HOUR * hours)


def write(kind: str, media_bytes: int = 0) -> Estimate:
    """Any of the keyed writes."""
    return post(media_bytes) if kind == "create_tweet" else Estimate(OTHER_WRITE)

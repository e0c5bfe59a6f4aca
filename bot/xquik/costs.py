"""What things cost, in credits, before they are done: estimates, made of `bot.core.x.prices`.

The charge that is shown afterwards is what the answer says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from bot.core.x import prices

_MEGABYTE: Final = 1_000_000


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
    return Estimate(prices.POST + prices.POST_PER_MEGABYTE * math.ceil(media_bytes / _MEGABYTE))


def draw(replies: int, reposters: int = 0) -> Estimate:
    """A draw: 1 for each entry inspected, so never more than the replies and reposters there are."""
    return Estimate(prices.DRAW_PER_ENTRY * (replies + reposters), at_most=True)


def download(tweets: int) -> Estimate:
    """Saved media: 1 for each tweet with media; a single tweet saved before is free."""
    return Estimate(prices.MEDIA_PER_TWEET * tweets, at_most=True)


def monitor(hours: int = 24) -> Estimate:
    """An active monitor over some hours."""
    return Estimate(prices.MONITOR_PER_HOUR * hours)


def write(kind: str, media_bytes: int = 0) -> Estimate:
    """Any of the keyed writes."""
    return post(media_bytes) if kind == "create_tweet" else Estimate(prices.OTHER_WRITE)

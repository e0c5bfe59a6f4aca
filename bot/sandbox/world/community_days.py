"""How lively a community was: what is counted of its last day, against the day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.records import Post
from bot.sandbox.world.communities import CommunitiesOfX, CommunityOfX
from bot.sandbox.world.snowflake import seconds_of
from bot.sandbox.world.timeline import Timeline

_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class CommunityDay:
    """What was counted of two days, the last one first; it ended at a moment in seconds since the epoch."""

    ended: float
    last: dict[str, int]
    before: dict[str, int]

    def metrics(self) -> dict[str, Any]:
        """Each figure with its change in percent; from nothing to something is a hundred."""
        return {
            name: {"count": number, "changePercent": _change(number, self.before[name])}
            for name, number in self.last.items()
        }


def day_of(found: CommunityOfX, communities: CommunitiesOfX, timeline: Timeline) -> CommunityDay:
    """The last day in which something was written there, else the last one of the world."""
    posts = communities.posts(found)
    ended = max((seconds_of(post.id) for post in posts), default=timeline.ended)
    days = [
        [post for post in posts if ended - (days + 1) * _DAY < seconds_of(post.id) <= ended - days * _DAY]
        for days in (0, 1)
    ]
    came = communities.came(found)
    last, before = (_counted(day, timeline) for day in days)
    return CommunityDay(ended, last | {"newMembers": came}, before | {"newMembers": 0})


def _counted(posts: Sequence[Post], timeline: Timeline) -> dict[str, int]:
    return {
        "likes": sum(post.likes for post in posts),
        "newMembers": 0,
        "posts": len(posts),
        "replies": sum(timeline.figures(post).replies for post in posts),
        "uniquePosters": len({post.author_id for post in posts}),
    }


def _change(number: int, before: int) -> float:
    if before:
        return 100 * (number - before) / before
    return 100.0 if number else 0.0

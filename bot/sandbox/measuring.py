"""The six figures of a post that is watched, hour by hour."""

from __future__ import annotations

from typing import Any, Final

from bot.sandbox.records import MonitorRecord, Post
from bot.sandbox.shapes import post_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.snowflake import iso

_FIELDS: Final = {
    "views": "viewCount",
    "likes": "likeCount",
    "retweets": "retweetCount",
    "replies": "replyCount",
    "quotes": "quoteCount",
    "bookmarks": "bookmarkCount",
}
METRICS: Final = tuple(_FIELDS)
MOST_HOURS: Final = 720
_HOUR: Final = 3_600


def measured(sandbox: Sandbox, post: Post) -> dict[str, int]:
    """The figures that everybody sees of it now."""
    body = post_json(sandbox, post, "", nested=False)
    return {name: int(body.get(field) or 0) for name, field in _FIELDS.items()}


def read_again(sandbox: Sandbox, monitor: MonitorRecord) -> dict[str, int]:
    """The figures now, noted for this hour; the last ones of a post that is gone."""
    post = sandbox.timeline.get(monitor.post_id or "")
    last = next(reversed(monitor.readings.values()), monitor.started)
    figures = measured(sandbox, post) if post is not None else last
    if post is not None:
        monitor.text = post.text
    readings = {**monitor.readings, str(_hour_of(sandbox.now())): figures}
    monitor.readings = dict(list(readings.items())[-MOST_HOURS:])
    sandbox.monitors.put(monitor)
    return figures


def readings_json(monitor: MonitorRecord, figures: dict[str, int]) -> dict[str, Any]:
    """``PostMetrics``: each with what it gained since the watch began."""
    return {
        name: {"current": figures[name], "gain": figures[name] - monitor.started[name]} for name in METRICS
    }


def buckets_json(monitor: MonitorRecord, now: float, hours: int) -> list[dict[str, Any]]:
    """A bucket an hour, oldest first; before the watch began with the figures it began with."""
    current = _hour_of(now)
    starts = range(current - (hours - 1) * _HOUR, current + _HOUR, _HOUR)
    known = {int(hour): figures for hour, figures in monitor.readings.items()}
    before = [figures for hour, figures in known.items() if hour < starts[0]]
    last = before[-1] if before else monitor.started
    buckets = []
    for start in starts:
        figures = known.get(start, last)
        points = {name: {"value": figures[name], "gain": figures[name] - last[name]} for name in METRICS}
        buckets.append({"at": iso(float(start)), "metrics": points})
        last = figures
    return buckets


def _hour_of(now: float) -> int:
    return int(now) // _HOUR * _HOUR

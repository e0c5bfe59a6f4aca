"""What things cost at Xquik, in credits: the one table, for where Xquik itself does not say.

Everything that shows or estimates a price reads it here. Source: the documentation and the SDK of
November 2026. The price of a monitor is asked for (`GET /account`) where it can be.
"""

from __future__ import annotations

from typing import Final

from bot.core.messages.message import Message, nmsg

TRENDS: Final = 1
TREND_LIST: Final = 1
TREND_PLACE: Final = 1
PLACE: Final = 1
LOOKUP: Final = 1
PROFILE: Final = 1
ROW: Final = 1
FOLLOW_CHECK: Final = 5
ARTICLE: Final = 5
DEAREST_REQUEST: Final = max(LOOKUP, FOLLOW_CHECK, ARTICLE)
"""What a read costs at the most that is charged by the request, and not by what it brings."""
POST: Final = 30
POST_PER_MEGABYTE: Final = 2
MEDIA_UPLOAD: Final = 10
DIRECT_MESSAGE: Final = 10
OTHER_WRITE: Final = 10
MEDIA_PER_TWEET: Final = 1
DRAW_PER_ENTRY: Final = 1
EXTRACTION_RESULT: Final = 1
"""A result of an extraction; an article costs what it does elsewhere."""
ANALYSIS: Final = 2
"""A post, or a text of one's own, that is analyzed."""
STYLE_SAMPLE: Final = 100
"""Tweets of a style at the most, each of which costs `ROW` to read."""
MONITOR_PER_HOUR: Final = 30

_HOURS: Final = 24
_DAYS: Final = 30


def monitor_words(hourly: int) -> Message:
    """What an active monitor costs: "30 credits an hour, 720 a day, 21,600 a month"."""
    daily = hourly * _HOURS
    return nmsg(
        "{n} credit an hour, {daily} a day, {monthly} a month",
        "{n} credits an hour, {daily} a day, {monthly} a month",
        n=hourly,
        daily=daily,
        monthly=daily * _DAYS,
    )

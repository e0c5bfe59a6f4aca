"""`monitor metrics`: the figures of a watched tweet, hour by hour. Free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from bot.cards.figures import count, epoch, when
from bot.cards.monitors import watched_words
from bot.core.chat.cards import Block, Field, Fields, Line, Table, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows, page_of
from bot.core.commands.presets import INSIDE, listing_command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.finding_monitors import find_monitor
from bot.xquik.models import HourPoint, MetricHour, PostMonitor, moment

_FIGURES: Final = {
    "views": msg("Views"),
    "likes": msg("Likes"),
    "retweets": msg("Reposts"),
    "replies": msg("Replies"),
    "quotes": msg("Quotes"),
    "bookmarks": msg("Bookmarks"),
}
# As many as a telephone shows beside each other; the file has all.
_SHOWN: Final = ("views", "likes", "retweets", "replies")
_MOST: Final = 720
_LATEST: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsArgs:
    """Of which tweet, and how far back."""

    monitor: Annotated[
        str,
        Option(
            "A watched tweet: its link or id, or the id or name of its monitor",
            main=True,
            max_length=200,
            suggest="monitors",
        ),
    ]
    hours: Annotated[int, Option("How far back, in hours", ge=1, le=_MOST, unit=timedelta(hours=1))] = 24


async def hourly(call: CommandCall, args: MetricsArgs, cursor: str, size: int) -> PageRows[MetricHour]:
    """A page of hours, newest first."""
    monitor = await _watched(call, args)
    hours = await (await call.xquik()).post_monitors.metrics(monitor.id, args.hours)
    return page_of(hours, _key, cursor, size)


async def _watched(call: CommandCall, args: MetricsArgs) -> PostMonitor:
    found, _ = await find_monitor(call, await call.xquik(), args.monitor)
    if not isinstance(found, PostMonitor):
        raise UsageError(
            msg("{what} has no figures: only single tweets do.", what=watched_words(found)),
            option="monitor",
            example="monitor metrics 1893456789012345678",
            remedy=msg("`monitor post` watches a tweet; `monitor list` shows which are watched."),
        )
    return found


def _key(hour: MetricHour) -> tuple[str, ...]:
    """Newest first."""
    return (f"{_LATEST - int(epoch(hour.at) or 0):013d}",)


async def draw(_call: CommandCall, _args: MetricsArgs, rows: PageRows[MetricHour]) -> tuple[Block, ...]:
    """A row an hour: each figure, and what it gained in that hour."""
    cells: tuple[tuple[Line, ...], ...] = tuple(
        (when(hour.at), *((_point(hour.metrics.get(name)),) for name in _SHOWN)) for hour in rows.items
    )
    return (Table((msg("Hour"), *(_FIGURES[name] for name in _SHOWN)), cells),)


def _point(point: HourPoint | None) -> str:
    if point is None or point.value is None:
        return "–"
    if not point.gain:
        return count(point.value)
    return msg("{value} ({gain})", value=point.value, gain=_signed(point.gain))


def _signed(gain: int) -> str:
    return msg("+{gain}", gain=gain) if gain > 0 else msg("{gain}", gain=gain)


async def frame(call: CommandCall, args: MetricsArgs, rows: PageRows[MetricHour]) -> PageFrame:
    """What the figures are now, and what they gained since the tweet is watched."""
    monitor = await _watched(call, args)
    fields = tuple(
        Field(name, (_point(HourPoint(value=reading.current, gain=reading.gain)),))
        for key, name in _FIGURES.items()
        if (reading := monitor.metrics.get(key)) is not None and reading.current is not None
    )
    return PageFrame(above=(Fields(fields),) if rows.first and fields else ())


def _columns(name: str) -> tuple[Column[MetricHour], Column[MetricHour]]:
    """A figure, and what it gained in the hour."""

    def point(hour: MetricHour) -> HourPoint:
        return hour.metrics.get(name) or HourPoint()

    value: Column[MetricHour] = Column(name, lambda hour: point(hour).value)
    gain: Column[MetricHour] = Column(f"{name}_gain", lambda hour: point(hour).gain)
    return value, gain


METRICS_LIST: Final = Listing(
    title=lambda _args: msg("A watched tweet, hour by hour"),
    fetch=hourly,
    identity=lambda hour: hour.at or "",
    draw=draw,
    empty=lambda _args: line(msg("No figures yet. Look again in an hour.")),
    frame=frame,
    size=12,
    columns=(
        Column("hour", lambda hour: moment(hour.at)),
        *(column for name in _FIGURES for column in _columns(name)),
    ),
)

METRICS: Final = listing_command(
    "monitor metrics",
    METRICS_LIST,
    INSIDE,
    "Show the figures of a watched tweet, hour by hour",
    "monitor metrics 1893456789012345678",
    operations=("GET /monitors/posts/{id}/metrics",),
)

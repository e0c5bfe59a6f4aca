"""Trends and radar."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.figures import count, epoch, joined
from bot.cards.tweets import web_url
from bot.core.chat.cards import Bold, Card, Inline, Line, Link, Table, Text, Timestamp, Tone, line
from bot.core.messages.message import msg
from bot.core.text.shortening import shorten
from bot.xquik.models import RadarItem, Trends

SOURCE_NAMES = {
    "github": "GitHub",
    "google_trends": "Google Trends",  # no message: a name
    "hacker_news": "Hacker News",  # no message: a name
    "polymarket": "Polymarket",  # no message: a name
    "reddit": "Reddit",  # no message: a name
    "trustmrr": "TrustMRR",
    "wikipedia": "Wikipedia",  # no message: a name
}


def trends_card(trends: Trends, region: str, *, shown: int, fetched_at: float, cached: bool) -> Card:
    """The topics of a region, highest first. shown: how many rows."""
    rows: list[tuple[Line, ...]] = []
    for position, trend in enumerate(trends.trends[:shown], start=1):
        url = web_url(trend.url)
        name: Inline = Link(trend.name, url) if url else trend.name
        volume = count(trend.tweet_volume) if trend.tweet_volume else "–"
        if trend.promoted_content:
            volume = msg("promoted")
        rows.append(((count(trend.rank or position),), (name,), (volume,)))
    if not rows:
        blocks: tuple[Text | Table, ...] = (Text(line(msg("X reports no trends for this region now."))),)
    else:
        when = Timestamp(fetched_at, relative=True)
        looked_up = (
            msg("Saved for 15 minutes, so at no cost; looked up {when}", when=when)
            if cached
            else msg("Looked up {when}", when=when)
        )
        blocks = (
            Table(("#", msg("Trend"), msg("Tweets")), tuple(rows), total=len(trends.trends)),
            Text(line(looked_up), subtle=True),
        )
    return Card(msg("Trends: {region}", region=region), blocks, Tone.INFO)


def radar_blocks(items: Sequence[RadarItem]) -> tuple[Text, ...]:
    """Items of the radar, one after another."""
    return tuple(Text(_radar_line(item)) for item in items)


def _radar_line(item: RadarItem) -> Line:
    url = web_url(item.url)
    title = shorten(item.title, 140) or msg("(untitled)")
    head: Inline = Link(title, url) if url else Bold(title)
    published = epoch(item.published_at)
    details = joined(
        SOURCE_NAMES.get(item.source, item.source),
        item.category or None,
        msg("score {number}", number=round(item.score)) if item.score else None,
        Timestamp(published, relative=True) if published else None,
    )
    summary = f"\n{shorten(item.description, 160)}" if item.description else ""
    return (head, "\n", *details, summary) if summary else (head, "\n", *details)

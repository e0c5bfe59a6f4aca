"""The manifest of media downloads: what was asked for and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cards.figures import plural
from bot.cards.tweets import web_url
from bot.core.chat.cards import Card, Code, Inline, Line, Link, Table, Text, Timestamp, Tone, line

_STATES = {"requested": "under way", "failed": "failed", "unknown": "not known"}


class ManifestRow(Protocol):
    """One request, as `bot.storage.writes.media_manifest` keeps it."""

    @property
    def requested(self) -> tuple[str, ...]: ...
    @property
    def state(self) -> str: ...
    @property
    def gallery_url(self) -> str | None: ...
    @property
    def successful_tweets(self) -> int | None: ...
    @property
    def created_at(self) -> float: ...


def manifest_card(rows: Sequence[ManifestRow]) -> Card:
    """The last downloads of a place, newest first."""
    if not rows:
        empty = Text(line("Nothing saved yet. Save media with ", Code("media get"), "."))
        return Card("Saved media", (empty,), Tone.INFO)
    table = Table(("When", "Asked for", "Saved", "Gallery"), tuple(_row(row) for row in rows))
    return Card("Saved media", (table,), Tone.INFO)


def _row(row: ManifestRow) -> tuple[Line, ...]:
    url = web_url(row.gallery_url)
    gallery: Inline = Link("open", url) if url else "–"
    saved = str(row.successful_tweets) if row.state == "done" else _STATES.get(row.state, row.state)
    asked = plural(len(row.requested), "tweet")
    return ((Timestamp(row.created_at, relative=True),), (asked,), (saved,), (gallery,))

"""The manifest of media downloads: what was asked for and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cards.tweets import web_url
from bot.core.chat.cards import Card, Inline, Line, Link, Table, Text, Timestamp, Tone, line
from bot.core.messages.message import msg, nmsg

_TITLE = msg("Saved media")
_STATES = {"requested": msg("under way"), "failed": msg("failed"), "unknown": msg("not known")}


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
        empty = Text(line(msg("Nothing saved yet. Save media with `media get`.")))
        return Card(_TITLE, (empty,), Tone.INFO)
    columns = (msg("When"), msg("Asked for"), msg("Saved"), msg("Gallery"))
    return Card(_TITLE, (Table(columns, tuple(_row(row) for row in rows)),), Tone.INFO)


def _row(row: ManifestRow) -> tuple[Line, ...]:
    url = web_url(row.gallery_url)
    gallery: Inline = Link(msg("open"), url) if url else "–"
    saved = str(row.successful_tweets) if row.state == "done" else _STATES.get(row.state, row.state)
    asked = nmsg("{n} tweet", "{n} tweets", n=len(row.requested))
    return ((Timestamp(row.created_at, relative=True),), (asked,), (saved,), (gallery,))

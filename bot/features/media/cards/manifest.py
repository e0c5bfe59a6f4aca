"""The manifest of media downloads: what was asked for and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from bot.cards.tweets import web_url
from bot.core.chat.cards import Inline, Line, Link, Table, Timestamp
from bot.core.messages.message import msg, nmsg
from bot.core.x.references import TweetRef

_STATES: Final = {"requested": msg("under way"), "failed": msg("failed"), "unknown": msg("not known")}


class ManifestRow(Protocol):
    """One request, as `bot.storage.writes.media_manifest` keeps it."""

    @property
    def requested(self) -> tuple[str, ...]: ...
    @property
    def single(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def gallery_url(self) -> str | None: ...
    @property
    def cache_hit(self) -> bool | None: ...
    @property
    def successful_tweets(self) -> int | None: ...
    @property
    def media_items(self) -> int | None: ...
    @property
    def created_at(self) -> float: ...


def manifest_table(rows: Sequence[ManifestRow]) -> Table:
    """Downloads, one a row."""
    columns = (msg("When"), msg("Asked for"), msg("Saved"), msg("Gallery"))
    return Table(columns, tuple(_row(row) for row in rows))


def _row(row: ManifestRow) -> tuple[Line, ...]:
    url = web_url(row.gallery_url)
    gallery: Inline = Link(msg("open"), url) if url else "–"
    said = nmsg("{n} tweet", "{n} tweets", n=len(row.requested))
    asked: Inline = Link(said, TweetRef(row.requested[0]).url) if row.single else said
    return ((Timestamp(row.created_at, relative=True),), (asked,), (_saved(row),), (gallery,))


def _saved(row: ManifestRow) -> str:
    if row.state != "done":
        return _STATES.get(row.state, row.state)
    if row.cache_hit:
        return msg("1, free: it was saved before")
    if row.single or row.media_items is None:
        return str(row.successful_tweets)
    tweets = row.successful_tweets or 0
    return nmsg("{tweets} ({n} file)", "{tweets} ({n} files)", n=row.media_items, tweets=tweets)

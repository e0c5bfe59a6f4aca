"""`media list`: the manifest of downloads, one row a request, and all of it as a file.

The columns are those that Xquik's documents name for such a manifest: of one tweet `requested_tweet_id`,
`tweet_id` and `cache_hit`, of many `requested_tweet_ids`, `successful_tweet_count` and `media_item_count`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.messages.message import msg
from bot.features.media.cards.manifest import manifest_table
from bot.features.services import CommandCall
from bot.storage.writes.media_manifest import Download


async def saved(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[Download]:
    """A page of what this place asked for."""
    after: tuple[float, str] | None = tuple(json.loads(cursor)) if cursor else None
    rows, total, start = await call.services.manifest.page(call.tenant, after, size)
    more = bool(rows) and start + len(rows) < total
    following = json.dumps([rows[-1].created_at, rows[-1].id]) if more else ""
    return PageRows(rows, following, total=total, start=start)


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[Download]) -> tuple[Block, ...]:
    """A table of them."""
    return (manifest_table(rows.items),)


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


SAVED: Final = Listing(
    title=lambda _args: msg("Saved media"),
    fetch=saved,
    identity=lambda row: row.id,
    draw=draw,
    empty=lambda _args: line(msg("Nothing saved yet. Save media with `media get`.")),
    columns=(
        Column("requested_tweet_id", lambda row: row.requested[0] if row.single else None),
        Column("requested_tweet_ids", lambda row: None if row.single else row.requested),
        Column("tweet_id", lambda row: row.tweet),
        Column("cache_hit", lambda row: row.cache_hit),
        Column("successful_tweet_count", lambda row: None if row.single else row.successful_tweets),
        Column("media_item_count", lambda row: None if row.single else row.media_items),
        Column("gallery_url", lambda row: row.gallery_url),
        Column("state", lambda row: row.state.value),
        Column("error", lambda row: row.error),
        Column("requested_at", lambda row: _moment(row.created_at)),
        Column("settled_at", lambda row: _moment(row.settled_at)),
    ),
)

"""`media export`: the hand-off log of the place, as the file that other programs read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, File, Text, Tone, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.presets import INSIDE_LOCAL, command
from bot.core.messages.message import msg, nmsg
from bot.features.services import CommandCall
from bot.proposals.handoff import FILE_NAME
from bot.storage.writes.media_handoff import HandoffRow

MOST: Final = 8 * 1024 * 1024
"""Bytes of a file."""
MOST_FILES: Final = 5


async def export(call: CommandCall, _args: NoArgs) -> Reply:
    """All rows, oldest first; in several files where one does not hold them, the newest rows where those do
    not either."""
    parts: list[list[str]] = [[]]
    count, size, after = 0, 0, None
    while rows := await call.services.handoff.rows(call.tenant, after):
        for text in await asyncio.to_thread(_lines, rows):
            if size + len(text) > MOST:
                parts.append([])
                size = 0
            parts[-1].append(text)
            size += len(text)
        count, after = count + len(rows), rows[-1]
    if not count:
        none = msg("Nothing was uploaded or posted with media from here yet. `media upload` begins.")
        return Reply(Card(msg("Hand-off log"), (Text(line(none)),), Tone.INFO))
    kept = parts[-MOST_FILES:]
    told = nmsg("{n} row, oldest first.", "{n} rows, oldest first.", n=sum(map(len, kept)))
    blocks = [Text(line(told))]
    if left := count - sum(map(len, kept)):
        older = nmsg("{n} older row is left out.", "{n} older rows are left out.", n=left)
        blocks.append(Text(line(older), subtle=True))
    files = tuple(
        File(_named(number, len(kept)), "application/x-ndjson", "".join(part).encode())
        for number, part in enumerate(kept, start=1)
    )
    return Reply(Card(msg("Hand-off log"), tuple(blocks), Tone.SUCCESS), files)


def _lines(rows: Sequence[HandoffRow]) -> list[str]:
    return [json.dumps(_entry(row), ensure_ascii=False) + "\n" for row in rows]


def _entry(row: HandoffRow) -> dict[str, object]:
    at = datetime.fromtimestamp(row.at, UTC).isoformat()
    return {"event": row.event, "at": at, **row.fields}


def _named(number: int, of: int) -> str:
    return FILE_NAME if of == 1 else FILE_NAME.replace(".jsonl", f"-{number}.jsonl")


EXPORTING = command(
    "media export",
    export,
    INSIDE_LOCAL,
    "Get the log of uploads and tweets with media, as jsonl",
    "media export",
)

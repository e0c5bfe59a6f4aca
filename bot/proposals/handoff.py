"""The hand-off log: one JSON line for each upload, and for each write that used media.

Other programs read `xquik-media-handoff.jsonl`. A line holds ids, addresses and credits, and never
the text of a direct message – nor any other text that a person wrote.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.core.clocks import Clock
from bot.storage.writes.proposal_rows import StoredProposal

# Bytes from which on the file is begun anew; the one before is kept beside it, as `….jsonl.1`.
_LARGEST: Final = 16 << 20
FILE_NAME: Final = "xquik-media-handoff.jsonl"


class HandoffLog:
    """Appends lines to a file, each whole or not at all. clock: epoch seconds."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = asyncio.Lock()

    async def used(self, proposal: StoredProposal, result: Mapping[str, Any]) -> None:
        """Note the media that a finished write used; nothing for one without media."""
        media = list(proposal.payload.get("media") or proposal.payload.get("media_ids") or ())
        if not media:
            return
        await self.append(
            proposal.id,
            {
                "event": "write",
                "tenant": str(proposal.tenant),
                "kind": proposal.kind,
                "account": proposal.payload.get("account"),
                "media": media,
                "tweetId": result.get("tweet_id"),
                "writeActionId": result.get("write_action"),
                "chargedCredits": result.get("charged"),
            },
        )

    async def append(self, id: str, fields: Mapping[str, Any]) -> None:
        """Append one line, unless a line with that id is there already (a crash came in between)."""
        at = datetime.fromtimestamp(self._clock(), UTC).isoformat()
        line = json.dumps({"id": id, "at": at, **fields}, ensure_ascii=False)
        async with self._lock:
            await asyncio.to_thread(_append_once, self._path, json.dumps(id), line)


def _has(path: Path, start: bytes) -> bool:
    with path.open("rb") as known:
        return any(line.startswith(start) and line.endswith(b"\n") for line in known)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _append_once(path: Path, id: str, line: str) -> None:
    """One `write` to a file opened for appending, made durable. id: as it stands in the line."""
    start = f'{{"id": {id},'.encode()
    before = path.with_name(f"{path.name}.1")
    if _size(path) >= _LARGEST:
        path.replace(before)
    if _size(before) and _has(before, start):
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file, path.open("rb") as known:
        torn = False
        for present in known:
            torn = not present.endswith(b"\n")
            if present.startswith(start) and not torn:
                return
        # A line cut short by a crash stays alone; it must not spoil this one.
        file.write((b"\n" if torn else b"") + line.encode() + b"\n")
        os.fsync(file.fileno())

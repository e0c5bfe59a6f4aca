"""The hand-off log: what is noted of an upload, of a write that used media, and of each direct message.

Other programs read it as `xquik-media-handoff.jsonl` (`media export`). A row holds ids, addresses and
credits, and never the text of a direct message – nor any other text that a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.chat.ids import TenantId
from bot.storage.writes.media_handoff import MediaHandoff
from bot.storage.writes.proposal_rows import StoredProposal

FILE_NAME: Final = "xquik-media-handoff.jsonl"
UPLOAD_ENDPOINT: Final = "POST /x/media"
UPLOADED: Final = "media_url"
"""In the result of an upload: its address."""


class HandoffLog:
    """Notes each of them once, however often it is told."""

    def __init__(self, rows: MediaHandoff) -> None:
        self._rows = rows

    async def uploaded(
        self, tenant: TenantId, id: str, *, media_id: str | None, media_url: str | None, source: str
    ) -> None:
        """A file is at Xquik. id: of the upload; source: its address, or its name."""
        fields = {"media_id": media_id, "media_url": media_url, "success": True, "source": source}
        await self._rows.add(tenant, id, "upload", fields | {"endpoint": UPLOAD_ENDPOINT})

    async def used(self, proposal: StoredProposal, result: Mapping[str, Any]) -> None:
        """A write is done: note a direct message, or the media that it used; nothing for others."""
        payload = proposal.payload
        if "user_id" in payload and ("text" in payload or payload.get("media_ids")):
            fields = {
                "media_id": next(iter(payload.get("media_ids") or ()), None),
                "message_id": result.get("message_id"),
                "recipient": payload.get("user_id"),
                "account": payload.get("account"),
                "status": "success",
            }
            await self._rows.add(proposal.tenant, proposal.id, "dm", fields)
            return
        urls = list(result.get("media") or payload.get("media") or ())
        if not urls:
            return
        parent = payload.get("reply_to_tweet_id")
        await self._rows.add(
            proposal.tenant,
            proposal.id,
            "reply" if parent else "post",
            {
                "media_url": urls[0] if len(urls) == 1 else urls,
                "reply_to_tweet_id": parent,
                "tweet_id": result.get("tweet_id"),
                "charged_credits": result.get("charged"),
                "write_action_id": result.get("write_action"),
                "status": "success",
            },
        )

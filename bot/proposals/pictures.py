"""The pictures that go with a preview which takes the place of another."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import File
from bot.core.media.kinds import MediaKind
from bot.storage.writes.media_files import MediaFiles
from bot.storage.writes.media_of_proposals import ATTACHED
from bot.storage.writes.proposal_rows import StoredProposal

SHOWN: Final = 8 * 1024 * 1024
"""Bytes of pictures that go with a preview."""


class PreviewPictures:
    """Reads them from where they are kept."""

    def __init__(self, files: MediaFiles) -> None:
        self._files = files

    async def of(self, proposal: StoredProposal) -> tuple[File, ...]:
        """Those of a proposal, as far as a message holds them; none where they are erased, and no videos."""
        room, found = SHOWN, []
        for file in proposal.payload.get(ATTACHED) or ():
            if MediaKind(file["content_type"]).video or file["size"] > room:
                continue
            content = await self._files.content(proposal.tenant, str(file["id"]))
            if content is not None:
                room -= len(content)
                found.append(File(str(file["name"]), str(file["content_type"]), content, seen=True))
        return tuple(found)

"""The support tickets of an account at Xquik."""

from __future__ import annotations

import mimetypes
import re
from typing import Final

from bot.xquik.models import ExportFile, Page, Ticket, parse, parse_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

_MARKS: Final = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"WEBP", "webp"),
    (b"ftypavif", "avif"),
    (b"ftyp", "mp4"),
)
"""How the beginnings of pictures and videos look."""


class SupportResource(Resource):
    """Support tickets."""

    async def list(self, *, cursor: str | None = None, rows: int = 200) -> Page[Ticket]:
        """The tickets, latest activity first, without their messages; rows: 1–200. Free."""
        query = {"cursor": cursor, "limit": rows}
        return parse_page(Ticket, await self._caller.get("/support/tickets", query), "tickets")

    async def show(self, ticket: str) -> Ticket:
        """One ticket with its messages, by its public id. Free."""
        return parse(Ticket, await self._caller.get(f"/support/tickets/{segment(ticket)}"))

    async def attachment(self, file: str) -> ExportFile:
        """A picture or video of a message, by its public id, which it is named by. Free."""
        answer = await self._caller.ask(
            "GET", f"/support/attachments/{segment(file)}", kind="read", file_answer=True
        )
        # Xquik does not say what it is ("application/octet-stream"), nor what it was called.
        ending = next((name for mark, name in _MARKS if mark in answer.content[:12]), "bin")
        name = f"{re.sub(r'[^A-Za-z0-9_-]', '_', file)[:60]}.{ending}"
        return ExportFile(name, mimetypes.guess_type(name)[0] or "application/octet-stream", answer.content)

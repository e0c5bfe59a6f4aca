"""Past draws. Running one is `bot.xquik.draw_runs`."""

from __future__ import annotations

import re
from typing import Final

from bot.core.errors import UsageError
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.xquik.models import Draw, DrawDetail, DrawPage, ExportFile, parse_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

EXPORT_FORMATS: Final = ("csv", "json", "md", "md-document", "pdf", "txt", "xlsx")
EXPORT_TYPES: Final = ("winners", "entries")
_EXTENSIONS: Final = {"md-document": "md"}


class DrawsResource(Resource):
    """The draws of an account."""

    async def list(self, cursor: str | None = None, limit: int = 50) -> DrawPage:
        """Past draws, newest first; limit 1–100. Free."""
        return parse_page(Draw, await self._caller.get("/draws", {"cursor": cursor, "limit": limit}), "draws")

    async def show(self, draw_id: str) -> DrawDetail:
        """One draw with its winners. Free."""
        return DrawDetail.from_body(await self._caller.get(f"/draws/{segment(draw_id)}"))

    async def export(self, draw_id: str, format: str = "csv", type: str = "winners") -> ExportFile:
        """A draw as a file: up to 100,000 rows, 10,000 in a PDF. Free."""
        if format not in EXPORT_FORMATS:
            raise UsageError(
                msg("That export format does not exist."), option="format", remedy=_choose(EXPORT_FORMATS)
            )
        if type not in EXPORT_TYPES:
            raise UsageError(msg("That export does not exist."), option="type", remedy=_choose(EXPORT_TYPES))
        answer = await self._caller.ask(
            "GET",
            f"/draws/{segment(draw_id)}/export",
            kind="read",
            query={"format": format, "type": type},
            file_answer=True,
        )
        name = re.sub(r"[^A-Za-z0-9_-]", "_", f"draw-{draw_id}-{type}")[:100]
        content_type = answer.headers.get("content-type", "application/octet-stream")
        return ExportFile(f"{name}.{_EXTENSIONS.get(format, format)}", content_type, answer.content)


def _choose(names: tuple[str, ...]) -> Message:
    return msg("Choose one of: {names}.", names=Joined(names, JoinedBy.COMMA))

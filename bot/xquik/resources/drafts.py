"""Saved drafts. Nothing here posts on X."""

from __future__ import annotations

from bot.xquik.models import Draft, DraftPage, parse, parse_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class DraftsResource(Resource):
    """The drafts of an account."""

    async def list(self, after_cursor: str | None = None, limit: int = 50) -> DraftPage:
        """Saved drafts, newest first; limit 1–50. Free."""
        query = {"afterCursor": after_cursor, "limit": limit}
        return parse_page(Draft, await self._caller.get("/drafts", query), "drafts")

    async def show(self, draft_id: str) -> Draft:
        """One saved draft. Free."""
        return parse(Draft, await self._caller.get(f"/drafts/{segment(draft_id)}"))

    async def create(self, text: str, *, topic: str | None = None, goal: str | None = None) -> Draft:
        """Save a text; goal is engagement, followers, authority or conversation. Free."""
        given = {"text": text, "topic": topic, "goal": goal}
        body = {name: value for name, value in given.items() if value is not None}
        return parse(Draft, (await self._caller.ask("POST", "/drafts", kind="write", json=body)).body)

    async def delete(self, draft_id: str) -> None:
        """Delete a saved text."""
        await self._caller.ask("DELETE", f"/drafts/{segment(draft_id)}", kind="delete")

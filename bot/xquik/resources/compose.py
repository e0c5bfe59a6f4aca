"""Guidance and checks for what is being written."""

from __future__ import annotations

from typing import Any

from bot.xquik.models import ComposeGuide, RefineGuide, Score, parse
from bot.xquik.resources.resource import Resource


class ComposeResource(Resource):
    """Help with writing."""

    async def guide(
        self, topic: str, *, goal: str | None = None, style_username: str | None = None
    ) -> ComposeGuide:
        """Rules and questions before writing about a topic. Free."""
        body = {"step": "compose", "topic": topic, "goal": goal, "styleUsername": style_username}
        return parse(ComposeGuide, await self._asked(body))

    async def refine(
        self,
        topic: str,
        *,
        goal: str,
        tone: str,
        media_type: str | None = None,
        call_to_action: str | None = None,
        additional_context: str | None = None,
    ) -> RefineGuide:
        """Guidance for a goal and a tone; media_type is photo, video or none. Free."""
        body = {
            "step": "refine",
            "topic": topic,
            "goal": goal,
            "tone": tone,
            "mediaType": media_type,
            "callToAction": call_to_action,
            "additionalContext": additional_context,
        }
        return parse(RefineGuide, await self._asked(body))

    async def score(self, draft: str) -> Score:
        """Editorial checks of a text. Free."""
        body = {"step": "score", "draft": draft}
        return parse(Score, await self._asked(body))

    async def _asked(self, body: dict[str, Any]) -> object:
        given = {name: value for name, value in body.items() if value is not None}
        return (await self._caller.ask("POST", "/compose", kind="read", json=given)).body

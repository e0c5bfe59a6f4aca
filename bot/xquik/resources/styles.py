"""Writing styles, saved at Xquik for the whole account. Nothing here posts on X."""

from __future__ import annotations

from collections.abc import Sequence

from bot.xquik.models import Page, Style, StyleComparison, StylePerformance, parse, parse_page, parse_paid
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class StylesResource(Resource):
    """The saved styles of an account. A style is named by its account, without @, or by its label."""

    async def analyze(self, username: str) -> Style:
        """Save the style of an account from its recent tweets, in place of what was saved of it. 1 credit a
        tweet that is read. There is no Idempotency-Key: it is sent once, and looked up before it is offered
        again."""
        answer = await self._caller.ask("POST", "/styles", kind="spend", json={"username": username})
        return parse_paid(Style, answer.body)

    async def list(self, cursor: str | None = None, limit: int = 200) -> Page[Style]:
        """Saved styles without their texts; limit 1–200. Free."""
        return parse_page(
            Style, await self._caller.get("/styles", {"cursor": cursor, "limit": limit}), "styles"
        )

    async def show(self, name: str) -> Style:
        """One style with its texts. Free."""
        return parse(Style, await self._caller.get(f"/styles/{segment(name)}"))

    async def compare(self, first: str, second: str) -> StyleComparison:
        """Two saved styles with their texts. Free."""
        query = {"username1": first, "username2": second}
        return parse(StyleComparison, await self._caller.get("/styles/compare", query))

    async def performance(self, name: str) -> StylePerformance:
        """The tweets of a style with their figures as they are now. 1 credit a tweet."""
        return parse_paid(StylePerformance, await self._caller.get(f"/styles/{segment(name)}/performance"))

    async def save(self, label: str, texts: Sequence[str]) -> Style:
        """Save texts as a style, in place of one of that label. Free."""
        body = {"label": label, "tweets": [{"text": text} for text in texts]}
        answer = await self._caller.ask("PUT", f"/styles/{segment(label)}", kind="write", json=body)
        return parse(Style, answer.body)

    async def delete(self, name: str) -> None:
        """Delete a saved style for good. Free."""
        await self._caller.ask("DELETE", f"/styles/{segment(name)}", kind="delete")

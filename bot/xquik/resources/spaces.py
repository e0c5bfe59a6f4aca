"""Spaces on X: live audio conversations."""

from __future__ import annotations

from typing import Literal, TypeAlias

from bot.xquik.models import Page, Space, SpaceReplay, parse_page, parse_paid
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

SpaceQuery: TypeAlias = Literal["latest", "top", "live", "upcoming"]


class SpacesResource(Resource):
    """Spaces. NotFound for one that X limits to subscribers or a community."""

    async def show(self, space_id: str) -> Space:
        """One Space with who speaks. 1 credit."""
        body = await self._caller.get(f"/x/spaces/{segment(space_id)}")
        return parse_paid(Space, body.get("space"))

    async def search(
        self, query: str, *, of: SpaceQuery, cursor: str | None = None, rows: int = 20
    ) -> Page[Space]:
        """Spaces by the words of their titles (live, upcoming), or those that matching tweets share (latest,
        top). rows: 1–100; of latest and top, tweets that are read. 1 credit a Space."""
        asked = {"q": query, "queryType": of.title(), "cursor": cursor, "pageSize": rows}
        return parse_page(Space, await self._caller.get("/x/spaces/search", asked), "spaces")

    async def replay(self, space_id: str) -> SpaceReplay:
        """The recording. Conflict while it is live or scheduled, Expired where there is none. 1 credit."""
        body = await self._caller.get(f"/x/spaces/{segment(space_id)}/replay")
        return parse_paid(SpaceReplay, body.get("replay"))

"""News and topics of other sources."""

from __future__ import annotations

from bot.xquik.models import RadarItem, RadarPage, parse_page
from bot.xquik.resources.resource import Resource


class RadarResource(Resource):
    """The radar."""

    async def list(
        self,
        *,
        source: str | None = None,
        category: str | None = None,
        hours: int | None = None,
        region: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> RadarPage:
        """News and topics of seven sources. hours 1–72, limit 1–100, after: a cursor. Free."""
        query = {
            "source": source,
            "category": category,
            "hours": hours,
            "region": region,
            "limit": limit,
            "after": after,
        }
        return parse_page(RadarItem, await self._caller.get("/radar", query), "items")

"""What regions talk about."""

from __future__ import annotations

from bot.xquik.models import Trends, parse
from bot.xquik.resources.resource import Resource


class TrendsResource(Resource):
    """The trends of X."""

    async def show(self, woeid: int = 1, count: int = 30) -> Trends:
        """What a region talks about (see `regions`); count 1–50. `prices.TRENDS`."""
        return parse(Trends, await self._caller.get("/x/trends", {"woeid": woeid, "count": count}))

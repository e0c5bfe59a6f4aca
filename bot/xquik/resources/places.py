"""Places that tweets are tagged with."""

from __future__ import annotations

from bot.xquik.models import TaggedPlaces, parse_paid
from bot.xquik.resources.resource import Resource


class PlacesResource(Resource):
    """The places of X, by which tweets are searched for."""

    async def search(self, words: str, *, rows: int) -> TaggedPlaces:
        """Those of a name, the likeliest first. words: of the name, in any language; rows: from 1. 1 credit a
        place that is given."""
        return parse_paid(
            TaggedPlaces, await self._caller.get("/x/places/search", {"q": words, "limit": rows})
        )

"""What places talk about."""

from __future__ import annotations

from typing import Final

from bot.xquik.models import (
    NewsVersion,
    Page,
    SearchSuggestions,
    TrendLocations,
    Trends,
    TrendSnapshot,
    parse_page,
    parse_paid,
)
from bot.xquik.resources.regions import WORLDWIDE, PlaceAsked
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

MOST_LISTS: Final = 100
"""Lists of the archive that are given at once."""
MOST_PLACES: Final = 1_000
"""More than there are."""


class TrendsResource(Resource):
    """The trends of X."""

    async def show(self, place: PlaceAsked = WORLDWIDE, count: int = 30) -> Trends:
        """What a place talks about now; count 1–50. `prices.TRENDS`. 400 for a name that X does not know."""
        return parse_paid(Trends, await self._caller.get("/x/trends", {**place.query, "count": count}))

    async def history(
        self,
        place: PlaceAsked,
        *,
        since: int,
        until: int,
        every: int,
        count: int = 10,
        cursor: str | None = None,
        rows: int = MOST_LISTS,
    ) -> Page[TrendSnapshot]:
        """What a place talked about, oldest first, one list a step; steps without one are left out. since,
        until: seconds ago; every: seconds; count: trends of each list, 1–50; rows: 1–100. 1 credit a list."""
        query = {
            **place.query,
            "from": f"{since}s",
            "to": f"{until}s",
            "every": f"{max(1, every // 60)}m",
            "count": count,
            "limit": rows,
            "cursor": cursor,
        }
        return parse_page(TrendSnapshot, await self._caller.get("/x/trends/history", query), "snapshots")

    async def locations(
        self, words: str | None = None, *, country: str | None = None, rows: int = MOST_PLACES
    ) -> TrendLocations:
        """The places that X has trends for. words: in their names; country: its name or code, for it and its
        towns. 1 credit a place."""
        query = {"q": words, "country": country, "limit": rows}
        return parse_paid(TrendLocations, await self._caller.get("/x/trends/locations", query))

    async def suggestions(self, words: str, *, kinds: str | None = None, rows: int = 20) -> SearchSuggestions:
        """What X suggests to who begins to type a search. kinds: users, topics, hashtags or cashtags; all
        where it is None. rows: 1–100, accounts first. 1 credit a suggestion."""
        query = {"q": words, "types": kinds, "limit": rows}
        return parse_paid(SearchSuggestions, await self._caller.get("/x/search/autocomplete", query))

    async def versions(self, story_id: str) -> Page[NewsVersion]:
        """Each version that X wrote of a news story, oldest first; nothing stands behind them. 1 credit."""
        body = await self._caller.get(f"/x/news/{segment(story_id)}/versions")
        return parse_page(NewsVersion, body, "versions")

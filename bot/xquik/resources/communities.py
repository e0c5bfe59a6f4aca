"""Communities on X."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from bot.xquik.models import (
    Community,
    CommunityInsights,
    Page,
    TopicOfCommunities,
    Tweet,
    User,
    parse_page,
    parse_paid,
    tweet_page,
)
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

LEAST_PEOPLE: Final = 20
MOST_PEOPLE: Final = 200
"""Profiles of a page of members."""
MOST_FOUND: Final = 100
"""Communities that are given at once."""

Order: TypeAlias = Literal["latest", "top"]
"""Newest first, or what X ranks highest first."""


class CommunitiesResource(Resource):
    """Communities, their people and their tweets."""

    async def show(self, community_id: str) -> Community:
        """One community with its rules. 1 credit."""
        body = await self._caller.get(f"/x/communities/{segment(community_id)}/info")
        return parse_paid(Community, body.get("community"))

    async def members(
        self, community_id: str, *, cursor: str | None = None, rows: int = MOST_PEOPLE
    ) -> Page[User]:
        """Who is in it. rows: 20–200; a page may have fewer. 1 credit a profile."""
        query = {"cursor": cursor, "pageSize": min(max(rows, LEAST_PEOPLE), MOST_PEOPLE)}
        path = f"/x/communities/{segment(community_id)}/members"
        return parse_page(User, await self._caller.get(path, query), "users")

    async def moderators(self, community_id: str, *, cursor: str | None = None) -> Page[User]:
        """Who keeps order in it, in pages as long as X has them. 1 credit a profile."""
        path = f"/x/communities/{segment(community_id)}/moderators"
        return parse_page(User, await self._caller.get(path, {"cursor": cursor}), "users")

    async def tweets(
        self, community_id: str, *, order: Order | None = None, cursor: str | None = None, rows: int = 100
    ) -> Page[Tweet]:
        """What is written in it, newest first unless asked otherwise. rows: 1–100. 1 credit a tweet."""
        query = {"queryType": order.title() if order else None, "cursor": cursor, "pageSize": rows}
        path = f"/x/communities/{segment(community_id)}/tweets"
        return tweet_page(await self._caller.get(path, query))

    async def search(
        self,
        query: str,
        *,
        community_id: str,
        order: Order | None = None,
        cursor: str | None = None,
        rows: int = 100,
    ) -> Page[Tweet]:
        """What is written in one community and found by a search. rows: 1–100. 1 credit a tweet."""
        asked = {
            "q": query,
            "communityId": community_id,
            "queryType": order.title() if order else None,
            "cursor": cursor,
            "pageSize": rows,
        }
        return tweet_page(await self._caller.get("/x/communities/search", asked))

    async def search_all(
        self, query: str, *, order: Order | None = None, cursor: str | None = None, rows: int = 100
    ) -> Page[Tweet]:
        """The same in every community."""
        asked = {
            "q": query,
            "queryType": order.title() if order else None,
            "cursor": cursor,
            "pageSize": rows,
        }
        return tweet_page(await self._caller.get("/x/communities/tweets", asked))

    async def find(self, query: str, *, cursor: str | None = None, rows: int = 100) -> Page[Community]:
        """Communities about something, in X's order. rows: 1–100. 1 credit a community."""
        asked = {"q": query, "cursor": cursor, "pageSize": rows}
        return parse_page(Community, await self._caller.get("/x/communities/find", asked), "communities")

    async def popular(
        self, topic: str, *, cursor: str | None = None, rows: int = MOST_FOUND
    ) -> Page[Community]:
        """What X ranks highest under a topic, by its name. rows: 1–100. 1 credit a community. Rejected
        (`invalid_community_topic`) for a topic that X does not have."""
        asked = {"topic": topic, "cursor": cursor, "pageSize": rows}
        return parse_page(Community, await self._caller.get("/x/communities/popular", asked), "communities")

    async def suggested(self, *, rows: int = MOST_FOUND) -> Page[Community]:
        """Communities that X suggests, others each time; nothing stands behind them. rows: 1–100. 1 credit a
        community."""
        body = await self._caller.get("/x/communities/suggested", {"limit": rows})
        return parse_page(Community, body, "communities")

    async def topics(self, *, rows: int = MOST_FOUND) -> Page[TopicOfCommunities]:
        """The topics that X groups communities under, with narrower ones; nothing stands behind them. rows:
        1–100. 1 credit a topic."""
        body = await self._caller.get("/x/communities/topics", {"limit": rows})
        return parse_page(TopicOfCommunities, body, "topics")

    async def insights(self, community_id: str) -> CommunityInsights:
        """How lively it was on the latest day, against the day before. 1 credit."""
        body = await self._caller.get(f"/x/communities/{segment(community_id)}/analytics")
        return parse_paid(CommunityInsights, body)

    async def media(
        self, community_id: str, *, cursor: str | None = None, rows: int = MOST_FOUND
    ) -> Page[Tweet]:
        """What is written in it with pictures or videos, newest first. rows: 1–100. 1 credit a tweet."""
        path = f"/x/communities/{segment(community_id)}/media"
        return tweet_page(await self._caller.get(path, {"cursor": cursor, "pageSize": rows}))

    async def members_named(self, community_id: str, words: str) -> Page[User]:
        """Its members among the ten accounts that X finds by a name; nothing stands behind them. 1 credit a
        profile."""
        path = f"/x/communities/{segment(community_id)}/members/search"
        return parse_page(User, await self._caller.get(path, {"q": words}), "users")

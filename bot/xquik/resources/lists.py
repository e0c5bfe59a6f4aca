"""Lists of accounts on X."""

from __future__ import annotations

from typing import Final

from bot.xquik.models import Page, Tweet, User, XList, parse_page, parse_paid, tweet_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

LEAST_PEOPLE: Final = 20
MOST_PEOPLE: Final = 200
"""Profiles of a page, as the published document has it; the newest SDK allows 300."""


class ListsResource(Resource):
    """Public lists. NotFound for a private one, which Xquik does not tell from none."""

    async def show(self, list_id: str) -> XList:
        """One list with its owner. 1 credit."""
        body = await self._caller.get(f"/x/lists/{segment(list_id)}")
        return parse_paid(XList, body.get("list"))

    async def members(
        self, list_id: str, *, cursor: str | None = None, rows: int = MOST_PEOPLE
    ) -> Page[User]:
        """Whose tweets it shows. rows: 20–200; a page may have fewer. 1 credit a profile."""
        return await self._people(f"/x/lists/{segment(list_id)}/members", cursor, rows)

    async def followers(
        self, list_id: str, *, cursor: str | None = None, rows: int = MOST_PEOPLE
    ) -> Page[User]:
        """Who follows it. rows: 20–200; a page may have fewer. 1 credit a profile."""
        return await self._people(f"/x/lists/{segment(list_id)}/followers", cursor, rows)

    async def tweets(self, list_id: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What its members write, newest first. rows: 1–100; a page may have fewer. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/lists/{segment(list_id)}/tweets", query))

    async def search(self, query: str, *, cursor: str | None = None, rows: int = 100) -> Page[XList]:
        """Lists about something, as X ranks them. rows: 1–100; a page may have fewer. 1 credit a list."""
        asked = {"q": query, "cursor": cursor, "pageSize": rows}
        return parse_page(XList, await self._caller.get("/x/lists/search", asked), "lists")

    async def _people(self, path: str, cursor: str | None, rows: int) -> Page[User]:
        query = {"cursor": cursor, "pageSize": min(max(rows, LEAST_PEOPLE), MOST_PEOPLE)}
        return parse_page(User, await self._caller.get(path, query), "users")

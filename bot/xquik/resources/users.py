"""People on X."""

from __future__ import annotations

from typing import Final

from bot.xquik.models import Page, Tweet, User, parse, parse_page, tweet_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

LEAST_ROWS: Final = 20
MOST_ROWS: Final = 300
"""Profiles of a page: fewer than 20 cannot be asked for, and more than 300 are not given."""


class UsersResource(Resource):
    """Profiles on X."""

    async def show(self, name: str) -> User:
        """One profile, by username without @ or by id. 1 credit."""
        return parse(User, await self._caller.get(f"/x/users/{segment(name)}"))

    async def followers(self, name: str, *, cursor: str | None = None, rows: int = MOST_ROWS) -> Page[User]:
        """Who follows an account, newest first. rows: 20–300; a page may have fewer, or none, and others
        behind it. 1 credit a profile."""
        query = {"cursor": cursor, "pageSize": min(max(rows, LEAST_ROWS), MOST_ROWS)}
        return parse_page(User, await self._caller.get(f"/x/users/{segment(name)}/followers", query), "users")

    async def tweets(self, name: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What an account writes and reposts, newest first. rows: 1–300. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/users/{segment(name)}/tweets", query))

"""Tweets."""

from __future__ import annotations

from bot.xquik.models import Page, Tweet, tweet_from_body, tweet_page
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class TweetsResource(Resource):
    """Tweets on X."""

    async def show(self, tweet_id: str) -> Tweet:
        """One tweet with its author. 1 credit."""
        return tweet_from_body(await self._caller.get(f"/x/tweets/{segment(tweet_id)}"))

    async def quotes(self, tweet_id: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What quotes it, newest first. rows: 1–300; a page may have fewer. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/tweets/{segment(tweet_id)}/quotes", query))

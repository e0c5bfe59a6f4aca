"""Tweets."""

from __future__ import annotations

from bot.xquik.models import Tweet, tweet_from_body
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class TweetsResource(Resource):
    """Tweets on X."""

    async def show(self, tweet_id: str) -> Tweet:
        """One tweet with its author. 1 credit."""
        return tweet_from_body(await self._caller.get(f"/x/tweets/{segment(tweet_id)}"))

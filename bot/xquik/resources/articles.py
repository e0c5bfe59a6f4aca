"""Articles on X."""

from __future__ import annotations

from bot.xquik.models import Article, article_from_body
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment


class ArticlesResource(Resource):
    """Long texts on X."""

    async def show(self, tweet_id: str) -> Article:
        """The article that a tweet shows, with its whole text; NotFound where it shows none. 5 credits."""
        return article_from_body(await self._caller.get(f"/x/articles/{segment(tweet_id)}"), tweet_id)

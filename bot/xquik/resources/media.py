"""Media of tweets, saved to galleries.

A download spends credits and has no Idempotency-Key. It is sent once and never repeated by itself: write a
durable intent before calling. When `AnswerLost` comes back, or the process died in between, it is looked up
before it is offered again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.xquik.models import MediaDownload, parse_paid
from bot.xquik.resources.resource import Resource

DOWNLOAD_LIMIT: Final = 50
"""Posts in one download request."""


class MediaResource(Resource):
    """Downloads of media."""

    async def download(self, tweet: str) -> MediaDownload:
        """Save the media of one tweet (link or id) to a gallery. 1 credit; free when saved before."""
        return await self._download({"tweetInput": tweet})

    async def download_many(self, tweets: Sequence[str]) -> MediaDownload:
        """Save the media of up to 50 posts to one gallery. Posts that fail are skipped silently:
        compare `total_tweets` with what was asked for."""
        if not 1 <= len(tweets) <= DOWNLOAD_LIMIT:
            raise UsageError(
                msg("A download takes 1 to {most} tweets at once.", most=DOWNLOAD_LIMIT),
                option="tweets",
                code="too_many_tweets",
                remedy=msg("Split them over several requests."),
            )
        return await self._download({"tweetIds": list(tweets)})

    async def _download(self, body: dict[str, Any]) -> MediaDownload:
        answer = await self._caller.ask("POST", "/x/media/download", kind="spend", json=body)
        return parse_paid(MediaDownload, answer.body)

"""What spends credits: draws, which take an Idempotency-Key, and downloads, which have none.

Each call is sent once and never repeated by itself. Write a durable intent before calling, with the key.
When `AnswerLost` comes back, or the process died in between, the same draw with the same key is the same
one draw; a download is looked up before it is offered again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.errors import BotError, UsageError
from bot.xquik.models import DrawDetail, MediaDownload, parse
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

DOWNLOAD_LIMIT: Final = 50
"""Posts in one download request."""


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """A draw over the replies of one tweet. tweet_url: the full x.com or twitter.com address."""

    tweet_url: str
    winner_count: int = 1
    backup_count: int | None = None
    unique_authors_only: bool | None = None
    must_retweet: bool | None = None
    must_follow_username: str | None = None
    filter_min_followers: int | None = None
    filter_account_age_days: int | None = None
    filter_language: str | None = None
    required_keywords: tuple[str, ...] = ()
    required_hashtags: tuple[str, ...] = ()
    required_mentions: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """The request body; what was not asked for is left out."""
        values: dict[str, Any] = {
            "tweetUrl": self.tweet_url,
            "winnerCount": self.winner_count,
            "backupCount": self.backup_count,
            "uniqueAuthorsOnly": self.unique_authors_only,
            "mustRetweet": self.must_retweet,
            "mustFollowUsername": self.must_follow_username,
            "filterMinFollowers": self.filter_min_followers,
            "filterAccountAgeDays": self.filter_account_age_days,
            "filterLanguage": self.filter_language,
            "requiredKeywords": list(self.required_keywords) or None,
            "requiredHashtags": list(self.required_hashtags) or None,
            "requiredMentions": list(self.required_mentions) or None,
        }
        return {name: value for name, value in values.items() if value is not None}


class XquikSpends:
    """The spending requests of one tenant."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create_draw(self, request: DrawRequest, idempotency_key: str) -> DrawDetail:
        """Run a draw and return it with its winners. Costs about 1 credit for each entry inspected.

        idempotency_key: 1–255 printable ASCII characters, stored before this call. The same key with the
        same request is the same draw, charged once; with another it is `idempotency_conflict`, and while
        the first still runs `idempotency_in_progress`.

        Raises AnswerLost when it may have run. Should only the winners be missing, because an older
        answer has none and they could not be read afterwards, they are None in the result: the
        draw itself is never lost.
        """
        answer = await self._caller.ask(
            "POST", "/draws", kind="spend", json=request.body(), idempotency_key=idempotency_key
        )
        drawn = DrawDetail.from_body(answer.body)
        if drawn.winners is not None:
            return drawn
        try:
            return DrawDetail.from_body(await self._caller.get(f"/draws/{segment(drawn.draw.id)}"))
        except BotError:
            return drawn

    async def download(self, tweet: str) -> MediaDownload:
        """Save the media of one tweet (link or id) to a gallery. 1 credit; free when saved before."""
        return await self._download({"tweetInput": tweet})

    async def download_many(self, tweets: Sequence[str]) -> MediaDownload:
        """Save the media of up to 50 posts to one gallery. Posts that fail are skipped silently:
        compare `total_tweets` with what was asked for."""
        if not 1 <= len(tweets) <= DOWNLOAD_LIMIT:
            raise UsageError(
                f"A download takes 1 to {DOWNLOAD_LIMIT} tweets at once.",
                option="tweets",
                code="too_many_tweets",
                remedy="Split them over several requests.",
            )
        return await self._download({"tweetIds": list(tweets)})

    async def _download(self, body: dict[str, Any]) -> MediaDownload:
        answer = await self._caller.ask("POST", "/x/media/download", kind="spend", json=body)
        return parse(MediaDownload, answer.body)

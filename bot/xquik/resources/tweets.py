"""Tweets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.xquik.models import (
    Page,
    RepliesPage,
    RepostCheck,
    ResolvedLinks,
    SearchPage,
    Subtitles,
    Tweet,
    TweetEmbed,
    TweetInsights,
    TweetTranslation,
    User,
    parse_page,
    parse_paid,
    replies_page,
    search_page,
    tweet_from_body,
    tweet_page,
)
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

LEAST_PEOPLE: Final = 20
MOST_PEOPLE: Final = 200
"""Profiles of a page."""

NEWEST: Final = "Latest"  # no message: a word of Xquik's
"""The order of a search that has the newest first."""


class TweetsResource(Resource):
    """Tweets on X."""

    async def show(self, tweet_id: str) -> Tweet:
        """One tweet with its author. 1 credit."""
        return tweet_from_body(await self._caller.get(f"/x/tweets/{segment(tweet_id)}"))

    async def several(self, ids: Sequence[str]) -> Page[Tweet]:
        """Tweets, by their ids: 1–100; what X does not have is left out. 1 credit a tweet that is found."""
        return tweet_page(await self._caller.get("/x/tweets", {"ids": ",".join(ids)}))

    async def quotes(self, tweet_id: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What quotes it, newest first. rows: 1–300; a page may have fewer. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/tweets/{segment(tweet_id)}/quotes", query))

    async def thread(self, tweet_id: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """The conversation around it that X shows, oldest first. rows: 1–100. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/tweets/{segment(tweet_id)}/thread", query))

    async def replies(
        self,
        tweet_id: str,
        *,
        cursor: str | None = None,
        rows: int = 100,
        sort: str | None = None,
        language: str | None = None,
        media_only: bool = False,
        others_only: bool = False,
    ) -> RepliesPage:
        """The direct replies, newest first where `sort` says nothing else. rows: 1–300; a page may have
        fewer, or none, and others behind it. sort: latest, oldest, likes or relevance. others_only: none by
        the author of the tweet. 1 credit a tweet."""
        query = {
            "cursor": cursor,
            "pageSize": rows,
            "sort": sort,
            "language": language,
            "hasMediaOnly": "true" if media_only else None,
            "excludeOriginalAuthor": "true" if others_only else None,
        }
        return replies_page(await self._caller.get(f"/x/tweets/{segment(tweet_id)}/replies", query))

    async def hidden_replies(
        self,
        tweet_id: str,
        *,
        cursor: str | None = None,
        rows: int = 100,
        language: str | None = None,
        media_only: bool = False,
    ) -> Page[Tweet]:
        """The replies that its author hid, oldest first, each with the replies to it. rows: 1–100. 1 credit a
        tweet."""
        query = {
            "cursor": cursor,
            "pageSize": rows,
            "language": language,
            "mediaType": "media" if media_only else None,
        }
        return tweet_page(await self._caller.get(f"/x/tweets/{segment(tweet_id)}/hidden-replies", query))

    async def reposted_by(self, tweet_id: str, user: str) -> RepostCheck:
        """Whether an account, by its name, is seen to have reposted it. 1 credit."""
        path = f"/x/tweets/{segment(tweet_id)}/retweeters/check"
        return parse_paid(RepostCheck, await self._caller.get(path, {"user": user}))

    async def embed(self, tweet_id: str, *, theme: str | None = None) -> TweetEmbed:
        """The HTML that shows it on a website. theme: light or dark. 1 credit."""
        answer = await self._caller.get(f"/x/tweets/{segment(tweet_id)}/embed", {"theme": theme})
        return parse_paid(TweetEmbed, answer.get("embed"))

    async def subtitles(self, tweet_id: str) -> Subtitles:
        """What is said in its videos, in every language there is. 1 credit; free where there are none."""
        answer = await self._caller.get(f"/x/tweets/{segment(tweet_id)}/subtitles")
        return parse_paid(Subtitles, answer.get("subtitles"))

    async def resolved(self, links: Sequence[str]) -> ResolvedLinks:
        """Where links of t.co lead, by X's own word; nobody visits what stands there. links: 1–100.
        1 credit a link that leads somewhere."""
        return parse_paid(
            ResolvedLinks, await self._caller.get("/x/links/resolve", {"urls": ",".join(links)})
        )

    async def retweeters(
        self, tweet_id: str, *, cursor: str | None = None, rows: int = MOST_PEOPLE
    ) -> Page[User]:
        """Who reposted it. rows: 20–200; a page may have fewer. 1 credit a profile."""
        return await self._people(tweet_id, "retweeters", cursor, rows)

    async def likers(
        self, tweet_id: str, *, cursor: str | None = None, rows: int = MOST_PEOPLE
    ) -> Page[User]:
        """Who likes a tweet of a connected account: X shows that to its author alone, and for any other Xquik
        answers `account_required`. rows: 20–200. 1 credit a profile."""
        return await self._people(tweet_id, "favoriters", cursor, rows)

    async def search(
        self,
        query: str,
        *,
        order: str = NEWEST,
        cursor: str | None = None,
        rows: int = 100,
        media: str | None = None,
    ) -> SearchPage:
        """What a search of X finds, by its operators. query: to 512 characters; order: Latest or Top; media:
        images, videos, gifs or media, looked for by Xquik. A page may have fewer than `rows` (1–10,000), or
        none, and others behind it. 1 credit a tweet; what X no longer searches for is 424
        `search_unavailable`, and free."""
        sent = {"q": query, "queryType": order, "cursor": cursor, "limit": rows, "mediaType": media}
        return search_page(await self._caller.get("/x/tweets/search", sent))

    async def top(
        self,
        *,
        metric: str = "likes",
        window: str = "day",
        country: str | None = None,
        language: str | None = None,
        cursor: str | None = None,
        rows: int = 20,
    ) -> Page[Tweet]:
        """What X ranks highest; the list ends at 100, and a page at 20. metric: likes, replies, quotes,
        bookmarks, shares or views; window: day, week or month; country: its ISO 3166 code, language: its
        code: one of the two at most. 1 credit a tweet."""
        sent = {
            "metric": metric,
            "window": window,
            "country": country,
            "language": language,
            "cursor": cursor,
            "pageSize": rows,
        }
        return tweet_page(await self._caller.get("/x/tweets/top", sent))

    async def translation(self, tweet_id: str, language: str) -> TweetTranslation:
        """X's own translation of it. language: its code, like en or pt-br. 1 credit."""
        sent = {"language": language}
        answer = await self._caller.get(f"/x/tweets/{segment(tweet_id)}/translation", sent)
        return parse_paid(TweetTranslation, answer.get("translation"))

    async def insights(self, tweet_id: str) -> TweetInsights:
        """How it does for its age, its views and its author's followers. 1 credit."""
        answer = await self._caller.get(f"/x/tweets/{segment(tweet_id)}/insights")
        return parse_paid(TweetInsights, answer.get("insights"))

    async def _people(self, tweet_id: str, which: str, cursor: str | None, rows: int) -> Page[User]:
        query = {"cursor": cursor, "pageSize": min(max(rows, LEAST_PEOPLE), MOST_PEOPLE)}
        answer = await self._caller.get(f"/x/tweets/{segment(tweet_id)}/{which}", query)
        return parse_page(User, answer, "users")

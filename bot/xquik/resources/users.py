"""People on X."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.xquik.models import (
    Article,
    BioTranslation,
    FollowCheck,
    Page,
    Tweet,
    User,
    UserInsights,
    XList,
    article_page,
    parse_page,
    parse_paid,
    tweet_page,
)
from bot.xquik.models.people import (
    BioTranslated,
    InsightsReport,
    TweetsLooked,
    UsersLooked,
    tweets_looked,
)
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import Query, segment

LEAST_ROWS: Final = 20
MOST_ROWS: Final = 300
"""Profiles of a page: fewer than 20 cannot be asked for, and more than 300 are not given."""
MOST_KNOWN: Final = 200
"""Of those that you follow too."""
MOST_NAMED: Final = 200
"""Profiles of those that an account names itself, or that X names with it."""
MOST_FOUND: Final = 100
"""Profiles that a search gives at once, and tweets of the lists that are shorter than the timeline."""


class UsersResource(Resource):
    """Profiles on X."""

    async def show(self, name: str) -> User:
        """One profile, by username without @ or by id. 1 credit."""
        return parse_paid(User, await self._caller.get(f"/x/users/{segment(name)}"))

    async def followers(self, name: str, *, cursor: str | None = None, rows: int = MOST_ROWS) -> Page[User]:
        """Who follows an account, newest first. rows: 20–300; a page may have fewer, or none, and others
        behind it. 1 credit a profile."""
        query = {"cursor": cursor, "pageSize": min(max(rows, LEAST_ROWS), MOST_ROWS)}
        return parse_page(User, await self._caller.get(f"/x/users/{segment(name)}/followers", query), "users")

    async def tweets(self, name: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What an account writes and reposts, newest first. rows: 1–300. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/users/{segment(name)}/tweets", query))

    async def replies(self, name: str, *, cursor: str | None = None, rows: int = 100) -> Page[Tweet]:
        """What an account answers to others, newest first. rows: 1–300. 1 credit a tweet."""
        query = {"cursor": cursor, "pageSize": rows, "replies": "only"}
        return tweet_page(await self._caller.get(f"/x/users/{segment(name)}/replies", query))

    async def media(self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND) -> Page[Tweet]:
        """What an account writes with pictures or videos, newest first. rows: 1–100. 1 credit a tweet."""
        return await self._posts(name, "media", cursor, rows)

    async def mentions(self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND) -> Page[Tweet]:
        """What others write that names an account, newest first. rows: 1–100. 1 credit a tweet."""
        return await self._posts(name, "mentions", cursor, rows)

    async def likes(self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND) -> Page[Tweet]:
        """What a connected account likes, newest first; X shows nobody else's. rows: 1–100.
        1 credit a tweet."""
        return await self._posts(name, "likes", cursor, rows)

    async def following(self, name: str, *, cursor: str | None = None, rows: int = MOST_ROWS) -> Page[User]:
        """Whom an account follows. rows: 20–300, as of `followers`. 1 credit a profile."""
        return await self._people(name, "following", cursor, min(max(rows, LEAST_ROWS), MOST_ROWS))

    async def verified_followers(
        self, name: str, *, cursor: str | None = None, rows: int = MOST_ROWS
    ) -> Page[User]:
        """Who of the followers has a badge. rows: 20–300, as of `followers`. 1 credit a profile."""
        return await self._people(name, "verified-followers", cursor, min(max(rows, LEAST_ROWS), MOST_ROWS))

    async def known_followers(
        self, name: str, *, cursor: str | None = None, rows: int = MOST_KNOWN
    ) -> Page[User]:
        """Who of those that your connected account follows follows another account, too. rows: 20–200.
        1 credit a profile."""
        return await self._people(name, "followers-you-know", cursor, min(max(rows, LEAST_ROWS), MOST_KNOWN))

    async def similar(self, name: str, *, cursor: str | None = None, rows: int = MOST_NAMED) -> Page[User]:
        """Whom X names with an account as alike, a little differently each time. rows: 1–200. 1 credit a
        profile."""
        return await self._people(name, "similar", cursor, rows)

    async def affiliates(self, name: str, *, cursor: str | None = None, rows: int = MOST_NAMED) -> Page[User]:
        """Whom an organization names as its own. rows: 1–200. 1 credit a profile."""
        return await self._people(name, "affiliates", cursor, rows)

    async def highlights(
        self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND
    ) -> Page[Tweet]:
        """The tweets that an account puts forward itself, in its own order. rows: 1–100. 1 credit a tweet."""
        return await self._posts(name, "highlights", cursor, rows)

    async def articles(
        self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND
    ) -> Page[Article]:
        """The articles of an account, newest first, without their texts. rows: 1–100. 1 credit each."""
        query: Query = {"cursor": cursor, "pageSize": rows}
        return article_page(await self._caller.get(f"/x/users/{segment(name)}/articles", query))

    async def lists(self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND) -> Page[XList]:
        """The public lists that an account made. rows: 1–100. 1 credit a list; none of a private account."""
        return await self._lists(name, "lists", cursor, rows)

    async def memberships(
        self, name: str, *, cursor: str | None = None, rows: int = MOST_FOUND
    ) -> Page[XList]:
        """The public lists that an account is on, as `lists`."""
        return await self._lists(name, "list-memberships", cursor, rows)

    async def search(self, words: str, *, cursor: str | None = None, rows: int = MOST_FOUND) -> Page[User]:
        """Whose name or username has these words, best first. rows: 1–100. 1 credit a profile."""
        query = {"q": words, "cursor": cursor, "pageSize": rows}
        return parse_page(User, await self._caller.get("/x/users/search", query), "users")

    async def check(self, source: str, target: str) -> FollowCheck:
        """Whether one account follows the other, and the other it. `prices.FOLLOW_CHECK`."""
        query = {"source": source, "target": target}
        return parse_paid(FollowCheck, await self._caller.get("/x/followers/check", query))

    async def insights(self, name: str) -> UserInsights:
        """How much an account writes and what comes of it, by its last 20 tweets. 1 credit a report."""
        body = await self._caller.get(f"/x/users/{segment(name)}/insights")
        return parse_paid(InsightsReport, body).insights

    async def translation(self, name: str, language: str) -> BioTranslation | None:
        """What an account says of itself, in another language (a code); None where it says nothing, for
        nothing. Else 1 credit."""
        body = await self._caller.get(f"/x/users/{segment(name)}/translation", {"language": language})
        return parse_paid(BioTranslated, body).translation

    async def several(self, names: Sequence[str]) -> UsersLooked:
        """Profiles, by usernames: 1–100. 1 credit a profile that is found."""
        return parse_paid(
            UsersLooked, await self._caller.get("/x/users/batch", {"usernames": ",".join(names)})
        )

    async def newest(self, names: Sequence[str], *, rows: int = 1) -> TweetsLooked:
        """The newest tweets of accounts, by usernames: 1–20. rows: 1–20 of each. 1 credit a tweet."""
        query: Query = {"usernames": ",".join(names), "pageSize": rows}
        return tweets_looked(await self._caller.get("/x/users/batch/tweets", query))

    async def _posts(self, name: str, which: str, cursor: str | None, rows: int) -> Page[Tweet]:
        query = {"cursor": cursor, "pageSize": rows}
        return tweet_page(await self._caller.get(f"/x/users/{segment(name)}/{which}", query))

    async def _people(self, name: str, which: str, cursor: str | None, rows: int) -> Page[User]:
        query = {"cursor": cursor, "pageSize": rows}
        return parse_page(User, await self._caller.get(f"/x/users/{segment(name)}/{which}", query), "users")

    async def _lists(self, name: str, which: str, cursor: str | None, rows: int) -> Page[XList]:
        query = {"cursor": cursor, "pageSize": rows}
        return parse_page(XList, await self._caller.get(f"/x/users/{segment(name)}/{which}", query), "lists")

"""Posts and people on X. Everything textual here is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import field
from msgspec.structs import force_setattr

from bot.core.text.shortening import decoded
from bot.core.x.readings import TweetReading, read_tweet, tweet_data
from bot.xquik.models.base import Model, Page, paged, unexpected_shape

# Posts are read in one place, whether an event or an answer holds them.
Tweet: TypeAlias = TweetReading


class User(Model, frozen=True, kw_only=True):
    """A profile on X. Counts are None where X did not give them."""

    id: str = ""
    username: str = ""
    name: str = ""
    description: str | None = None
    followers: int | None = None
    following: int | None = None
    statuses_count: int | None = None
    verified: bool = False
    is_blue_verified: bool = False
    verified_type: str | None = None
    protected: bool = False
    profile_picture: str | None = None
    cover_picture: str | None = None
    location: str | None = None
    website: str | None = field(default=None, name="url")
    created_at: str | None = None
    unavailable: bool = False
    unavailable_reason: str | None = None

    def __post_init__(self) -> None:
        """X's texts come with three characters encoded (`decoded`)."""
        for name in ("name", "description", "location"):
            value = getattr(self, name)
            if value and "&" in value:
                force_setattr(self, name, decoded(value))

    @property
    def url(self) -> str:
        """The profile on X."""
        return f"https://x.com/{self.username}" if self.username else f"https://x.com/i/user/{self.id}"

    @property
    def is_verified(self) -> bool:
        """Any badge."""
        return self.verified or self.is_blue_verified


def tweet_from_body(body: Mapping[str, Any]) -> Tweet:
    """The tweet of `{tweet, author}` (a look-up), or of a bare tweet that holds its author.

    UpstreamUnavailable when there is no post in it.
    """
    tweet = read_tweet(body)
    if not tweet.id or not isinstance(tweet_data(body).get("text", ""), str):
        raise unexpected_shape("Tweet")  # no message: a name
    return tweet


def tweet_page(body: Mapping[str, Any], name: str = "tweets") -> Page[Tweet]:
    """A page of tweets, each with its author inside; what has no id cannot be read."""
    found = body.get(name)
    rows = found if isinstance(found, list) else []
    readings = (read_tweet(row) for row in rows if isinstance(row, Mapping))
    tweets = tuple(tweet for tweet in readings if tweet.id)
    return paged(tweets, len(rows) - len(tweets), body)


class SearchPage(Model, frozen=True, kw_only=True):
    """A page of a search. searched_query: as X ran it, where Xquik corrected it. read_back_to: everything
    newer was looked through, also where the page has nothing of it. unreadable: as of a `Page`."""

    items: tuple[Tweet, ...] = ()
    has_more: bool = False
    next_cursor: str | None = None
    unreadable: int = 0
    searched_query: str | None = None
    read_back_to: str | None = None


def search_page(body: Mapping[str, Any]) -> SearchPage:
    """A page of a search; what cannot be read of its remarks is left out."""
    page = tweet_page(body)
    ran, read = body.get("searchedQuery"), body.get("readBackTo")
    return SearchPage(
        items=page.items,
        has_more=page.has_more,
        next_cursor=page.next_cursor,
        unreadable=page.unreadable,
        searched_query=ran if isinstance(ran, str) and ran else None,
        read_back_to=read if isinstance(read, str) else None,
    )


class RepliesPage(Model, frozen=True, kw_only=True):
    """A page of replies, and what X keeps back of them.

    hidden_replies: counted by X and shown to nobody. order_partial: some are missing between these.
    partial_before: X shows only some of those from before that time. unreadable: as of a `Page`.
    """

    items: tuple[Tweet, ...] = ()
    has_more: bool = False
    next_cursor: str | None = None
    unreadable: int = 0
    hidden_replies: int = 0
    order_partial: bool = False
    partial_before: str | None = None


def replies_page(body: Mapping[str, Any]) -> RepliesPage:
    """A page of replies; what cannot be read of its remarks is left out."""
    page = tweet_page(body)
    hidden, before = body.get("hiddenReplies"), body.get("partialBefore")
    return RepliesPage(
        items=page.items,
        has_more=page.has_more,
        next_cursor=page.next_cursor,
        unreadable=page.unreadable,
        hidden_replies=hidden if type(hidden) is int and hidden > 0 else 0,
        order_partial=body.get("orderPartial") is True,
        partial_before=before if isinstance(before, str) else None,
    )

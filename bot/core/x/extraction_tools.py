"""The tools of extractions: what each collects, from what, and what it can be narrowed by. Pure.

The one table; `bot.core.x.extraction_requests` reads what people ask for by it. Source: the vendor's SDK
0.19; `tests/facts/test_extraction_tools.py` compares it, so that a new tool fails there.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from bot.core.messages.message import Message, msg
from bot.core.x import prices
from bot.core.x.extraction_filters import (
    ENRICHED,
    OF_PEOPLE,
    OF_REPLIES,
    OF_SEARCHES,
    OF_TWEET_SEARCH,
    QUERY,
    ExtractionFilter,
)

MOST_RESULTS: Final = 1_000_000
"""Results that somebody may ask for at the most: the documents name no bound."""


class TargetKind(StrEnum):
    """What a tool collects from; each is the field of Xquik's that holds it."""

    ACCOUNT = "targetUsername"
    TWEET = "targetTweetId"
    LIST = "targetListId"
    COMMUNITY = "targetCommunityId"
    SPACE = "targetSpaceId"
    SEARCH = "searchQuery"


class RowKind(StrEnum):
    """What the results are."""

    PEOPLE = "people"
    TWEETS = "tweets"


class ExtractionTool(msgspec.Struct, frozen=True):
    """One tool. word: as people write it; name: as Xquik calls it; words: what it collects. needs: filters
    without which it does nothing. price: credits a result, where Xquik does not say. hidden: to whom alone X
    shows what it collects, None where it shows it to everybody."""

    word: str
    name: str
    words: Message
    target: TargetKind
    rows: RowKind
    filters: tuple[ExtractionFilter, ...] = ()
    needs: tuple[str, ...] = ()
    price: int = prices.EXTRACTION_RESULT
    hidden: Message | None = None

    @property
    def by_name(self) -> Mapping[str, ExtractionFilter]:
        """Its filters by the names that people write."""
        return {one.name: one for one in self.filters}


_SEARCHED: Final = (*OF_SEARCHES, *OF_TWEET_SEARCH)
_ENRICHED: Final = (*OF_PEOPLE, ENRICHED)


def _people(
    word: str,
    name: str,
    words: Message,
    target: TargetKind,
    filters: tuple[ExtractionFilter, ...] = OF_PEOPLE,
    hidden: Message | None = None,
) -> ExtractionTool:
    return ExtractionTool(word, name, words, target, RowKind.PEOPLE, filters, hidden=hidden)


def _tweets(
    word: str,
    name: str,
    words: Message,
    target: TargetKind,
    filters: tuple[ExtractionFilter, ...] = (),
    needs: tuple[str, ...] = (),
    price: int = prices.EXTRACTION_RESULT,
    hidden: Message | None = None,
) -> ExtractionTool:
    return ExtractionTool(word, name, words, target, RowKind.TWEETS, filters, needs, price, hidden)


_ACCOUNT, _TWEET, _LIST = TargetKind.ACCOUNT, TargetKind.TWEET, TargetKind.LIST
_COMMUNITY, _SEARCH = TargetKind.COMMUNITY, TargetKind.SEARCH

_LIKES_HIDDEN: Final = msg(
    "X shows what an account likes to that account alone: of others, it may collect nothing."
)
_LIKERS_HIDDEN: Final = msg(
    "X shows who likes a tweet to its author alone: of other tweets, it may collect nobody."
)

TOOLS: Final = (
    _people("followers", "follower_explorer", msg("Followers of an account"), _ACCOUNT, _ENRICHED),
    _people("following", "following_explorer", msg("Accounts that an account follows"), _ACCOUNT, _ENRICHED),
    _people(
        "verified-followers",
        "verified_follower_explorer",
        msg("Verified followers of an account"),
        _ACCOUNT,
        _ENRICHED,
    ),
    _tweets("tweets", "post_extractor", msg("Tweets of an account"), _ACCOUNT),
    _tweets("mentions", "mention_extractor", msg("Tweets that mention an account"), _ACCOUNT),
    _tweets("likes", "user_likes", msg("Tweets that an account likes"), _ACCOUNT, hidden=_LIKES_HIDDEN),
    _tweets("media", "user_media", msg("Tweets of an account with media"), _ACCOUNT),
    _tweets("replies", "reply_extractor", msg("Replies to a tweet"), _TWEET, OF_REPLIES),
    _tweets("quotes", "quote_extractor", msg("Quotes of a tweet"), _TWEET),
    _people("reposters", "repost_extractor", msg("Who reposted a tweet"), _TWEET, _ENRICHED),
    _people("likers", "favoriters", msg("Who likes a tweet"), _TWEET, hidden=_LIKERS_HIDDEN),
    _tweets("thread", "thread_extractor", msg("Tweets of a thread"), _TWEET),
    _tweets("article", "article_extractor", msg("Article of a tweet"), _TWEET, price=prices.ARTICLE),
    _tweets("tweet-search", "tweet_search_extractor", msg("Tweets of a search"), _SEARCH, _SEARCHED),
    _people("people-search", "people_search", msg("Accounts of a search"), _SEARCH, _ENRICHED),
    _people("list-members", "list_member_extractor", msg("Members of a list"), _LIST),
    _people("list-followers", "list_follower_explorer", msg("Followers of a list"), _LIST),
    _tweets("list-tweets", "list_post_extractor", msg("Tweets of a list"), _LIST),
    _people("community-members", "community_extractor", msg("Members of a community"), _COMMUNITY),
    _people(
        "community-moderators", "community_moderator_explorer", msg("Moderators of a community"), _COMMUNITY
    ),
    _tweets("community-tweets", "community_post_extractor", msg("Tweets of a community"), _COMMUNITY),
    _tweets(
        "community-search", "community_search", msg("Tweets of a search in a community"), _COMMUNITY,
        (QUERY, *OF_SEARCHES), ("query",),
    ),
    _people("space", "space_explorer", msg("Hosts and speakers of a Space"), TargetKind.SPACE),
)  # fmt: skip
"""As they are offered."""
_BY_NAME: Final = {tool.name: tool for tool in TOOLS}
_BY_WORD: Final = {tool.word: tool for tool in TOOLS}


def tool_called(word: str) -> ExtractionTool:
    """The tool that people call so; KeyError for none."""
    return _BY_WORD[word]


def tool_of(name: str) -> ExtractionTool | None:
    """The tool that Xquik calls so; None for one that is newer than this table."""
    return _BY_NAME.get(name)

"""The commands of `tweet` that read what is around a tweet."""

from __future__ import annotations

from typing import Final

from bot.core.commands.presets import INSIDE, SPENDING, SPENDING_INSIDE, command, listing_command
from bot.core.commands.price_list import LOOKUP
from bot.features.tweet.lists import LIKERS, QUOTES, REPLIES, RETWEETERS, THREAD
from bot.features.tweet.looking import action, insights, translate
from bot.features.tweet.searching import FOUND
from bot.features.tweet.top import TOP

_TWEET: Final = "https://x.com/xquik/status/1893456789012345678"
READING: Final = (
    listing_command(
        "tweet quotes",
        QUOTES,
        SPENDING,
        "List who quotes a tweet, newest first",
        f"tweet quotes {_TWEET}",
        operations=("GET /x/tweets/{id}/quotes",),
    ),
    listing_command(
        "tweet thread",
        THREAD,
        SPENDING,
        "Read a thread from its beginning",
        "tweet thread https://x.com/nasa/status/1893600000000000001",
        operations=("GET /x/tweets/{id}/thread",),
    ),
    listing_command(
        "tweet replies",
        REPLIES,
        SPENDING,
        "List the replies to a tweet",
        f"tweet replies {_TWEET}",
        f"tweet replies {_TWEET} sort:likes language:en others:yes",
        f"tweet replies {_TWEET} hidden:yes",
        operations=("GET /x/tweets/{id}/replies", "GET /x/tweets/{id}/hidden-replies"),
    ),
    listing_command(
        "tweet retweeters",
        RETWEETERS,
        SPENDING,
        "List who reposted a tweet",
        f"tweet retweeters {_TWEET}",
        operations=("GET /x/tweets/{id}/retweeters",),
    ),
    listing_command(
        "tweet likers",
        LIKERS,
        SPENDING_INSIDE,
        "List who likes a tweet of a connected account",
        f"tweet likers {_TWEET}",
        operations=("GET /x/tweets/{id}/favoriters",),
    ),
    listing_command(
        "tweet search",
        FOUND,
        SPENDING,
        "Search tweets by words, accounts, days, figures",
        'tweet search "notes" author:nasa min_likes:10',
        "tweet search #giveaway language:en order:top",
        "tweet search place:Istanbul media:images",
        operations=("GET /x/tweets/search", "GET /x/places/search"),
    ),
    listing_command(
        "tweet top",
        TOP,
        SPENDING,
        "List the tweets that X ranks highest",
        "tweet top",
        "tweet top replies window:month language:en",
        operations=("GET /x/tweets/top",),
    ),
    command(
        "tweet translate",
        translate,
        SPENDING,
        "Translate a tweet, as X does",
        f"tweet translate {_TWEET} language:German",
        cost=LOOKUP,
        operations=("GET /x/tweets/{id}/translation",),
    ),
    command(
        "tweet insights",
        insights,
        SPENDING,
        "Show how a tweet does for its age and its author",
        f"tweet insights {_TWEET}",
        cost=LOOKUP,
        operations=("GET /x/tweets/{id}/insights",),
    ),
    command(
        "tweet action",
        action,
        INSIDE,
        "Look up how a write on X stands",
        "tweet action 41",
        operations=("GET /x/write-actions/{id}",),
    ),
)
"""X shows who likes a tweet to its author alone."""

"""Tweets and articles."""

from __future__ import annotations

import httpx

from bot.sandbox.world import posts
from bot.sandbox.world.articles import COMET_ID

from .first import tweet
from .scenario import ACCOUNT, GIVEAWAY, URL, Scenarios, gets, keyed

SCENARIOS = Scenarios(
    {
        "lookupTweet": gets(
            *(
                f"/x/tweets/{one}"
                for one in [
                    GIVEAWAY,
                    *posts.GALLERY_IDS.values(),
                    posts.VIDEO_ID,
                    posts.SENSITIVE_ID,
                    posts.QUOTE_ID,
                    posts.REPLY_ID,
                    posts.HOSTILE_ID,
                    posts.LONG_ID,
                    posts.POLL_ID,
                    "1893999999999999999",
                    "12",
                ]
            )
        ),
        "getBatchTweets": gets(f"/x/tweets?ids={GIVEAWAY},{posts.PLAIN_ID}", "/x/tweets", "/x/tweets?ids=a"),
        "searchTweets": gets(
            "/x/tweets/search?q=%23giveaway",
            "/x/tweets/search",
            f"/x/tweets/search?q={URL}",
        ),
        "getTweetReplies": gets(f"/x/tweets/{GIVEAWAY}/replies", "/x/tweets/1893999999999999999/replies"),
        "getTweetRetweeters": gets(f"/x/tweets/{GIVEAWAY}/retweeters?pageSize=20"),
        "getArticle": gets(
            f"/x/articles/{COMET_ID}", f"/x/articles/{GIVEAWAY}", "/x/articles/12", "/x/articles/x"
        ),
        "translateTweet": gets(
            f"/x/tweets/{GIVEAWAY}/translation?language=tr",
            f"/x/tweets/{posts.PLAIN_ID}/translation?language=en",
            f"/x/tweets/{GIVEAWAY}/translation",
            "/x/tweets/12/translation?language=tr",
        ),
        "getTweetInsights": gets(
            f"/x/tweets/{GIVEAWAY}/insights", f"/x/tweets/{posts.REPLY_ID}/insights", "/x/tweets/12/insights"
        ),
        "getTopTweets": gets(
            "/x/tweets/top",
            "/x/tweets/top?metric=shares&window=month&pageSize=3&country=DE",
            "/x/tweets/top?window=year",
            "/x/tweets/top?country=US&language=en",
        ),
        "getTweetThread": gets(
            f"/x/tweets/{posts.THREAD_ID}/thread?pageSize=3",
            f"/x/tweets/{posts.REPLY_ID}/thread",
            "/x/tweets/12/thread",
        ),
        "checkRetweeter": gets(
            f"/x/tweets/{GIVEAWAY}/retweeters/check?user=nasa",
            f"/x/tweets/{GIVEAWAY}/retweeters/check?user=https://x.com/spacex",
            f"/x/tweets/{GIVEAWAY}/retweeters/check?user=missing_x",
            f"/x/tweets/{GIVEAWAY}/retweeters/check",
            "/x/tweets/12/retweeters/check?user=nasa",
        ),
        "embedTweet": gets(
            f"/x/tweets/{posts.HOSTILE_ID}/embed?theme=dark",
            f"/x/tweets/{GIVEAWAY}/embed?theme=pink",
            "/x/tweets/12/embed",
        ),
        "getSubtitles": gets(
            f"/x/tweets/{posts.VIDEO_ID}/subtitles",
            f"/x/tweets/{GIVEAWAY}/subtitles",
            "/x/tweets/12/subtitles",
        ),
        "resolveLinks": gets(
            "/x/links/resolve?urls=https://t.co/Xe1nm2pkSX,https://t.co/nothing",
            "/x/links/resolve?urls=https://evil.example/a",
            "/x/links/resolve",
        ),
        "getHiddenReplies": gets(
            f"/x/tweets/{GIVEAWAY}/hidden-replies?pageSize=2&language=en&mediaType=media",
            "/x/tweets/12/hidden-replies",
        ),
        "getTweetQuotes": gets(
            f"/x/tweets/{GIVEAWAY}/quotes?pageSize=2",
            f"/x/tweets/{posts.POLL_ID}/quotes",
            "/x/tweets/12/quotes",
        ),
    }
)


@SCENARIOS.add
async def getTweetFavoriters(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    """Of a post of one's own; of anybody else's X shows nobody."""
    own = (await tweet(c)).json()["result"]["id"]
    await c.post(f"/x/tweets/{own}/like", json=ACCOUNT, headers=keyed("like"))
    paths = (f"{own}/favoriters?pageSize=20", f"{GIVEAWAY}/favoriters", "12/favoriters", "x/favoriters")
    return [await c.get(f"/x/tweets/{path}") for path in paths]

"""What is read of single tweets, and the tweets that X ranks highest."""

from __future__ import annotations

import re

from starlette.responses import Response

from bot.sandbox.api.rows import known_post, posts_page
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.credits import ARTICLE, LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.shapes import entities_of, user_json
from bot.sandbox.state import Sandbox
from bot.sandbox.world.articles import ARTICLES
from bot.sandbox.world.snowflake import iso, seconds_of

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,4})?", re.ASCII)
_DAY = 86_400.0
_WINDOWS = {"day": _DAY, "24h": _DAY, "daily": _DAY, "week": 7 * _DAY, "7d": 7 * _DAY, "weekly": 7 * _DAY}
_WINDOWS |= dict.fromkeys(("month", "30d", "monthly"), 30 * _DAY)
_METRICS = ("likes", "replies", "quotes", "bookmarks", "shares", "views")
_TOP_PAGE, _TOP_ENDS = 20, 100
# In a country people write its language: nobody here says where they are.
_SPOKEN = {
    **dict.fromkeys(("US", "USA", "GB", "GBR", "CA", "CAN", "IN", "IND", "AU", "AUS"), "en"),
    **dict.fromkeys(("ES", "ESP", "MX", "MEX", "AR", "ARG"), "es"),
    "TR": "tr",
    "TUR": "tr",
    "DE": "de",
    "DEU": "de",
    "FR": "fr",
    "FRA": "fr",
    "JP": "ja",
    "JPN": "ja",
    **dict.fromkeys(("BR", "BRA", "PT", "PRT"), "pt"),
}


async def top_tweets(call: ApiCall) -> Response:
    """The highest of a window. The fixed world is as old as at its own end; what was written since counts
    from now."""
    call.only("metric", "window", "country", "language", "cursor", "pageSize", "limit")
    metric = call.query("metric") or "likes"
    metric = metric if metric.endswith("s") else f"{metric}s"
    if metric not in _METRICS:
        raise ApiProblem(400, "invalid_params", f"metric must be one of: {', '.join(_METRICS)}.")
    length = _WINDOWS[call.choice("window", tuple(_WINDOWS), "day") or "day"]
    country, language = call.query("country"), call.query("language")
    if country and language:
        raise ApiProblem(400, "invalid_params", "Send country or language, not both.")
    if country:
        language = _SPOKEN.get(country.upper(), "none")
    sandbox, timeline = call.sandbox, call.sandbox.timeline
    found = [
        post
        for post in timeline
        if (timeline.ended if timeline.is_old(post) else call.now) - seconds_of(post.id) < length
        and (language is None or post.lang == language.lower())
        and not post.reposts
    ]
    found.sort(key=lambda post: (-_figure(sandbox, post, metric), -int(post.id)))
    size = min(call.integer("pageSize", _TOP_PAGE, 1, 100, "limit"), _TOP_PAGE)
    return posts_page(call, found[:_TOP_ENDS], size, offset_of(call.query("cursor")))


def _figure(sandbox: Sandbox, post: Post, metric: str) -> int:
    figures = sandbox.timeline.figures(post)
    match metric:
        case "likes":
            return post.likes
        case "replies":
            return figures.replies
        case "quotes":
            return figures.quotes
        case "bookmarks":
            return post.bookmarks
        case "views":
            return post.views
        case _:
            return figures.reposts + figures.quotes


async def translate_tweet(call: ApiCall) -> Response:
    """The text with the language before it: nothing is translated here, and that is seen."""
    call.only("language")
    language = (call.query("language") or "").lower()
    if not _LANGUAGE.fullmatch(language):
        raise ApiProblem(400, "invalid_params", "language must be a code, such as en or pt-br.")
    call.sandbox.credits.require(call.owner, LOOKUP)
    post = known_post(call, call.path["id"])
    call.sandbox.credits.charge(call.owner, LOOKUP)
    text = post.text if post.lang == language else f"[{language}] {post.text}"
    translation = {
        "tweetId": post.id,
        "text": text,
        "language": language,
        "sourceLanguage": post.lang,
        "entities": entities_of(text),
    }
    return json_response({"translation": translation})


async def tweet_insights(call: ApiCall) -> Response:
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    post = known_post(call, call.path["id"])
    call.sandbox.credits.charge(call.owner, LOOKUP)
    timeline = call.sandbox.timeline
    figures, author = timeline.figures(post), timeline.author(post)
    spread = figures.reposts + figures.quotes
    engagements = post.likes + figures.replies + spread
    written = seconds_of(post.id)
    hours = max(0.0, call.now - written) / 3_600
    insights = {
        "tweetId": post.id,
        "authorId": author.id,
        "authorUserName": author.username,
        "createdAt": iso(written),
        "ageHours": round(hours, 2),
        "engagements": engagements,
        "engagementsPerHour": _ratio(engagements, hours),
        "engagementPerView": _ratio(100 * engagements, post.views),
        "engagementRate": _ratio(100 * engagements, timeline.followers(author)),
        "amplification": _ratio(spread, post.likes),
        "conversation": _ratio(figures.replies, post.likes),
        "metrics": {
            "likes": post.likes,
            "replies": figures.replies,
            "quotes": figures.quotes,
            "reposts": figures.reposts,
            "views": post.views,
            "bookmarks": post.bookmarks,
        },
    }
    return json_response({"insights": insights})


async def get_article(call: ApiCall) -> Response:
    """The article that a post shows, with the figures of the post."""
    call.only()
    call.sandbox.credits.require(call.owner, ARTICLE)
    post = known_post(call, call.path["tweetId"])
    article = ARTICLES.get(post.id)
    if article is None:
        raise ApiProblem(404, "article_not_found", "Article not found. Use an X Article tweet ID.")
    call.sandbox.credits.charge(call.owner, ARTICLE)
    figures, author = call.sandbox.timeline.figures(post), call.sandbox.timeline.author(post)
    origin = call.sandbox.origin
    told = {
        "articleId": article.id,
        "title": article.title,
        "previewText": article.preview,
        "bodyText": article.text,
        "bodyMarkdown": article.markdown,
        "contents": list(article.blocks),
        "coverImageUrl": f"{origin}/media/{article.id}.png",
        "createdAt": iso(seconds_of(post.id)),
        "likeCount": post.likes,
        "retweetCount": figures.reposts,
        "replyCount": figures.replies,
        "quoteCount": figures.quotes,
        "viewCount": post.views,
        "bookmarkCount": post.bookmarks,
    }
    profile = user_json(call.sandbox, author, origin)
    names = ("id", "name", "username", "description", "profilePicture", "createdAt", "protected")
    shown = {name: profile[name] for name in names} | {"followersCount": profile["followers"]}
    return json_response({"article": told, "author": shown})


def _ratio(number: float, by: float) -> float | None:
    return round(number / by, 4) if by else None


OPERATIONS = (
    Operation("getArticle", "GET", "/x/articles/{tweetId}", get_article),
    Operation("getTopTweets", "GET", "/x/tweets/top", top_tweets),
    Operation("translateTweet", "GET", "/x/tweets/{id}/translation", translate_tweet),
    Operation("getTweetInsights", "GET", "/x/tweets/{id}/insights", tweet_insights),
)

"""What is read of single tweets, and the tweets that X ranks highest."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.api.rows import posts_page
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import Post
from bot.sandbox.state import Sandbox
from bot.sandbox.world.snowflake import seconds_of

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


OPERATIONS = (Operation("getTopTweets", "GET", "/x/tweets/top", top_tweets),)

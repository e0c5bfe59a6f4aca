"""Posts and people: lookups, search, replies, reposters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bot.sandbox.api.references import post_id_in
from bot.sandbox.calls import ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.credits import LOOKUP, ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.search import matcher
from bot.sandbox.shapes import post_json, user_json

_MOST_IDS = 100
_PAGE = 20
_LARGEST_PAGE = 300
_USER_PAGE = 200
_SHORTEST_SEARCHED_ID = 15


def known_post(call: ApiCall, post_id: str) -> Post:
    """The post, or 400 for an id that cannot be one, or 404."""
    found = post_id_in(post_id)
    if found is None or found != post_id:
        raise ApiProblem(400, "invalid_tweet_id", "Tweet ID is empty or invalid")
    post = call.sandbox.timeline.get(found)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    return post


async def lookup_tweet(call: ApiCall) -> Response:
    call.sandbox.credits.require(call.owner, LOOKUP)
    post = known_post(call, call.path["id"])
    call.sandbox.credits.charge(call.owner, LOOKUP)
    origin = call.sandbox.origin
    tweet = post_json(call.sandbox, post, origin)
    return json_response(
        {"tweet": tweet, "author": user_json(call.sandbox, call.sandbox.timeline.author(post), origin)}
    )


async def batch_tweets(call: ApiCall) -> Response:
    ids = [part.strip() for part in (call.query("ids") or "").split(",") if part.strip()]
    if not ids:
        raise ApiProblem(400, "missing_ids", "Send ids, separated by commas.")
    if len(ids) > _MOST_IDS:
        raise ApiProblem(400, "too_many_ids", f"At most {_MOST_IDS} ids a request.")
    if any(post_id_in(one) != one for one in ids):
        raise ApiProblem(400, "invalid_tweet_id", "Tweet ID is empty or invalid")
    posts = [post for one in ids if (post := call.sandbox.timeline.get(one)) is not None]
    return _page(call, posts, len(ids) or 1, offset=0)


async def get_user(call: ApiCall) -> Response:
    call.sandbox.credits.require(call.owner, LOOKUP)
    person = call.sandbox.people.find(call.path["id"])
    if person is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response(user_json(call.sandbox, person, call.sandbox.origin))


async def search_tweets(call: ApiCall) -> Response:
    call.only("q", "queryType", "cursor", "limit", "pageSize", "mode", "sinceTime", "untilTime")
    query = call.query("q")
    if query is None:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    order = call.choice("queryType", ("Latest", "Top"), "Latest")
    # Digits as short as those of the first tweets are words of other tweets more often.
    exact = post_id_in(query) if len(query.strip()) >= _SHORTEST_SEARCHED_ID else None
    matches = matcher(query, call.sandbox, call.query("sinceTime"), call.query("untilTime"))
    found = [post for post in call.sandbox.timeline if (post.id == exact if exact else matches(post))]
    if order == "Top":
        found.sort(key=lambda post: (-post.likes, -int(post.id)))
    size = call.integer("pageSize", call.integer("limit", _PAGE, 1, 10_000), 1, 10_000)
    return _page(call, found, min(size, _LARGEST_PAGE), offset_of(call.query("cursor")))


async def tweet_replies(call: ApiCall) -> Response:
    call.only(
        "cursor",
        "pageSize",
        "limit",
        "sort",
        "excludeOriginalAuthor",
        "language",
        "hasMediaOnly",
        "mode",
    )
    post = known_post(call, call.path["id"])
    replies = call.sandbox.timeline.replies_to(post.id)
    if call.query("excludeOriginalAuthor") == "true":
        replies = [reply for reply in replies if reply.author_id != post.author_id]
    if call.query("hasMediaOnly") == "true":
        replies = [reply for reply in replies if reply.media]
    language = call.query("language")
    if language:
        replies = [reply for reply in replies if reply.lang == language]
    match call.choice("sort", ("relevance", "latest", "oldest", "likes"), "relevance"):
        case "latest":
            replies.reverse()
        case "relevance" | "likes":
            replies.sort(key=lambda reply: (-reply.likes, int(reply.id)))
        case _:
            pass
    size = call.integer("pageSize", call.integer("limit", _PAGE, 1, 25_000), 1, _LARGEST_PAGE)
    return _page(call, replies, size, offset_of(call.query("cursor")))


def _page(call: ApiCall, posts: Sequence[Post], size: int, offset: int) -> Response:
    """One page of posts, no longer than the credits reach; each row is paid for."""
    purse = call.sandbox.credits
    size = min(size, purse.affordable(call.owner, ROW))
    rows = posts[offset : offset + size]
    purse.charge(call.owner, len(rows) * ROW)
    more = offset + size < len(posts)
    tweets = [post_json(call.sandbox, post, call.sandbox.origin) for post in rows]
    return json_response({"tweets": tweets, **_next(more, offset + size)})


def _next(more: bool, offset: int) -> dict[str, Any]:
    return {"has_next_page": more, "next_cursor": cursor_of(str(offset)) if more else ""}


async def tweet_retweeters(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    post = known_post(call, call.path["id"])
    people = call.sandbox.timeline.reposters(post)
    offset = offset_of(call.query("cursor"))
    size = call.integer("pageSize", _USER_PAGE, 20, _USER_PAGE)
    size = min(size, call.sandbox.credits.affordable(call.owner, ROW))
    rows = people[offset : offset + size]
    call.sandbox.credits.charge(call.owner, len(rows) * ROW)
    users = [user_json(call.sandbox, person, call.sandbox.origin) for person in rows]
    return json_response({"users": users, **_next(offset + size < len(people), offset + size)})


async def user_followers(call: ApiCall) -> Response:
    """Newest first. A cursor counts those of the fixed world alone, so who follows meanwhile moves nobody."""
    call.only("cursor", "pageSize")
    sandbox = call.sandbox
    size = call.integer("pageSize", _USER_PAGE, 20, _LARGEST_PAGE)
    offset = offset_of(call.query("cursor"))
    affordable = sandbox.credits.affordable(call.owner, ROW)
    size = min(size, affordable)
    person = sandbox.people.find(call.path["id"])
    if person is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    rows, more = sandbox.timeline.followers_listed(person, offset, size)
    rows = rows[:affordable]
    sandbox.credits.charge(call.owner, len(rows) * ROW)
    users = [user_json(sandbox, one, sandbox.origin) for one in rows]
    return json_response({"users": users, **_next(more, offset + size)})


OPERATIONS = (
    Operation("lookupTweet", "GET", "/x/tweets/{id}", lookup_tweet),
    Operation("getBatchTweets", "GET", "/x/tweets", batch_tweets),
    Operation("searchTweets", "GET", "/x/tweets/search", search_tweets),
    Operation("getTweetReplies", "GET", "/x/tweets/{id}/replies", tweet_replies),
    Operation("getTweetRetweeters", "GET", "/x/tweets/{id}/retweeters", tweet_retweeters),
    Operation("getUser", "GET", "/x/users/{id}", get_user),
    Operation("getUserFollowers", "GET", "/x/users/{id}/followers", user_followers),
)

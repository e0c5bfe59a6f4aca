"""Posts and people: lookups, search, replies, reposters."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.api.references import post_id_in
from bot.sandbox.api.rows import (
    LARGEST_PAGE,
    known_person,
    known_post,
    people_asked,
    people_page,
    posts_asked,
    posts_page,
)
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.credits import LOOKUP, ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.search import MEDIA_TYPES, NO_LONGER_SEARCHED, check_searched, matcher
from bot.sandbox.shapes import post_json, user_json

_MOST_IDS = 100
_PAGE = 20
_USER_PAGE = 200
_SHORTEST_SEARCHED_ID = 15


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
    return posts_page(call, posts, len(ids) or 1, offset=0)


async def get_user(call: ApiCall) -> Response:
    call.sandbox.credits.require(call.owner, LOOKUP)
    person = call.sandbox.people.find(call.path["id"])
    if person is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    call.sandbox.credits.charge(call.owner, LOOKUP)
    return json_response(user_json(call.sandbox, person, call.sandbox.origin))


async def search_tweets(call: ApiCall) -> Response:
    call.only(
        *("q", "queryType", "cursor", "limit", "pageSize", "mode", "sinceTime", "untilTime", "mediaType"),
        *NO_LONGER_SEARCHED,
    )
    query = call.query("q")
    if query is None:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    order = call.choice("queryType", ("Latest", "Top"), "Latest")
    # Digits as short as those of the first tweets are words of other tweets more often.
    exact = post_id_in(query) if len(query.strip()) >= _SHORTEST_SEARCHED_ID else None
    check_searched(query, [name for name in NO_LONGER_SEARCHED if call.query(name) not in (None, "false")])
    if media := call.choice("mediaType", MEDIA_TYPES):
        query = f"{query} filter:{media}"
    matches = matcher(query, call.sandbox, call.query("sinceTime"), call.query("untilTime"))
    found = [post for post in call.sandbox.timeline if (post.id == exact if exact else matches(post))]
    if order == "Top":
        found.sort(key=lambda post: (-post.likes, -int(post.id)))
    size = call.integer("pageSize", call.integer("limit", _PAGE, 1, 10_000), 1, 10_000)
    return posts_page(call, found, min(size, LARGEST_PAGE), offset_of(call.query("cursor")))


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
    match call.choice("sort", ("relevance", "latest", "oldest", "likes"), "latest"):
        case "latest":
            replies.reverse()
        case "relevance" | "likes":
            replies.sort(key=lambda reply: (-reply.likes, int(reply.id)))
        case _:
            pass
    size = call.integer("pageSize", call.integer("limit", _PAGE, 1, 25_000), 1, LARGEST_PAGE)
    return posts_page(call, replies, size, offset_of(call.query("cursor")))


async def tweet_retweeters(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    post = known_post(call, call.path["id"])
    return people_asked(call, call.sandbox.timeline.reposters(post), largest=_USER_PAGE)


async def tweet_quotes(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    return posts_asked(call, call.sandbox.graph.quotes_of(known_post(call, call.path["id"])))


async def tweet_thread(call: ApiCall) -> Response:
    """What stands above a post in its conversation, and what its author strung together with it."""
    call.only("cursor", "pageSize", "limit")
    post = known_post(call, call.path["id"])
    graph = call.sandbox.graph
    thread = graph.thread(post)
    return posts_asked(call, [*graph.above(thread[0]), *thread], largest=100)


async def tweet_favoriters(call: ApiCall) -> Response:
    """Who likes a post of one of the caller's accounts: X shows them to its author alone."""
    call.only("cursor", "pageSize")
    post = known_post(call, call.path["id"])
    mine = {account.x_user_id for account in call.sandbox.accounts if account.owner == call.owner}
    if post.author_id not in mine:
        raise ApiProblem(424, "account_required", "X shows likers only to the author of a tweet.")
    return people_asked(call, call.sandbox.graph.likers(post), largest=_USER_PAGE)


async def user_followers(call: ApiCall) -> Response:
    """Newest first. A cursor counts those of the fixed world alone, so who follows meanwhile moves nobody."""
    call.only("cursor", "pageSize")
    size = call.integer("pageSize", _USER_PAGE, 20, LARGEST_PAGE)
    offset = offset_of(call.query("cursor"))
    affordable = call.sandbox.credits.affordable(call.owner, ROW)
    size = min(size, affordable)
    person = known_person(call, call.path["id"])
    rows, more = call.sandbox.timeline.followers_listed(person, offset, size)
    return people_page(call, rows[:affordable], more=more, after=offset + size)


async def user_tweets(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    return posts_asked(call, call.sandbox.graph.posts_of(known_person(call, call.path["id"])))


OPERATIONS = (
    Operation("lookupTweet", "GET", "/x/tweets/{id}", lookup_tweet),
    Operation("getBatchTweets", "GET", "/x/tweets", batch_tweets),
    Operation("searchTweets", "GET", "/x/tweets/search", search_tweets),
    Operation("getTweetReplies", "GET", "/x/tweets/{id}/replies", tweet_replies),
    Operation("getTweetRetweeters", "GET", "/x/tweets/{id}/retweeters", tweet_retweeters),
    Operation("getTweetThread", "GET", "/x/tweets/{id}/thread", tweet_thread),
    Operation("getTweetFavoriters", "GET", "/x/tweets/{id}/favoriters", tweet_favoriters),
    Operation("getTweetQuotes", "GET", "/x/tweets/{id}/quotes", tweet_quotes),
    Operation("getUser", "GET", "/x/users/{id}", get_user),
    Operation("getUserFollowers", "GET", "/x/users/{id}/followers", user_followers),
    Operation("getUserTweets", "GET", "/x/users/{id}/tweets", user_tweets),
)

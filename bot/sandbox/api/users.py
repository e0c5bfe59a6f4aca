"""What belongs to an account on X: its tweets of several sorts, and the people around it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import (
    LARGEST_PAGE,
    after_page,
    known_person,
    people_asked,
    people_page,
    posts_asked,
)
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.credits import ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.shapes import post_json, user_json
from bot.sandbox.world.articles import ARTICLES
from bot.sandbox.world.people import PersonOfX

_SHORT_PAGE = 100
_KNOWN_PAGE = 200


async def user_replies(call: ApiCall) -> Response:
    """With the tweets that answer nobody, unless they are not asked for; threads are no answers."""
    call.only("cursor", "pageSize", "limit", "replies")
    person = known_person(call, call.path["id"])
    match call.choice("replies", ("include", "exclude", "only"), "include"):
        case "only":
            found = call.sandbox.graph.posts_of(person, replies=True)
        case "exclude":
            answers = {post.id for post in call.sandbox.graph.posts_of(person, replies=True)}
            found = [post for post in call.sandbox.graph.posts_of(person) if post.id not in answers]
        case _:
            found = call.sandbox.graph.posts_of(person)
    return posts_asked(call, found)


async def user_media(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    own = call.sandbox.graph.posts_of(known_person(call, call.path["id"]))
    return posts_asked(call, [post for post in own if post.media], largest=_SHORT_PAGE)


async def user_mentions(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    person = known_person(call, call.path["id"])
    return posts_asked(call, call.sandbox.graph.mentions_of(person), largest=_SHORT_PAGE)


async def user_likes(call: ApiCall) -> Response:
    """X shows what somebody likes to nobody else, so to the accounts of the customer alone."""
    call.only("cursor", "pageSize", "limit")
    own = _own_accounts(call)
    person = known_person(call, call.path["id"])
    if person.id not in {one.id for one in own}:
        raise ApiProblem(424, "likes_unavailable", "X shows the likes of an account to itself alone.")
    return posts_asked(call, call.sandbox.graph.liked(person), largest=_SHORT_PAGE)


async def user_following(call: ApiCall) -> Response:
    """A cursor counts those of the fixed world alone, as that of the followers."""
    call.only("cursor", "pageSize")
    size = call.integer("pageSize", _KNOWN_PAGE, 20, LARGEST_PAGE)
    offset = offset_of(call.query("cursor"))
    affordable = call.sandbox.credits.affordable(call.owner, ROW)
    size = min(size, affordable)
    person = known_person(call, call.path["id"])
    rows, more = call.sandbox.graph.following(person, offset, size)
    return people_page(call, rows[:affordable], more=more, after=offset + size)


async def user_verified_followers(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    person = known_person(call, call.path["id"])
    return people_asked(call, call.sandbox.graph.verified_followers(person))


async def followers_you_know(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    own = _own_accounts(call)
    person = known_person(call, call.path["id"])
    known = call.sandbox.graph.known_followers(person, own[0])
    return people_asked(call, known, largest=_KNOWN_PAGE)


async def user_similar(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    person = known_person(call, call.path["id"])
    return people_asked(call, call.sandbox.graph.similar(person), least=1, largest=_KNOWN_PAGE)


async def user_affiliates(call: ApiCall) -> Response:
    call.only("cursor", "pageSize")
    person = known_person(call, call.path["id"])
    return people_asked(call, call.sandbox.graph.affiliates(person), least=1, largest=_KNOWN_PAGE)


async def user_highlights(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    person = known_person(call, call.path["id"])
    return posts_asked(call, call.sandbox.graph.highlights(person), largest=_SHORT_PAGE)


async def user_articles(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit")
    own = call.sandbox.graph.posts_of(known_person(call, call.path["id"]))
    return posts_asked(call, [post for post in own if post.id in ARTICLES], largest=_SHORT_PAGE)


async def search_users(call: ApiCall) -> Response:
    call.only("q", "cursor", "pageSize", "limit")
    words = (call.query("q") or "").strip()
    if not words:
        raise ApiProblem(400, "missing_query", "Include the required q parameter.")
    return people_asked(call, call.sandbox.people.named_like(words), least=1, usual=20, largest=_SHORT_PAGE)


def _own_accounts(call: ApiCall) -> list[PersonOfX]:
    """The connected accounts of the customer, the first one first; 424 without any."""
    connected = [one for one in call.sandbox.accounts if one.owner == call.owner]
    found = [person for one in connected if (person := call.sandbox.people.by_id(one.x_user_id)) is not None]
    if not found:
        raise ApiProblem(424, "account_required", "Connect an X account first.")
    return found


async def batch_users(call: ApiCall) -> Response:
    call.only("ids", "usernames")
    asked = _several(call, 100)
    affordable = call.sandbox.credits.affordable(call.owner, ROW)
    users: list[dict[str, Any]] = []
    unavailable: list[str] = []
    left = list(asked)
    while left and len(users) < affordable:
        name = left.pop(0)
        person = call.sandbox.people.find(name)
        if person is None:
            unavailable.append(name)
        else:
            users.append(user_json(call.sandbox, person, call.sandbox.origin))
    call.sandbox.credits.charge(call.owner, len(users) * ROW)
    return json_response(
        {
            "users": users,
            "requested_count": len(asked),
            "processed_count": len(asked) - len(left),
            "returned_count": len(users),
            "unavailable_ids": unavailable,
            "unprocessed_ids": left,
            "failed_ids": [],
            **after_page(False, 0),
        }
    )


async def batch_tweets(call: ApiCall) -> Response:
    """The newest of each, the pinned one first, account by account."""
    call.only("ids", "usernames", "pageSize", "limit")
    asked = _several(call, 20)
    size = call.integer("pageSize", 20, 1, 20, "limit")
    affordable = call.sandbox.credits.affordable(call.owner, ROW)
    tweets: list[dict[str, Any]] = []
    unavailable: list[str] = []
    left = list(asked)
    while left and len(tweets) < affordable:
        name = left.pop(0)
        person = call.sandbox.people.find(name)
        if person is None or person.protected:
            unavailable.append(name)
            continue
        own = call.sandbox.graph.posts_of(person)
        pinned = [post for post in own if post.id in person.pinned]
        rows = [*pinned, *(post for post in own if post not in pinned)][:size]
        rows = rows[: affordable - len(tweets)]
        tweets += [post_json(call.sandbox, post, call.sandbox.origin) for post in rows]
    call.sandbox.credits.charge(call.owner, len(tweets) * ROW)
    return json_response(
        {"tweets": tweets, "unavailable_ids": unavailable, "unprocessed_ids": left, **after_page(False, 0)}
    )


def _several(call: ApiCall, most: int) -> list[str]:
    """The ids or usernames of a request, each once; 400 for none, for both, or for too many."""
    given = [text for name in ("ids", "usernames") if (text := call.query(name))]
    names = [one.strip().removeprefix("@") for one in given[0].split(",")] if len(given) == 1 else []
    asked = list({name.lower(): name for name in names if name}.values())
    if not asked:
        raise ApiProblem(400, "missing_ids", "Send ids or usernames, separated by commas.")
    if len(asked) > most:
        raise ApiProblem(400, "too_many_ids", f"At most {most} a request.")
    return asked


OPERATIONS = (
    Operation("getBatchUsers", "GET", "/x/users/batch", batch_users),
    Operation("getBatchUserTweets", "GET", "/x/users/batch/tweets", batch_tweets),
    Operation("getUserReplies", "GET", "/x/users/{id}/replies", user_replies),
    Operation("getUserMedia", "GET", "/x/users/{id}/media", user_media),
    Operation("getUserMentions", "GET", "/x/users/{id}/mentions", user_mentions),
    Operation("getUserLikes", "GET", "/x/users/{id}/likes", user_likes),
    Operation("getUserFollowing", "GET", "/x/users/{id}/following", user_following),
    Operation("getUserVerifiedFollowers", "GET", "/x/users/{id}/verified-followers", user_verified_followers),
    Operation("getFollowersYouKnow", "GET", "/x/users/{id}/followers-you-know", followers_you_know),
    Operation("getSimilarUsers", "GET", "/x/users/{id}/similar", user_similar),
    Operation("getUserAffiliates", "GET", "/x/users/{id}/affiliates", user_affiliates),
    Operation("getUserHighlights", "GET", "/x/users/{id}/highlights", user_highlights),
    Operation("getUserArticles", "GET", "/x/users/{id}/articles", user_articles),
    Operation("searchUsers", "GET", "/x/users/search", search_users),
)

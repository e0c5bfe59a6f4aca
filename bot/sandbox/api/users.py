"""What belongs to an account on X: its tweets of several sorts, and the people around it."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.api.rows import LARGEST_PAGE, known_person, people_asked, people_page, posts_asked
from bot.sandbox.calls import ApiCall, Operation, offset_of
from bot.sandbox.credits import ROW
from bot.sandbox.problems import ApiProblem
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


OPERATIONS = (
    Operation("getUserReplies", "GET", "/x/users/{id}/replies", user_replies),
    Operation("getUserMedia", "GET", "/x/users/{id}/media", user_media),
    Operation("getUserMentions", "GET", "/x/users/{id}/mentions", user_mentions),
    Operation("getUserLikes", "GET", "/x/users/{id}/likes", user_likes),
    Operation("getUserFollowing", "GET", "/x/users/{id}/following", user_following),
    Operation("getUserVerifiedFollowers", "GET", "/x/users/{id}/verified-followers", user_verified_followers),
    Operation("getFollowersYouKnow", "GET", "/x/users/{id}/followers-you-know", followers_you_know),
    Operation("searchUsers", "GET", "/x/users/search", search_users),
)

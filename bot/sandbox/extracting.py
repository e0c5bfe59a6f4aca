"""What an extraction collects: people and posts of the one world, and how many it is estimated to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias

from bot.sandbox.narrowing import PLAIN, people_left, posts_found, replies_left, unnarrowed
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import Post
from bot.sandbox.state import Sandbox
from bot.sandbox.world import followers
from bot.sandbox.world.articles import ARTICLES
from bot.sandbox.world.communities import CommunityOfX
from bot.sandbox.world.lists import ListOfX
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso, seconds_of

Request: TypeAlias = Mapping[str, Any]
Found: TypeAlias = Iterable[PersonOfX | Post]
ARTICLE_PRICE: Final = 5
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class ToolOfSandbox:
    """One tool. ``target``: the field that it needs; ``collect``: all it finds; ``source``: where the
    estimate is from, ``counted``: of how many; ``there``: how many X counts, where that may be more than are
    listed; ``price``: credits a result."""

    target: str
    collect: Callable[[Sandbox, Request], Found]
    source: str = "collection"
    counted: Callable[[Sandbox, Request], int] | None = None
    there: Callable[[Sandbox, Request], int] | None = None
    price: int = 1


def person_of(sandbox: Sandbox, request: Request) -> PersonOfX:
    """The account, or 404."""
    found = sandbox.people.find(str(request["targetUsername"]).removeprefix("@"))
    if found is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    return found


def post_of(sandbox: Sandbox, request: Request) -> Post:
    """The post, or 404."""
    found = sandbox.timeline.get(str(request["targetTweetId"]))
    if found is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    return found


def _list_of(sandbox: Sandbox, request: Request) -> ListOfX:
    found = sandbox.lists.get(str(request["targetListId"]))
    if found is None:
        raise ApiProblem(404, "list_not_found", "List not found")
    return found


def _community_of(sandbox: Sandbox, request: Request) -> CommunityOfX:
    found = sandbox.communities.get(str(request["targetCommunityId"]))
    if found is None:
        raise ApiProblem(404, "not_found", "Community not found")
    return found


def _stage(sandbox: Sandbox, request: Request) -> list[PersonOfX]:
    found = sandbox.spaces.get(str(request["targetSpaceId"]))
    if found is None:
        raise ApiProblem(404, "not_found", "Space not found")
    return [sandbox.spaces.person(one) for one in (found.host, *found.speakers)]


def _people(listed: Callable[[Sandbox, Request], Iterable[PersonOfX]]) -> Callable[[Sandbox, Request], Found]:
    return lambda sandbox, request: people_left(sandbox, request, listed(sandbox, request))


def _posts(listed: Callable[[Sandbox, Request], Iterable[Post]]) -> Callable[[Sandbox, Request], Found]:
    def collect(sandbox: Sandbox, request: Request) -> Found:
        unnarrowed(request)
        return listed(sandbox, request)

    return collect


def _open_posts(sandbox: Sandbox, request: Request) -> list[Post]:
    """What somebody wrote, unless X shows it to nobody."""
    person = person_of(sandbox, request)
    if person.protected:
        raise ApiProblem(403, "x_account_protected", "This account protects its tweets.")
    return sandbox.graph.posts_of(person)


def _replies_counted(sandbox: Sandbox, request: Request) -> int:
    """Those to it, and those to them, unless these are not wanted."""
    post = post_of(sandbox, request)
    figure = sandbox.timeline.figures(post).replies
    if request.get("scope") == "direct":
        return figure
    return max(figure, len(replies_left(sandbox, _bare(request), post)))


def _bare(request: Request) -> Request:
    """A request without its conditions."""
    return {name: value for name, value in request.items() if name in PLAIN}


def _article(sandbox: Sandbox, request: Request) -> list[Post]:
    return [post for post in [post_of(sandbox, request)] if post.id in ARTICLES]


TOOLS: Final[Mapping[str, ToolOfSandbox]] = {
    "follower_explorer": ToolOfSandbox(
        "targetUsername",
        _people(lambda s, r: s.timeline.followers_listed(person_of(s, r), 0, followers.MOST)[0]),
        "followers",
        lambda s, r: s.timeline.followers(person_of(s, r)),
    ),
    "following_explorer": ToolOfSandbox(
        "targetUsername",
        _people(lambda s, r: s.graph.following(person_of(s, r), 0, followers.MOST)[0]),
        "following",
        lambda s, r: s.timeline.following(person_of(s, r)),
    ),
    "verified_follower_explorer": ToolOfSandbox(
        "targetUsername",
        _people(lambda s, r: s.graph.verified_followers(person_of(s, r))),
    ),
    "post_extractor": ToolOfSandbox(
        "targetUsername",
        _posts(_open_posts),
        "paginationCap",
        there=lambda s, r: s.timeline.statuses(person_of(s, r)),
    ),
    "mention_extractor": ToolOfSandbox(
        "targetUsername", _posts(lambda s, r: s.graph.mentions_of(person_of(s, r))), "paginationCap"
    ),
    "user_likes": ToolOfSandbox(
        "targetUsername", _posts(lambda s, r: s.graph.liked(person_of(s, r))), "paginationCap"
    ),
    "user_media": ToolOfSandbox(
        "targetUsername",
        _posts(lambda s, r: [post for post in _open_posts(s, r) if post.media]),
        "paginationCap",
    ),
    "reply_extractor": ToolOfSandbox(
        "targetTweetId",
        lambda s, r: replies_left(s, r, post_of(s, r)),
        "replyCount",
        _replies_counted,
    ),
    "quote_extractor": ToolOfSandbox(
        "targetTweetId",
        _posts(lambda s, r: s.graph.quotes_of(post_of(s, r))),
        "quoteCount",
        lambda s, r: s.timeline.figures(post_of(s, r)).quotes,
    ),
    "repost_extractor": ToolOfSandbox(
        "targetTweetId",
        _people(lambda s, r: s.timeline.reposters(post_of(s, r))),
        "retweetCount",
        lambda s, r: s.timeline.figures(post_of(s, r)).reposts,
    ),
    "favoriters": ToolOfSandbox(
        "targetTweetId",
        _people(lambda s, r: s.graph.likers(post_of(s, r))),
        "likeCount",
        lambda s, r: post_of(s, r).likes,
    ),
    "thread_extractor": ToolOfSandbox("targetTweetId", _posts(lambda s, r: s.graph.thread(post_of(s, r)))),
    "article_extractor": ToolOfSandbox("targetTweetId", _posts(_article), price=ARTICLE_PRICE),
    "tweet_search_extractor": ToolOfSandbox("searchQuery", lambda s, r: posts_found(s, r, s.timeline)),
    "people_search": ToolOfSandbox(
        "searchQuery", _people(lambda s, r: s.people.named_like(str(r["searchQuery"])))
    ),
    "list_member_extractor": ToolOfSandbox(
        "targetListId", _people(lambda s, r: s.lists.members(_list_of(s, r)))
    ),
    "list_follower_explorer": ToolOfSandbox(
        "targetListId", _people(lambda s, r: s.lists.followers(_list_of(s, r)))
    ),
    "list_post_extractor": ToolOfSandbox(
        "targetListId", _posts(lambda s, r: s.lists.posts(_list_of(s, r), replies=False))
    ),
    "community_extractor": ToolOfSandbox(
        "targetCommunityId", _people(lambda s, r: s.communities.members(_community_of(s, r)))
    ),
    "community_moderator_explorer": ToolOfSandbox(
        "targetCommunityId", _people(lambda s, r: s.communities.moderators(_community_of(s, r)))
    ),
    "community_post_extractor": ToolOfSandbox(
        "targetCommunityId", _posts(lambda s, r: s.communities.posts(_community_of(s, r)))
    ),
    "community_search": ToolOfSandbox(
        "targetCommunityId",
        lambda s, r: posts_found(s, r, s.communities.posts(_community_of(s, r))),
    ),
    "space_explorer": ToolOfSandbox("targetSpaceId", _people(_stage)),
}
"""By the names of Xquik."""


ENDINGS: Final = ("success", "fail", "fail-late", "partial", "deadline")
"""How a job can end: chosen by the control endpoint, or by ``[partial]`` … in the words of a search."""
_MARK: Final = re.compile(rf"\[(?:{'|'.join(ENDINGS)})\]")


def _unmarked(request: Request) -> Request:
    """The request without what orders an end in the words of its search: nobody writes that in a post."""
    words = request.get("searchQuery")
    if not isinstance(words, str):
        return request
    return {**request, "searchQuery": " ".join(_MARK.sub(" ", words).split())}


def collected(sandbox: Sandbox, request: Request, most: int) -> list[dict[str, Any]]:
    """The first results of a request, as they are kept."""
    request = _unmarked(request)
    tool = TOOLS[request["toolType"]]
    return [
        _kept(sandbox, number, one)
        for number, one in enumerate(islice(tool.collect(sandbox, request), most), 1)
    ]


def bounded(sandbox: Sandbox, request: Request) -> bool:
    """Whether X counts more than are listed, so that what is collected is not all there is."""
    request = _unmarked(request)
    tool = TOOLS[request["toolType"]]
    there = tool.there or tool.counted
    if there is None:
        return False
    return there(sandbox, request) > sum(1 for _ in tool.collect(sandbox, _bare(request)))


def estimated(sandbox: Sandbox, request: Request) -> tuple[int, str]:
    """How many results are counted on, and where that is from. 404 for what it cannot collect from."""
    request = _unmarked(request)
    tool = TOOLS[request["toolType"]]
    found = list(islice(tool.collect(sandbox, request), _PAGE))
    number = tool.counted(sandbox, request) if tool.counted is not None else len(found)
    limit = request.get("resultsLimit")
    if limit is not None and limit < number:
        return limit, "resultsLimit"
    return number, tool.source


def _kept(sandbox: Sandbox, number: int, one: PersonOfX | Post) -> dict[str, Any]:
    post = one if isinstance(one, Post) else None
    person = sandbox.timeline.author(one) if isinstance(one, Post) else one
    row: dict[str, Any] = {
        "id": str(number),
        "xUserId": person.id,
        "xUsername": person.username,
        "xDisplayName": person.name,
        "xFollowersCount": sandbox.timeline.followers(person),
        "xVerified": person.verified,
        "createdAt": iso(sandbox.now()),
    }
    if post is None:
        return row
    figures = sandbox.timeline.figures(post)
    return row | {
        "tweetId": post.id,
        "tweetText": post.text,
        "tweetCreatedAt": iso(seconds_of(post.id)),
        "tweetUrl": f"https://x.com/{person.username}/status/{post.id}",
        "likeCount": post.likes,
        "retweetCount": figures.reposts,
        "replyCount": figures.replies,
        "quoteCount": figures.quotes,
        "viewCount": post.views,
        "bookmarkCount": post.bookmarks,
    }

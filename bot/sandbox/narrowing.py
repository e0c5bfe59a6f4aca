"""The conditions of an extraction, as far as a world that is made up can keep them; of the others 501."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import Post
from bot.sandbox.search import check_searched, matcher
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import seconds_of

_DAY: Final = 86_400.0
_LONGEST: Final = 512
Request: TypeAlias = Mapping[str, Any]

_PLAIN: Final = frozenset(
    (
        *("toolType", "resultsLimit", "targetUsername", "targetTweetId", "targetListId"),
        *("targetCommunityId", "targetSpaceId", "searchQuery", "queryType", "enrichProfiles"),
    )
)
_GONE: Final = ("source", "excludeSource", "geocode", "news", "within")

OfPerson: TypeAlias = Callable[[PersonOfX, Any, Sandbox], bool]
_PEOPLE: Final[Mapping[str, OfPerson]] = {
    "minFollowers": lambda who, value, world: world.timeline.followers(who) >= value,
    "maxFollowers": lambda who, value, world: world.timeline.followers(who) <= value,
    "minFollowing": lambda who, value, world: world.timeline.following(who) >= value,
    "maxFollowing": lambda who, value, world: world.timeline.following(who) <= value,
    "minPosts": lambda who, value, world: world.timeline.statuses(who) >= value,
    "maxPosts": lambda who, value, world: world.timeline.statuses(who) <= value,
    "minAccountAgeDays": lambda who, value, world: world.now() - who.created_at >= value * _DAY,
    "bioContains": lambda who, value, _: any(one in who.bio.casefold() for one in _terms(value)),
    "locationContains": lambda who, value, _: value.casefold() in who.location.casefold(),
    "usernameContains": lambda who, value, _: value.casefold() in who.username.casefold(),
    "blueVerifiedOnly": lambda who, value, _: who.verified or not value,
    "hasWebsite": lambda who, value, _: bool(who.url) or not value,
    "hasLocation": lambda who, value, _: bool(who.location) or not value,
    "hasEmail": lambda _who, value, _: not value,  # nobody here publishes one
    "businessEmailOnly": lambda _who, value, _: not value,
}

OfPost: TypeAlias = Callable[[Post, Any, Sandbox], bool]
_POSTS: Final[Mapping[str, OfPost]] = {
    "minViews": lambda post, value, _: post.views >= value,
    "minBookmarks": lambda post, value, _: post.bookmarks >= value,
    "minQuotes": lambda post, value, world: world.timeline.figures(post).quotes >= value,
    "maxLikes": lambda post, value, _: post.likes <= value,
    "maxRetweets": lambda post, value, world: world.timeline.figures(post).reposts <= value,
    "maxReplies": lambda post, value, world: world.timeline.figures(post).replies <= value,
    "maxQuotes": lambda post, value, world: world.timeline.figures(post).quotes <= value,
    "blueVerifiedOnly": lambda post, value, world: world.timeline.author(post).verified or not value,
    "conversationId": lambda post, value, world: world.timeline.root(post) == value,
    "inReplyToTweetId": lambda post, value, _: post.reply_to == value,
    "quotesOfTweetId": lambda post, value, _: post.quotes == value,
    "retweetsOfTweetId": lambda post, value, _: post.reposts == value,
    "url": lambda post, value, _: value.casefold() in post.text.casefold(),
    "safe": lambda post, value, _: not (value and post.sensitive),
}

_OPERATORS: Final[Mapping[str, Callable[[Any], str]]] = {
    "fromUser": lambda name: f"from:{name}",
    "toUser": lambda name: f"to:{name}",
    "mentioning": lambda name: f"@{name}",
    "language": lambda code: f"lang:{code}",
    "sinceDate": lambda day: f"since:{day}",
    "untilDate": lambda day: f"until:{_next_day(day)}",
    "mediaType": lambda kind: f"filter:{kind}",
    "minFaves": lambda number: f"min_faves:{number}",
    "minRetweets": lambda number: f"min_retweets:{number}",
    "minReplies": lambda number: f"min_replies:{number}",
    "verifiedOnly": lambda on: "filter:verified" if on else "",
    "nativeRetweets": lambda on: "filter:nativeretweets" if on else "",
    "exactPhrase": lambda words: f'"{words}"',
    "excludeWords": lambda words: " ".join(f"-{one}" for one in _terms(words)),
    "anyWords": lambda words: " OR ".join(_terms(words)),
    "hashtags": lambda tags: " ".join(f"#{one.removeprefix('#')}" for one in _terms(tags)),
    "cashtags": lambda tags: " ".join(f"${one.removeprefix('$')}" for one in _terms(tags)),
    "sinceId": lambda post: f"since_id:{post}",
    "maxId": lambda post: f"max_id:{post}",
    "advancedQuery": str,
    "replies": lambda wanted: _among(wanted, "filter:replies"),
    "retweets": lambda wanted: _among(wanted, "filter:nativeretweets"),
    "quotes": lambda wanted: _among(wanted, "filter:quote"),
}


def people_left(sandbox: Sandbox, request: Request, people: Iterable[PersonOfX]) -> Iterator[PersonOfX]:
    """Those who meet the conditions; 501 for one that is not simulated."""
    asked = _asked(request, _PEOPLE)
    return (one for one in people if all(_PEOPLE[name](one, value, sandbox) for name, value in asked.items()))


def posts_found(sandbox: Sandbox, request: Request, posts: Iterable[Post]) -> list[Post]:
    """What a search finds among these, newest first or those with most likes."""
    check_searched("", [name for name in _GONE if request.get(name)])
    asked = _asked(request, {*_OPERATORS, *_POSTS})
    terms = [_OPERATORS[name](value) for name, value in asked.items() if name in _OPERATORS]
    query = " ".join([str(request.get("searchQuery", "")), *filter(None, terms)]).strip()
    if len(query) > _LONGEST:
        raise ApiProblem(400, "invalid_input", f"X searches up to {_LONGEST} characters.")
    matches = matcher(query, sandbox)
    tests = [(name, value) for name, value in asked.items() if name in _POSTS]
    found = [
        post
        for post in posts
        if matches(post) and all(_POSTS[name](post, value, sandbox) for name, value in tests)
    ]
    if request.get("queryType") in ("Top", "relevance"):
        found.sort(key=lambda post: (-post.likes, -int(post.id)))
    return found


def replies_left(sandbox: Sandbox, request: Request, root: Post) -> list[Post]:
    """The replies to a post as far as they meet the conditions, in the order that is asked for."""
    asked = _asked(request, _OF_REPLIES)
    direct = sandbox.timeline.replies_to(root.id)
    nested = [below for one in direct for below in _below(sandbox, one)]
    scope = asked.get("scope", "all")
    found = [*(direct if scope != "nested" else []), *(nested if scope != "direct" else [])]
    if asked.get("excludeOriginalAuthor"):
        found = [one for one in found if one.author_id != root.author_id]
    if asked.get("hasMediaOnly"):
        found = [one for one in found if one.media]
    begin, end = _epoch(asked.get("sinceTime"), 0.0), _epoch(asked.get("untilTime"), float("inf"))
    found = [one for one in found if begin <= seconds_of(one.id) <= end]
    match asked.get("sort", "relevance"):
        case "latest":
            found.sort(key=lambda one: -int(one.id))
        case "oldest":
            found.sort(key=lambda one: int(one.id))
        case _:
            found.sort(key=lambda one: (-one.likes, int(one.id)))
    return [*([root] if asked.get("includeOriginalPost") else []), *found]


_OF_REPLIES: Final = frozenset(
    (
        *("sort", "scope", "excludeOriginalAuthor", "hasMediaOnly", "includeOriginalPost"),
        *("sinceTime", "untilTime", "maxDepth", "maxPagesPerTarget", "collectionStrategy"),
    )
)


def unnarrowed(request: Request) -> None:
    """501 for any condition at all."""
    _asked(request, ())


def _asked(request: Request, known: Iterable[str]) -> dict[str, Any]:
    """The conditions of a request; 501 for one that is not simulated."""
    asked = {name: value for name, value in request.items() if name not in _PLAIN}
    if unknown := sorted(set(asked) - {*known}):
        raise ApiProblem(501, "not_implemented", f"The sandbox does not simulate: {', '.join(unknown)}.")
    return asked


def _below(sandbox: Sandbox, post: Post) -> Iterator[Post]:
    for one in sandbox.timeline.replies_to(post.id):
        yield one
        yield from _below(sandbox, one)


def _terms(text: str) -> list[str]:
    return [one.strip().casefold() for one in text.replace("\n", ",").split(",") if one.strip()]


def _among(wanted: str, operator: str) -> str:
    return {"only": operator, "exclude": f"-{operator}"}.get(wanted, "")


def _next_day(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except ValueError as error:
        raise ApiProblem(400, "invalid_input", f"{day} is not a date.") from error


def _epoch(given: str | int | None, otherwise: float) -> float:
    if given is None:
        return otherwise
    text = str(given)
    try:
        return float(text) if text.isdigit() else datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise ApiProblem(400, "invalid_input", f"{text} is not a time.") from error

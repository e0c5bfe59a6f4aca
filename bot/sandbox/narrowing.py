"""The conditions of an extraction: who and what of the one world meets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import Post
from bot.sandbox.search import check_searched, matcher
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.places import PlaceOfX, holds, place_of
from bot.sandbox.world.snowflake import seconds_of

_DAY: Final = 86_400.0
_LONGEST: Final = 512
_DEEPEST: Final = 100
_REPLIES_A_PAGE: Final = 20
_MILE: Final = 1.609
"""Kilometres."""
_NUMBER: Final = r"(-?\d{1,3}(?:\.\d{1,9})?)"
_POINT: Final = re.compile(rf"{_NUMBER} {_NUMBER} (\d{{1,5}}(?:\.\d{{1,9}})?)(mi|km)", re.ASCII)
_BOX: Final = re.compile(rf"{_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}", re.ASCII)
_WINDOW: Final = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_WEBMAIL: Final = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de"})
Request: TypeAlias = Mapping[str, Any]

PLAIN: Final = frozenset(
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
    "verifiedType": lambda who, value, _: who.badge.casefold() == value.strip().casefold(),
    "hasEmail": lambda who, value, _: bool(who.emails) or not value,
    "businessEmailOnly": lambda who, value, _: any(not _of_webmail(one) for one in who.emails) or not value,
    "emailDomains": lambda who, value, _: any(_at_domain(one, value) for one in who.emails),
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
    "listId": lambda post, value, world: post.author_id in _members(world, value),
    "near": lambda post, value, world: _at_place(
        post, world, lambda place: value.strip().casefold() in place.full_name.casefold()
    ),
    "place": lambda post, value, world: _at_place(post, world, lambda place: holds(value.strip(), place)),
    "placeCountry": lambda post, value, world: _at_place(
        post, world, lambda place: place.code == value.strip().upper()
    ),
    "pointRadius": lambda post, value, world: _at_place(post, world, _around(value)),
    "boundingBox": lambda post, value, world: _at_place(post, world, _boxed(value)),
    "withinTime": lambda post, value, world: seconds_of(post.id) >= world.now() - _window(value),
    "cardName": lambda post, value, _: bool(post.poll) and value.casefold() in _card_name(post),
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
    "excludeWords": lambda words: " ".join(f"-{_phrase(one)}" for one in _terms(words)),
    "anyWords": lambda words: " OR ".join(_phrase(one) for one in _terms(words)),
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
    """Those who meet the conditions; 400 for one that is none of theirs."""
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
    deepest = asked.get("maxDepth", _DEEPEST)
    nested = [below for one in direct for below in _below(sandbox, one, deepest - 1)]
    scope = asked.get("scope", "all")
    found = [*(direct if scope != "nested" else []), *(nested if scope != "direct" else [])]
    if asked.get("excludeOriginalAuthor"):
        found = [one for one in found if one.author_id != root.author_id]
    if asked.get("hasMediaOnly"):
        found = [one for one in found if one.media]
    if (pages := asked.get("maxPagesPerTarget")) is not None:
        found = found[: pages * _REPLIES_A_PAGE]
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
    """400 for any condition at all."""
    _asked(request, ())


def _asked(request: Request, known: Iterable[str]) -> dict[str, Any]:
    """The conditions of a request; 400 for one that the tool has not."""
    asked = {name: value for name, value in request.items() if name not in PLAIN}
    if unknown := sorted(set(asked) - {*known}):
        raise ApiProblem(400, "invalid_input", f"{request['toolType']} takes no {', '.join(unknown)}.")
    return asked


def _below(sandbox: Sandbox, post: Post, levels: int) -> Iterator[Post]:
    if levels < 1:
        return
    for one in sandbox.timeline.replies_to(post.id):
        yield one
        yield from _below(sandbox, one, levels - 1)


def _of_webmail(address: str) -> bool:
    return address.rpartition("@")[2] in _WEBMAIL


def _at_domain(address: str, domains: str) -> bool:
    """Whether an address is at one of these domains, or below it."""
    at = address.rpartition("@")[2]
    return any(f".{at}".endswith(f".{one.removeprefix('@')}") for one in _terms(domains))


def _members(sandbox: Sandbox, list_id: str) -> set[str]:
    found = sandbox.lists.get(list_id)
    return set() if found is None else set(found.members)


def _at_place(post: Post, sandbox: Sandbox, fits: Callable[[PlaceOfX], bool]) -> bool:
    place = place_of(post, sandbox.timeline.author(post))
    return place is not None and fits(place)


def _around(text: str) -> Callable[[PlaceOfX], bool]:
    found = _POINT.fullmatch(text.strip())
    if found is None:
        raise ApiProblem(400, "invalid_input", "pointRadius is a longitude, a latitude and a radius.")
    radius = float(found[3]) * (_MILE if found[4] == "mi" else 1.0)
    return lambda place: place.distance(float(found[1]), float(found[2])) <= radius


def _boxed(text: str) -> Callable[[PlaceOfX], bool]:
    found = _BOX.fullmatch(text.strip())
    if found is None:
        raise ApiProblem(400, "invalid_input", "boundingBox is four numbers: west, south, east, north.")
    west, south, east, north = map(float, found.groups())
    return lambda place: place.within(west, south, east, north)


def _window(text: str) -> float:
    """Seconds of "2d"."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        raise ApiProblem(400, "invalid_input", "withinTime is like 2d, 3h, 5m or 30s.")
    return int(found[1]) * _SECONDS[found[2]]


def _card_name(post: Post) -> str:
    return f"poll{len(post.poll)}choice_text_only"


def _phrase(words: str) -> str:
    """One term of a search, of one word or several."""
    return f'"{words}"' if " " in words else words


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

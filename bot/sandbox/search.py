"""X search syntax, as much of it as a sandbox needs.

Words, ``"phrases"``, ``#tags``, ``@names``, ``from:``, ``to:``, ``lang:``, ``filter:media|images|videos|gifs|
links|replies|quote|nativeretweets|verified``, ``include:nativeretweets``, ``min_faves:``, ``min_retweets:``,
``min_replies:``, ``place:`` (an id), ``since:``, ``until:`` (days in UTC), ``since_id:``, ``max_id:``,
``-exclusion`` and ``OR`` between terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import Post
from bot.sandbox.state import Sandbox
from bot.sandbox.world.places import holds, place_of
from bot.sandbox.world.snowflake import seconds_of

Test: TypeAlias = Callable[[Post], bool]
_TERM = re.compile(r'-?[A-Za-z_]*:?"[^"]*"|\S+')

_LONGEST = 512
_GONE = re.compile(r"-?(?:(source|geocode|within):\S|filter:(news)\b)", re.IGNORECASE)
NO_LONGER_SEARCHED = ("source", "excludeSource", "geocode", "within", "news")
"""Parameters that X took once."""
MEDIA_TYPES = ("images", "videos", "gifs", "media", "links", "none")


def check_searched(query: str, parameters: list[str]) -> None:
    """424, for nothing, where X does not search for a part any more, or for as much. parameters: those of
    `NO_LONGER_SEARCHED` that were sent."""
    terms = [
        found[1] or found[2] for term in _TERM.findall(query) if (found := _GONE.match(term.strip("()")))
    ]
    if gone := [*parameters, *terms]:
        raise ApiProblem(424, "search_unavailable", f"X search no longer supports {gone[0]}.")
    if len(query) > _LONGEST:
        raise ApiProblem(424, "search_unavailable", f"X searches up to {_LONGEST} characters.")


def matcher(
    query: str, sandbox: Sandbox, since: str | None = None, until: str | None = None
) -> Callable[[Post], bool]:
    """A test for tweets that ``query`` finds, from ``since`` (inclusive) to ``until`` (ISO times)."""
    groups: list[list[Test]] = []
    joined = False
    for term in _TERM.findall(query):
        if term == "OR" and groups:
            joined = True
            continue
        test = _term(term.strip("()"), sandbox)
        if joined:
            groups[-1].append(test)
        else:
            groups.append([test])
        joined = False
    start, end = _moment(since, 0.0), _moment(until, float("inf"))

    def found(post: Post) -> bool:
        in_time = start <= seconds_of(post.id) < end
        return in_time and all(any(test(post) for test in group) for group in groups)

    return found


def _moment(text: str | None, default: float) -> float:
    if text is None:
        return default
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise ApiProblem(400, "invalid_params", f"{text} is not an ISO time.") from error


def _term(term: str, sandbox: Sandbox) -> Test:
    if term.startswith("-") and len(term) > 1:
        inner = _term(term[1:], sandbox)
        return lambda post: not inner(post)
    name, colon, value = term.partition(":")
    value = value.strip('"').removeprefix("@").lower()
    if colon and value:
        match name.lower():
            case "from":
                return lambda post: sandbox.timeline.author(post).username.lower() == value
            case "to":
                return lambda post: _parent_author(sandbox, post) == value
            case "lang":
                return lambda post: post.lang == value
            case "place":
                return lambda post: _written_in(value, post, sandbox)
            case "min_faves" | "min_retweets" | "min_replies" if value.isdigit():
                return lambda post: _count(name.lower(), post, sandbox) >= int(value)
            case "filter" if value == "verified":
                return lambda post: sandbox.timeline.author(post).verified
            case "filter":
                return _filter(value)
            case "include":
                return lambda _: True
            case "since" | "until" | "since_id" | "max_id":
                return _bound(name.lower(), value)
            case _:
                pass
    needle = term.strip('"').casefold()
    return lambda post: needle in post.text.casefold()


def _written_in(place_id: str, post: Post, sandbox: Sandbox) -> bool:
    place = place_of(post, sandbox.timeline.author(post))
    return place is not None and holds(place_id, place)


def _bound(name: str, value: str) -> Test:
    """From or up to an id, or the beginning of a day in UTC."""
    if name.endswith("_id"):
        bound = int(value) if value.isdigit() else 0
        later = name == "since_id"
        return lambda post: int(post.id) > bound if later else int(post.id) <= bound
    day = _moment(f"{value}T00:00:00+00:00", 0.0)
    return lambda post: (seconds_of(post.id) >= day) is (name == "since")


def _count(name: str, post: Post, sandbox: Sandbox) -> int:
    if name == "min_faves":
        return post.likes
    figures = sandbox.timeline.figures(post)
    return figures.reposts if name == "min_retweets" else figures.replies


def _parent_author(sandbox: Sandbox, post: Post) -> str:
    parent = sandbox.timeline.get(post.reply_to) if post.reply_to else None
    return sandbox.timeline.author(parent).username.lower() if parent else ""


def _filter(value: str) -> Test:
    match value:
        case "media":
            return lambda post: bool(post.media)
        case "images":
            return lambda post: any(media.kind == "photo" for media in post.media)
        case "videos":
            return lambda post: any(media.kind == "video" for media in post.media)
        case "gifs":
            return lambda post: any(media.kind == "animated_gif" for media in post.media)
        case "none":
            return lambda post: not post.media
        case "quote":
            return lambda post: post.quotes is not None
        case "nativeretweets":
            return lambda post: post.reposts is not None
        case "links":
            return lambda post: "http" in post.text
        case "replies":
            return lambda post: post.reply_to is not None
        case _:
            return lambda _: False

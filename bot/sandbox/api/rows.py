"""Pages of posts and people: as long as the credits reach, each row paid for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.responses import Response

from bot.sandbox.api.references import post_id_in
from bot.sandbox.calls import ApiCall, cursor_of, offset_of
from bot.sandbox.credits import ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.shapes import post_json, user_json
from bot.sandbox.world.people import PersonOfX

T = TypeVar("T")

LARGEST_PAGE = 300
_PAGE = 20


def known_post(call: ApiCall, post_id: str) -> Post:
    """The post, or 400 for an id that cannot be one, or 404."""
    found = post_id_in(post_id)
    if found is None or found != post_id:
        raise ApiProblem(400, "invalid_tweet_id", "Tweet ID is empty or invalid")
    post = call.sandbox.timeline.get(found)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    return post


def known_person(call: ApiCall, reference: str) -> PersonOfX:
    """The account, by handle or id, or 404."""
    person = call.sandbox.people.find(reference)
    if person is None:
        raise ApiProblem(404, "user_not_found", "X user not found")
    return person


def posts_asked(call: ApiCall, posts: Sequence[Post], *, largest: int = LARGEST_PAGE) -> Response:
    """The page of `posts` that `cursor` and `pageSize` ask for."""
    size = call.integer("pageSize", _PAGE, 1, largest, "limit")
    return posts_page(call, posts, size, offset_of(call.query("cursor")))


def posts_page(call: ApiCall, posts: Sequence[Post], size: int, offset: int) -> Response:
    """One page of posts."""
    sandbox = call.sandbox
    rows = _affordable(call, posts[offset : offset + size])
    tweets = [post_json(sandbox, post, sandbox.origin) for post in rows]
    return json_response(
        {"tweets": tweets, **after_page(offset + len(rows) < len(posts), offset + len(rows))}
    )


def people_asked(
    call: ApiCall,
    people: Sequence[PersonOfX],
    *,
    least: int = 20,
    usual: int = 200,
    largest: int = LARGEST_PAGE,
) -> Response:
    """The page of `people` that `cursor` and `pageSize` ask for. usual: rows where no size is sent."""
    size = call.integer("pageSize", min(usual, largest), least, largest, "limit")
    offset = offset_of(call.query("cursor"))
    rows = people[offset : offset + size]
    return people_page(call, rows, more=offset + size < len(people), after=offset + size)


def people_page(call: ApiCall, rows: Sequence[PersonOfX], *, more: bool, after: int) -> Response:
    """One page of people. after: the offset of the next one."""
    sandbox = call.sandbox
    users = [user_json(sandbox, one, sandbox.origin) for one in _affordable(call, rows)]
    return json_response({"users": users, **after_page(more, after)})


def rows_asked(
    call: ApiCall,
    name: str,
    rows: Sequence[T],
    shown: Callable[[T], dict[str, Any]],
    *,
    largest: int = LARGEST_PAGE,
) -> Response:
    """The page of `rows` that `cursor` and `pageSize` ask for, under `name`; each is paid for."""
    size = call.integer("pageSize", _PAGE, 1, largest, "limit")
    offset = offset_of(call.query("cursor"))
    kept = _affordable(call, rows[offset : offset + size])
    after = offset + len(kept)
    return json_response({name: [shown(one) for one in kept], **after_page(after < len(rows), after)})


def after_page(more: bool, offset: int) -> dict[str, Any]:
    """What a page says of the next one."""
    return {"has_next_page": more, "next_cursor": cursor_of(str(offset)) if more else ""}


def _affordable(call: ApiCall, rows: Sequence[Any]) -> list[Any]:
    """As many as the credits reach for, charged."""
    purse = call.sandbox.credits
    kept = list(rows[: purse.affordable(call.owner, ROW)])
    purse.charge(call.owner, len(kept) * ROW)
    return kept

"""Writing styles: of accounts, from what they wrote last, and of texts that somebody hands in."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from bot.sandbox.api.rows import known_person
from bot.sandbox.calls import LIST_PAGE, ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.credits import ROW
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import StyleRecord, StyleText
from bot.sandbox.state import Sandbox
from bot.sandbox.world.snowflake import iso, seconds_of

SAMPLE = 20
"""Tweets of an account that are read."""
_LONGEST_LABEL = 50
_MOST_TEXTS = 100


class _Analyze(msgspec.Struct):
    username: str


class _Text(msgspec.Struct):
    text: str


class _Save(msgspec.Struct):
    tweets: list[_Text]
    label: str | None = None


def style_named(sandbox: Sandbox, owner: str, name: str) -> StyleRecord | None:
    """The style of that account or label, whichever case it is written in."""
    return sandbox.styles.get(_key(owner, name))


def _key(owner: str, name: str) -> str:
    return f"{owner}:{name.strip().removeprefix('@').casefold()}"


def _known(call: ApiCall, name: str) -> StyleRecord:
    style = style_named(call.sandbox, call.owner, name)
    if style is None:
        raise ApiProblem(404, "style_not_found", "No cached style. Analyze the account first.")
    return style


def _summary(style: StyleRecord) -> dict[str, Any]:
    return {
        "xUsername": style.name,
        "tweetCount": len(style.texts),
        "isOwnAccount": style.own,
        "fetchedAt": iso(style.fetched_at),
    }


def _json(style: StyleRecord) -> dict[str, Any]:
    tweets: list[dict[str, Any]] = []
    for text in style.texts:
        tweet = {"id": text.id, "text": text.text}
        if not style.custom:
            tweet |= {"authorUsername": style.name, "createdAt": iso(seconds_of(text.id))}
        tweets.append(tweet)
    return {**_summary(style), "tweets": tweets}


async def analyze_style(call: ApiCall) -> Response:
    username = call.shaped(_Analyze).username.strip().removeprefix("@")
    if not username:
        raise ApiProblem(400, "invalid_input", "username must not be empty.")
    affordable = call.sandbox.credits.affordable(call.owner, ROW)
    person = known_person(call, username)
    own = [post for post in call.sandbox.graph.posts_of(person) if not post.reposts]
    read = own[: min(SAMPLE, affordable)]
    call.sandbox.credits.charge(call.owner, len(read) * ROW)
    known = style_named(call.sandbox, call.owner, person.username)
    style = StyleRecord(
        id=_key(call.owner, person.username),
        owner=call.owner,
        name=person.username,
        texts=[StyleText(id=post.id, text=post.text) for post in read],
        own=any(one.owner == call.owner and one.x_user_id == person.id for one in call.sandbox.accounts),
        fetched_at=call.now,
    )
    return json_response(_json(call.sandbox.styles.put(style)), 200 if known else 201)


async def list_styles(call: ApiCall) -> Response:
    """Newest first."""
    call.only("cursor", "after", "limit")
    limit = call.integer("limit", LIST_PAGE, 1, LIST_PAGE)
    offset = offset_of(call.query("cursor", "after"))
    mine = [one for one in call.sandbox.styles if one.owner == call.owner]
    mine.sort(key=lambda one: one.fetched_at, reverse=True)
    page = mine[offset : offset + limit]
    body: dict[str, Any] = {
        "styles": [_summary(one) for one in page],
        "hasMore": offset + limit < len(mine),
    }
    if body["hasMore"]:
        body["nextCursor"] = cursor_of(str(offset + limit))
    return json_response(body)


async def get_style(call: ApiCall) -> Response:
    return json_response(_json(_known(call, call.path["id"])))


async def compare_styles(call: ApiCall) -> Response:
    first, second = call.query("username1"), call.query("username2")
    if first is None or second is None:
        raise ApiProblem(400, "missing_params", "Send username1 and username2.")
    return json_response({"style1": _json(_known(call, first)), "style2": _json(_known(call, second))})


async def style_performance(call: ApiCall) -> Response:
    """Of texts that were handed in nothing is known, and nothing is charged."""
    style = _known(call, call.path["id"])
    posts = [post for text in style.texts if (post := call.sandbox.timeline.get(text.id)) is not None]
    if posts:
        posts = posts[: call.sandbox.credits.affordable(call.owner, ROW)]
        call.sandbox.credits.charge(call.owner, len(posts) * ROW)
    tweets = []
    for post in posts:
        figures = call.sandbox.timeline.figures(post)
        tweets.append(
            {
                "id": post.id,
                "text": post.text,
                "createdAt": iso(seconds_of(post.id)),
                "likeCount": post.likes,
                "retweetCount": figures.reposts,
                "replyCount": figures.replies,
                "quoteCount": figures.quotes,
                "viewCount": post.views,
                "bookmarkCount": post.bookmarks,
            }
        )
    return json_response({"xUsername": style.name, "tweetCount": len(tweets), "tweets": tweets})


async def save_style(call: ApiCall) -> Response:
    name = call.path["id"].strip().removeprefix("@")
    new = call.shaped(_Save)
    label = name if new.label is None else new.label.strip().removeprefix("@")
    if label.casefold() != name.casefold() or not 1 <= len(label) <= _LONGEST_LABEL:
        raise ApiProblem(400, "invalid_input", f"label must be the id, 1 to {_LONGEST_LABEL} characters.")
    if not 1 <= len(new.tweets) <= _MOST_TEXTS or any(not one.text.strip() for one in new.tweets):
        raise ApiProblem(400, "invalid_input", f"tweets must be 1 to {_MOST_TEXTS} texts.")
    style = StyleRecord(
        id=_key(call.owner, label),
        owner=call.owner,
        name=label,
        texts=[StyleText(id=f"custom-{number}", text=one.text) for number, one in enumerate(new.tweets, 1)],
        custom=True,
        fetched_at=call.now,
    )
    return json_response(_json(call.sandbox.styles.put(style)))


async def delete_style(call: ApiCall) -> Response:
    call.sandbox.styles.delete(_known(call, call.path["id"]).id)
    return Response(status_code=204)


OPERATIONS = (
    Operation("listStyles", "GET", "/styles", list_styles),
    Operation("analyzeStyle", "POST", "/styles", analyze_style, "writes"),
    Operation("compareStyles", "GET", "/styles/compare", compare_styles),
    Operation("getStyle", "GET", "/styles/{id}", get_style),
    Operation("saveStyle", "PUT", "/styles/{id}", save_style, "writes"),
    Operation("deleteStyle", "DELETE", "/styles/{id}", delete_style, "deletes"),
    Operation("getStylePerformance", "GET", "/styles/{id}/performance", style_performance),
)

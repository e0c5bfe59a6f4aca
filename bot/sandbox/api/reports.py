"""What is found out about people: who follows whom, insights, translated profiles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import known_person
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import FOLLOW_CHECK, LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.shapes import entities_of
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso, seconds_of

_SAMPLE = 20
_DAY = 86_400.0
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,4})?")


async def check_follow(call: ApiCall) -> Response:
    call.only("source", "target")
    asked = call.query("source"), call.query("target")
    if not all(asked):
        raise ApiProblem(400, "missing_params", "Include source and target.")
    call.sandbox.credits.require(call.owner, FOLLOW_CHECK)
    source, target = (known_person(call, _named(reference or "")) for reference in asked)
    call.sandbox.credits.charge(call.owner, FOLLOW_CHECK)
    timeline = call.sandbox.timeline
    return json_response(
        {
            "sourceUsername": source.username.lower(),
            "sourceId": source.id,
            "targetUsername": target.username.lower(),
            "targetId": target.id,
            "isFollowing": timeline.follows(source, target),
            "isFollowedBy": timeline.follows(target, source),
        }
    )


def _named(reference: str) -> str:
    """The handle or id in a reference, which may be a link to a profile."""
    return reference.partition("?")[0].rstrip("/").rpartition("/")[2]


async def user_insights(call: ApiCall) -> Response:
    call.sandbox.credits.require(call.owner, LOOKUP)
    person = known_person(call, call.path["id"])
    call.sandbox.credits.charge(call.owner, LOOKUP)
    body: dict[str, Any] = {"insights": _insights(call.sandbox, person, call.now)}
    if person.protected:
        body["message"] = "Only the followers of this account see its tweets."
    return json_response(body)


def _insights(sandbox: Sandbox, person: PersonOfX, now: float) -> dict[str, Any]:
    """Reposts and the pinned post stay out of the averages."""
    own = [] if person.protected else sandbox.graph.posts_of(person)
    sample = [post for post in own if not post.reposts and post.id not in person.pinned][:_SAMPLE]
    followers = sandbox.timeline.followers(person)
    totals = _totals(sandbox, sample)
    averages = {name: round(total / len(sample), 2) for name, total in totals.items()} if sample else None
    rate = averages["engagements"] / followers * 100 if averages and followers else None
    per_view = totals["engagements"] / totals["views"] * 100 if totals["views"] else None
    body: dict[str, Any] = {
        "userId": person.id,
        "userName": person.username,
        "followers": followers,
        "following": sandbox.timeline.following(person),
        "posts": sandbox.timeline.statuses(person),
        "postsPrivate": person.protected,
        "accountAgeDays": max(0, int((now - person.created_at) // _DAY)),
        "averages": averages,
        "engagementRate": None if rate is None else round(rate, 4),
        "engagementPerView": None if per_view is None else round(per_view, 4),
        "postsPerDay": None,
        "sample": {"posts": len(sample)},
        "topPostId": max(sample, key=lambda post: _engagements(sandbox, post)).id if sample else None,
    }
    if sample:
        newest, oldest = seconds_of(sample[0].id), seconds_of(sample[-1].id)
        # Few of what X counts are in this world, so that its own count says how often somebody writes.
        body["postsPerDay"] = round(body["posts"] / max(1, body["accountAgeDays"]), 4)
        body["sample"] |= {"newestAt": iso(newest), "oldestAt": iso(oldest)}
    return body


def _totals(sandbox: Sandbox, sample: Sequence[Post]) -> dict[str, int]:
    figures = [sandbox.timeline.figures(post) for post in sample]
    return {
        "likes": sum(post.likes for post in sample),
        "replies": sum(one.replies for one in figures),
        "reposts": sum(one.reposts for one in figures),
        "quotes": sum(one.quotes for one in figures),
        "bookmarks": sum(post.bookmarks for post in sample),
        "views": sum(post.views for post in sample),
        "engagements": sum(_engagements(sandbox, post) for post in sample),
    }


def _engagements(sandbox: Sandbox, post: Post) -> int:
    figures = sandbox.timeline.figures(post)
    return post.likes + figures.replies + figures.reposts + figures.quotes


async def translate_bio(call: ApiCall) -> Response:
    """No translation is made here: the text says into which language it would be."""
    call.only("language")
    language = (call.query("language") or "").lower()
    if not language:
        raise ApiProblem(400, "missing_params", "Include language.")
    if not _LANGUAGE.fullmatch(language):
        raise ApiProblem(400, "invalid_params", "language must be a language code, such as es.")
    person = known_person(call, call.path["id"])
    if not person.bio:
        return json_response({"translation": None, "message": "This profile has no bio."})
    call.sandbox.credits.charge(call.owner, LOOKUP)
    text = person.bio if language == person.lang else f"[{language}] {person.bio}"
    translation = {
        "userId": person.id,
        "userName": person.username,
        "language": language,
        "sourceLanguage": person.lang,
        "text": text,
        "entities": entities_of(text),
    }
    return json_response({"translation": translation})


OPERATIONS = (
    Operation("checkFollow", "GET", "/x/followers/check", check_follow),
    Operation("getUserInsights", "GET", "/x/users/{id}/insights", user_insights),
    Operation("translateBio", "GET", "/x/users/{id}/translation", translate_bio),
)

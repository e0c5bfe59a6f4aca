"""Monitors of single posts, and their figures hour by hour."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from bot.sandbox.api.monitors import changed, forget, known_monitor, monitors_of, new_monitor
from bot.sandbox.api.references import post_id_in
from bot.sandbox.calls import LIST_PAGE, ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.config import API_PREFIX
from bot.sandbox.measuring import MOST_HOURS, buckets_json, measured, read_again, readings_json
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import MonitorRecord
from bot.sandbox.world.snowflake import iso, seconds_of

_DEFAULT_TYPES = [
    "post.reply.new",
    "post.quote.new",
    "post.likes.changed",
    "post.retweets.changed",
    "post.edited",
    "post.deleted",
]


class _NewPostMonitor(msgspec.Struct, rename="camel"):
    post: str
    event_types: list[str] | None = None
    name: str | None = None


def _json(call: ApiCall, monitor: MonitorRecord) -> dict[str, Any]:
    figures = read_again(call.sandbox, monitor)
    author = call.sandbox.people.by_id(monitor.author_id)
    username = author.username if author is not None else "unknown"
    post_id = monitor.post_id or ""
    body: dict[str, Any] = {
        "id": monitor.id,
        "postId": post_id,
        "postUrl": f"https://x.com/{username}/status/{post_id}",
        "authorId": monitor.author_id,
        "authorUsername": username,
        "authorName": author.name if author is not None else username,
        "text": monitor.text,
        "postedAt": iso(seconds_of(post_id)),
        "eventTypes": monitor.event_types,
        "isActive": monitor.active,
        "createdAt": iso(monitor.created_at),
        "nextBillingAt": iso(monitor.next_billing_at),
        "metrics": readings_json(monitor, figures),
    }
    if monitor.name is not None:
        body["name"] = monitor.name
    if monitor.paused_reason is not None:
        body["pausedReason"] = monitor.paused_reason
        body["pausedAt"] = iso(monitor.paused_at or call.now)
    return body


async def create_post_monitor(call: ApiCall) -> Response:
    new = call.shaped(_NewPostMonitor)
    post_id = post_id_in(new.post)
    if post_id is None:
        raise ApiProblem(400, "invalid_tweet_url", "post must be a link or an ID.")
    post = call.sandbox.timeline.get(post_id)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    if any(monitor.post_id == post_id for monitor in monitors_of(call, "post")):
        raise ApiProblem(409, "monitor_already_exists", "This tweet is monitored already.")
    monitor = new_monitor(call, "post", _DEFAULT_TYPES if new.event_types is None else new.event_types)
    monitor.post_id, monitor.author_id, monitor.text = post_id, post.author_id, post.text
    monitor.name = new.name or None
    monitor.started = measured(call.sandbox, post)
    monitor.told = dict(monitor.started)
    body = _json(call, call.sandbox.monitors.put(monitor))
    call.sandbox.announce()
    return json_response(body, 201)


async def list_post_monitors(call: ApiCall) -> Response:
    limit = call.integer("limit", LIST_PAGE, 1, LIST_PAGE)
    skipped = offset_of(call.query("cursor", "after"))
    found = monitors_of(call, "post")
    page = found[skipped : skipped + limit]
    body: dict[str, Any] = {
        "monitors": [_json(call, monitor) for monitor in page],
        "total": len(page),
        "hasMore": skipped + limit < len(found),
    }
    if body["hasMore"]:
        body["nextCursor"] = cursor_of(str(skipped + limit))
    return json_response(body)


async def get_post_monitor(call: ApiCall) -> Response:
    return json_response(_json(call, known_monitor(call, "post")))


async def update_post_monitor(call: ApiCall) -> Response:
    """A paused one is not turned on while X hides the post."""
    monitor = known_monitor(call, "post")
    gone = call.sandbox.timeline.get(monitor.post_id or "") is None
    if gone and call.json().get("isActive") is True:
        raise ApiProblem(409, "tweet_not_found", "X does not show this tweet.")
    return json_response(_json(call, changed(call, monitor)))


async def delete_post_monitor(call: ApiCall) -> Response:
    monitor = known_monitor(call, "post")
    forget(call, monitor)
    address = f"{call.sandbox.origin}{API_PREFIX}/monitors/posts/{monitor.id}"
    return json_response({"success": True, "deletionStatus": "deleting", "statusUrl": address})


async def get_post_monitor_metrics(call: ApiCall) -> Response:
    monitor = known_monitor(call, "post")
    hours = call.integer("hours", 24, 1, MOST_HOURS)
    read_again(call.sandbox, monitor)
    return json_response({"hours": hours, "buckets": buckets_json(monitor, call.now, hours)})


OPERATIONS = (
    Operation("createPostMonitor", "POST", "/monitors/posts", create_post_monitor, "writes"),
    Operation("listPostMonitors", "GET", "/monitors/posts", list_post_monitors),
    Operation("getPostMonitor", "GET", "/monitors/posts/{id}", get_post_monitor),
    Operation("updatePostMonitor", "PATCH", "/monitors/posts/{id}", update_post_monitor, "writes"),
    Operation("deletePostMonitor", "DELETE", "/monitors/posts/{id}", delete_post_monitor, "deletes"),
    Operation("getPostMonitorMetrics", "GET", "/monitors/posts/{id}/metrics", get_post_monitor_metrics),
)

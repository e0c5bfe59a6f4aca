"""Giveaway draws over the replies of a tweet."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import Any

import msgspec
from starlette.responses import Response

from bot.sandbox.api.references import post_id_in_url
from bot.sandbox.calls import ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.credits import DRAW_ENTRY
from bot.sandbox.exports import FORMATS, export, table_of
from bot.sandbox.lottery import Rules, choose, inspect
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import DrawRecord, Post, WinnerRecord
from bot.sandbox.world.snowflake import iso
from bot.sandbox.writing import optional_key

_MOST_WINNERS = 1_000


class _NewDraw(msgspec.Struct, rename="camel"):
    tweet_url: str
    winner_count: int = 1
    backup_count: int = 0
    unique_authors_only: bool = False
    must_retweet: bool = False
    must_follow_username: str | None = None
    filter_min_followers: int = 0
    filter_account_age_days: int = 0
    filter_language: str | None = None
    required_keywords: list[str] = []
    required_hashtags: list[str] = []
    required_mentions: list[str] = []


def _rules(call: ApiCall, new: _NewDraw) -> Rules:
    if not 1 <= new.winner_count <= _MOST_WINNERS or not 0 <= new.backup_count <= _MOST_WINNERS:
        raise ApiProblem(
            400, "invalid_input", f"winnerCount must be 1 to {_MOST_WINNERS}, backupCount 0 or more."
        )
    if new.filter_min_followers < 0 or new.filter_account_age_days < 0:
        raise ApiProblem(400, "invalid_input", "Filters must not be negative.")
    follow = None
    if new.must_follow_username:
        follow = call.sandbox.people.by_handle(new.must_follow_username)
        if follow is None:
            raise ApiProblem(404, "user_not_found", "X user not found")
    return Rules(
        winner_count=new.winner_count,
        backup_count=new.backup_count,
        unique_authors=new.unique_authors_only,
        must_repost=new.must_retweet,
        must_follow=follow,
        min_followers=new.filter_min_followers,
        min_age_days=new.filter_account_age_days,
        language=new.filter_language,
        keywords=new.required_keywords,
        hashtags=new.required_hashtags,
        mentions=new.required_mentions,
    )


async def create_draw(call: ApiCall) -> Response:
    """Inspect as many replies as the credits reach, oldest first, and choose among them.

    With an Idempotency-Key the same request is the same draw, charged once; another one is a conflict.
    """
    new = call.shaped(_NewDraw)
    key, fingerprint = optional_key(call), _fingerprint(new)
    known = next(
        (one for one in call.sandbox.draws if key and (one.owner, one.key) == (call.owner, key)), None
    )
    if known is not None and known.request_hash != fingerprint:
        raise ApiProblem(409, "idempotency_conflict", "This Idempotency-Key belongs to a different draw.")
    if known is not None:
        return _answer(known)
    post_id = post_id_in_url(new.tweet_url)
    if post_id is None:
        raise ApiProblem(400, "invalid_tweet_url", "Use the full URL: https://x.com/user/status/ID")
    rules = _rules(call, new)
    reach = call.sandbox.credits.affordable(call.owner, DRAW_ENTRY)
    post = call.sandbox.timeline.get(post_id)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    replies = call.sandbox.timeline.replies_to(post_id)[:reach]
    entries = inspect(call.sandbox.timeline, post, replies, rules, call.now)
    with call.sandbox.store.atomic():
        call.sandbox.credits.charge(call.owner, DRAW_ENTRY * len(entries))
        drawn = _draw(call, new, post, entries, rules)
        drawn.key, drawn.request_hash = key, fingerprint
        draw = call.sandbox.draws.put(drawn)
    return _answer(draw)


def _fingerprint(new: _NewDraw) -> str:
    return hashlib.sha256(msgspec.json.encode(new, order="deterministic")).hexdigest()


def _answer(draw: DrawRecord) -> Response:
    return json_response(
        {
            "id": draw.id,
            "tweetId": draw.post_id,
            "totalEntries": len(draw.entries),
            "validEntries": draw.valid,
            "winners": [_winner_json(winner) for winner in draw.winners],
        },
        201,
    )


def _draw(call: ApiCall, new: _NewDraw, post: Post, entries: list[Any], rules: Rules) -> DrawRecord:
    rng = random.Random(f"draw:{call.sandbox.config.seed}:{call.sandbox.store.next('draw')}")
    figures = call.sandbox.timeline.figures(post)
    draw_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return DrawRecord(
        id=draw_id,
        owner=call.owner,
        post_id=post.id,
        post_url=new.tweet_url,
        post_text=post.text,
        post_author=call.sandbox.timeline.author(post).username,
        like_count=post.likes,
        repost_count=figures.reposts,
        reply_count=figures.replies,
        quote_count=figures.quotes,
        created_at=call.now,
        winners=choose(entries, rules, rng),
        entries=entries,
    )


def _winner_json(winner: WinnerRecord) -> dict[str, Any]:
    return {
        "authorUsername": winner.username,
        "tweetId": winner.post_id,
        "position": winner.position,
        "isBackup": winner.backup,
    }


def _summary(draw: DrawRecord) -> dict[str, Any]:
    moment = iso(draw.created_at)
    return {
        "id": draw.id,
        "tweetUrl": draw.post_url,
        "status": "completed",
        "totalEntries": len(draw.entries),
        "validEntries": draw.valid,
        "createdAt": moment,
        "drawnAt": moment,
    }


def _detail(draw: DrawRecord) -> dict[str, Any]:
    return _summary(draw) | {
        "tweetId": draw.post_id,
        "tweetText": draw.post_text,
        "tweetAuthorUsername": draw.post_author,
        "tweetLikeCount": draw.like_count,
        "tweetRetweetCount": draw.repost_count,
        "tweetReplyCount": draw.reply_count,
        "tweetQuoteCount": draw.quote_count,
    }


def _known(call: ApiCall) -> DrawRecord:
    draw = call.sandbox.draws.get(call.path["id"])
    if draw is None or draw.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such draw.")
    return draw


async def get_draw(call: ApiCall) -> Response:
    draw = _known(call)
    return json_response(
        {"draw": _detail(draw), "winners": [_winner_json(winner) for winner in draw.winners]}
    )


async def list_draws(call: ApiCall) -> Response:
    """Newest first; the cursor counts from the oldest, so new draws never shift a page."""
    limit = call.integer("limit", 50, 1, 100)
    mine = [draw for draw in call.sandbox.draws if draw.owner == call.owner]
    cursor = call.query("cursor", "after")
    end = min(offset_of(cursor), len(mine)) if cursor else len(mine)
    start = max(0, end - limit)
    body: dict[str, Any] = {"draws": [_summary(draw) for draw in mine[start:end][::-1]], "hasMore": start > 0}
    if start > 0:
        body["nextCursor"] = cursor_of(str(start))
    return json_response(body)


async def export_draw(call: ApiCall) -> Response:
    draw = _known(call)
    chosen = call.query("format")
    if chosen not in FORMATS:
        raise ApiProblem(400, "invalid_format", f"format must be one of: {', '.join(FORMATS)}.")
    kind = call.choice("type", ("winners", "entries"), "winners") or "winners"
    content = export(table_of(draw, kind), chosen)
    name = f"draw-{draw.id[:8]}-{kind}.{FORMATS[chosen]}"
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


OPERATIONS = (
    Operation("createDraw", "POST", "/draws", create_draw, "writes"),
    Operation("listDraws", "GET", "/draws", list_draws),
    Operation("getDraw", "GET", "/draws/{id}", get_draw),
    Operation("exportDraw", "GET", "/draws/{id}/export", export_draw),
)

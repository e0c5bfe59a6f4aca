"""Downloading the media of posts into galleries."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.responses import Response

from bot.sandbox.api.references import post_id_in
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import MEDIA
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import GalleryRecord, Post

_MOST_TWEETS = 50


async def download_media(call: ApiCall) -> Response:
    """Bulk when ``tweetIds`` holds at least one string, else one tweet."""
    body = call.json()
    many = body.get("tweetIds")
    if isinstance(many, list) and any(isinstance(one, str) for one in many):
        return _bulk(call, [one for one in many if isinstance(one, str)])
    single = next((body[name] for name in ("tweetInput", "tweetId", "tweetUrl") if body.get(name)), None)
    if not isinstance(single, str):
        raise ApiProblem(400, "invalid_input", "Send tweetInput or tweetIds.")
    return _single(call, single)


def _single(call: ApiCall, reference: str) -> Response:
    post_id = post_id_in(reference)
    if post_id is None:
        raise ApiProblem(400, "invalid_tweet_id", "Tweet ID is empty or invalid")
    post = call.sandbox.timeline.get(post_id)
    if post is None:
        raise ApiProblem(404, "tweet_not_found", "Tweet not found")
    if not post.media:
        raise ApiProblem(400, "no_media", "Tweet has no downloadable media")
    cached = call.sandbox.galleries.get(_gallery_id(call.owner, [post_id])) is not None
    if not cached:
        call.sandbox.credits.charge(call.owner, MEDIA)
    url = _gallery(call, [post])
    return json_response({"tweetId": post_id, "galleryUrl": url, "cacheHit": cached})


def _bulk(call: ApiCall, references: list[str]) -> Response:
    """Ids that are malformed, unknown, or without media are skipped without a word, as the API does."""
    if len(references) > _MOST_TWEETS:
        raise ApiProblem(400, "too_many_tweets", f"Max {_MOST_TWEETS} tweets per request")
    ids = dict.fromkeys(found for one in references if (found := post_id_in(one)))
    known = (call.sandbox.timeline.get(one) for one in ids)
    posts = [post for post in known if post is not None and post.media]
    if not posts:
        raise ApiProblem(400, "no_media", "No tweet with downloadable media")
    fresh = [post for post in posts if call.sandbox.galleries.get(_gallery_id(call.owner, [post.id])) is None]
    call.sandbox.credits.charge(call.owner, MEDIA * len(fresh))
    for post in fresh:
        _gallery(call, [post])
    body: dict[str, Any] = {
        "galleryUrl": _gallery(call, posts),
        "totalTweets": len(posts),
        "totalMedia": sum(len(post.media) for post in posts),
    }
    return json_response(body)


def _gallery_id(owner: str, post_ids: list[str]) -> str:
    return hashlib.sha256(f"{owner}:{','.join(post_ids)}".encode()).hexdigest()[:16]


def _gallery(call: ApiCall, posts: list[Post]) -> str:
    """The address of the gallery of these posts, made if need be."""
    ids = [post.id for post in posts]
    gallery_id = _gallery_id(call.owner, ids)
    if call.sandbox.galleries.get(gallery_id) is None:
        call.sandbox.galleries.put(GalleryRecord(id=gallery_id, owner=call.owner, post_ids=ids))
    return f"{call.sandbox.origin}/g/{gallery_id}"


OPERATIONS = (Operation("downloadMedia", "POST", "/x/media/download", download_media, "writes"),)

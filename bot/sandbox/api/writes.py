"""The keyed writes on X that the sandbox performs, and the status of each."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.sandbox.actions import settle
from bot.sandbox.api.references import post_id_in
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import POST, POST_MEDIA_MEGABYTE, SMALL_WRITE, UPLOAD
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import ConnectedAccount, Upload
from bot.sandbox.state import ORIGIN_MARK
from bot.sandbox.weighted import LONGEST, LONGEST_NOTE, weighted_length
from bot.sandbox.world import snowflake
from bot.sandbox.writing import Intent, answer, body_of, invalid, write

_TWEET_FIELDS = ["account", "text", "reply_to_tweet_id", "community_id", "is_note_tweet", "media"]
_MOST_MEDIA = 4
_MEGABYTE = 1_000_000
_LARGEST_UPLOAD = 15_728_640
_UPLOAD_TYPES = {
    "image/avif", "image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4",
}  # fmt: skip


async def create_tweet(call: ApiCall) -> Response:
    body = body_of(call, _TWEET_FIELDS)
    text, media, parent = body.get("text", ""), body.get("media", []), body.get("reply_to_tweet_id")
    if not isinstance(text, str) or not (text.strip() or media):
        raise invalid("invalid_input", "Send text, media, or both.")
    if not isinstance(media, list) or not all(isinstance(url, str) for url in media):
        raise invalid("invalid_input", "media must be a list of URLs.")
    if parent is not None and (not isinstance(parent, str) or post_id_in(parent) != parent):
        raise invalid("invalid_tweet_id", "reply_to_tweet_id must be a tweet ID.")
    note = body.get("is_note_tweet", False)
    if not isinstance(note, bool):
        raise invalid("invalid_input", "is_note_tweet must be true or false.")

    def check(_: ConnectedAccount) -> None:
        longest = LONGEST_NOTE if note else LONGEST
        if weighted_length(text) > longest:
            raise ApiProblem(
                422, "x_content_too_long", f"The text is longer than {longest} weighted characters."
            )
        _check_media(call, media)
        if parent is not None and call.sandbox.timeline.get(parent) is None:
            raise ApiProblem(422, "x_target_not_found", "The tweet replied to does not exist.")

    payload = {name: body[name] for name in _TWEET_FIELDS[1:] if name in body}
    intent = Intent(
        action="create_tweet",
        payload=payload,
        planned=POST + POST_MEDIA_MEGABYTE * _started_megabytes(call, media),
        check=check,
        text=text,
    )
    return await write(call, body.get("account"), intent)


def _check_media(call: ApiCall, media: list[str]) -> None:
    videos = [url for url in media if _is_video(url)]
    if len(media) > _MOST_MEDIA or (videos and len(media) > 1):
        raise invalid("invalid_input", "Send up to 4 images or exactly 1 MP4 video.")
    for url in media:
        if not url.startswith(f"{call.sandbox.origin}/media/") and not _public(url):
            raise ApiProblem(422, "media_download_failed", "Media must be public HTTPS URLs.")


def _is_video(url: str) -> bool:
    return url.partition("?")[0].lower().endswith(".mp4")


def _public(url: str) -> bool:
    """HTTPS to a host that is not plainly private. Names are not resolved: the sandbox fetches nothing."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def _started_megabytes(call: ApiCall, media: list[str]) -> int:
    """What the media weighs: known for uploads, taken as one megabyte for anything else."""
    if not media:
        return 0
    sizes = {upload.key: upload.size for upload in call.sandbox.uploads if upload.owner == call.owner}
    prefix = f"{call.sandbox.origin}/media/"
    total = sum(sizes.get(url.removeprefix(prefix).rsplit(".", 1)[0], _MEGABYTE) for url in media)
    return math.ceil(total / _MEGABYTE)


def _on_tweet(action: str, *, own: bool = False) -> Callable[[ApiCall], Awaitable[Response]]:
    """A handler for an action on the tweet in the path; ``own``: only by its author."""

    async def handler(call: ApiCall) -> Response:
        body = body_of(call, ["account"])
        target = call.path["id"]
        if post_id_in(target) != target:
            raise invalid("invalid_tweet_id", "Tweet ID is empty or invalid")

        def check(account: ConnectedAccount) -> None:
            post = call.sandbox.timeline.get(target)
            if post is None:
                raise ApiProblem(422, "x_target_not_found", "The tweet does not exist.")
            if own and post.author_id != account.x_user_id:
                raise ApiProblem(422, "x_rejected", "Only its author can delete a tweet.")
            relation = call.sandbox.relations.get(f"{action}:{account.x_user_id}:{target}")
            if relation is not None and relation.active:
                raise ApiProblem(422, "x_duplicate_action", "Done already.")

        return await write(
            call,
            body.get("account"),
            Intent(action, {"tweet_id": target}, SMALL_WRITE, check, target_type="tweet", target_id=target),
        )

    return handler


def _on_user(action: str) -> Callable[[ApiCall], Awaitable[Response]]:
    async def handler(call: ApiCall) -> Response:
        body = body_of(call, ["account"])
        person = call.sandbox.people.find(call.path["id"])
        target = person.id if person else call.path["id"]

        def check(_: ConnectedAccount) -> None:
            if person is None:
                raise ApiProblem(422, "x_target_not_found", "The user does not exist.")

        return await write(
            call,
            body.get("account"),
            Intent(action, {"user_id": target}, SMALL_WRITE, check, target_type="user", target_id=target),
        )

    return handler


async def upload_media(call: ApiCall) -> Response:
    """A file (multipart) or a URL (JSON). Files are measured and forgotten; URLs are never fetched."""
    if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _upload_file(call)
    body = body_of(call, ["account", "url"])
    url = body.get("url")
    if not isinstance(url, str) or not url:
        raise invalid("missing_url", "Send url, or a file as multipart form data.")

    def check(_: ConnectedAccount) -> None:
        if not _public(url):
            raise ApiProblem(422, "media_download_failed", "Media must be a public HTTPS URL.")

    ending = "mp4" if _is_video(url) else "png"
    return await write(
        call, body.get("account"), _upload_intent(call, {"url": url}, _MEGABYTE, ending, check)
    )


async def _upload_file(call: ApiCall) -> Response:
    async with call.request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid("invalid_input", "file is required.")
        content = await file.read()
    if file.content_type not in _UPLOAD_TYPES or not content:
        raise invalid("invalid_input", "Send an AVIF, GIF, JPEG, PNG, WebP or MP4 file.")
    if len(content) > _LARGEST_UPLOAD:
        raise invalid("media_too_large", f"Files may have {_LARGEST_UPLOAD} bytes.", 413)
    payload = {
        "filename": file.filename or "file",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "is_long_video": form.get("is_long_video") == "true",
    }
    ending = "mp4" if file.content_type == "video/mp4" else "png"
    return await write(call, form.get("account"), _upload_intent(call, payload, len(content), ending))


def _upload_intent(
    call: ApiCall,
    payload: dict[str, Any],
    size: int,
    ending: str,
    check: Callable[[ConnectedAccount], None] = lambda _: None,
) -> Intent:
    def prepare() -> dict[str, str]:
        media_id = snowflake.at(call.now, call.sandbox.store.next("media"))
        key = f"upload-{media_id}"
        call.sandbox.uploads.put(
            Upload(id=media_id, owner=call.owner, key=key, size=size, created_at=call.now)
        )
        return {"mediaId": media_id, "mediaUrl": f"{ORIGIN_MARK}/media/{key}.{ending}"}

    return Intent("upload_media", payload, UPLOAD, check, prepare=prepare)


async def write_action_status(call: ApiCall) -> Response:
    action = call.sandbox.actions.get(call.path["id"])
    if action is None or action.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such write action.")
    return answer(call, settle(call.sandbox, action), status=200)


OPERATIONS = (
    Operation("createTweet", "POST", "/x/tweets", create_tweet, "writes"),
    Operation("deleteTweet", "DELETE", "/x/tweets/{id}", _on_tweet("delete_tweet", own=True), "deletes"),
    Operation("likeTweet", "POST", "/x/tweets/{id}/like", _on_tweet("like"), "writes"),
    Operation("unlikeTweet", "DELETE", "/x/tweets/{id}/like", _on_tweet("unlike"), "deletes"),
    Operation("retweet", "POST", "/x/tweets/{id}/retweet", _on_tweet("retweet"), "writes"),
    Operation("unretweet", "DELETE", "/x/tweets/{id}/retweet", _on_tweet("unretweet"), "deletes"),
    Operation("followUser", "POST", "/x/users/{id}/follow", _on_user("follow"), "follows"),
    Operation("unfollowUser", "DELETE", "/x/users/{id}/follow", _on_user("unfollow"), "deletes"),
    Operation(
        "removeFollower", "POST", "/x/users/{id}/remove-follower", _on_user("remove_follower"), "follows"
    ),
    Operation("uploadMedia", "POST", "/x/media", upload_media, "writes"),
    Operation("getWriteActionStatus", "GET", "/x/write-actions/{id}", write_action_status),
)

"""The 18 writes on X, each with an Idempotency-Key. Imported by `bot.pending` and `bot.app` alone.

The same key with the same request returns the original action, for at least 90 days. So a body is
always written the same way (sorted, compact JSON; a fixed multipart boundary), and recovery is
always the identical request with the stored key. A new key is a new write: only after a person
asked for it, and only when it is safe.

| `perform` | what is known | what the caller does |
|---|---|---|
| returns, `.succeeded` | done | report it |
| returns, not `.terminal` | accepted | poll `reads.write_action(id)` after `poll_after` |
| returns, `.failed` | did not happen | report `failure(action)`; new try only if `safe_to_retry` |
| returns, `.outcome_unknown` | nobody can tell | report it; never send again by itself |
| raises `OutcomeUnknown` (not `AnswerLost`) | the same, said without a record | as above |
| raises `AnswerLost` | sent, answer missing | repeat the identical request, same key |
| raises `WriteDeferred` (or `NotSent`) | passing failure | the identical request, same key, later |
| raises `RateLimited` | nothing was done | the identical request after `retry_after` |
| raises any other `BotError` | definite refusal | report it; see `facts_of(error).safe_to_retry` |

An error whose `facts_of(error).terminal` is true came with a settled record: repeating it with the
same key only returns that record, so it is never a `WriteDeferred`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final, TypeAlias

from pydantic import SecretStr

from bot.core.errors import BotError, UpstreamUnavailable, UsageError
from bot.xquik.errors import (
    AnswerLost,
    WriteDeferred,
    error_from,
    facts_of,
    is_retryable,
    retry_after,
    with_facts,
)
from bot.xquik.limits import Kind
from bot.xquik.models import WriteAction
from bot.xquik.transport import Answer, Transport
from bot.xquik.wire import FilePart, segment

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

_KEY: Final = re.compile(r"[!-~]{1,255}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file to upload. content_type: one of the write's `file_types`."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class WriteKind:
    """One write: its request, its fields and its limits.

    path: a template whose placeholders are payload fields. needs: body fields that must be there;
    may: body fields that can be. file_limit: bytes of a file in place of `url`; 0 takes no file.
    """

    name: str
    method: str
    path: str
    needs: tuple[str, ...] = ("account",)
    may: tuple[str, ...] = ()
    limit: Kind = "write"
    file_limit: int = 0
    file_types: tuple[str, ...] = ()

    @property
    def in_path(self) -> tuple[str, ...]:
        """The payload fields that go into the path."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)


_TWEET: Final = "/x/tweets/{tweet_id}"
_USER: Final = "/x/users/{user_id}"
_COMMUNITY: Final = "/x/communities/{community_id}"
_IMAGES: Final = ("image/jpeg", "image/png", "image/gif")
_MEDIA: Final = ("image/avif", *_IMAGES, "image/webp", "video/mp4")
_POST_FIELDS: Final = ("text", "reply_to_tweet_id", "community_id", "is_note_tweet", "media")
_UPLOAD: Final = ("url", "is_long_video")

WRITES: Final[Mapping[str, WriteKind]] = {
    kind.name: kind
    for kind in (
        WriteKind("create_tweet", "POST", "/x/tweets", may=_POST_FIELDS),
        WriteKind("delete_tweet", "DELETE", _TWEET, limit="delete"),
        WriteKind("like", "POST", f"{_TWEET}/like"),
        WriteKind("unlike", "DELETE", f"{_TWEET}/like", limit="delete"),
        WriteKind("retweet", "POST", f"{_TWEET}/retweet"),
        WriteKind("unretweet", "DELETE", f"{_TWEET}/retweet", limit="delete"),
        WriteKind("follow", "POST", f"{_USER}/follow", limit="follow"),
        WriteKind("unfollow", "DELETE", f"{_USER}/follow", limit="delete"),
        WriteKind("remove_follower", "POST", f"{_USER}/remove-follower", limit="follow"),
        WriteKind("send_dm", "POST", "/x/dm/{user_id}", ("account", "text"), ("media_ids",)),
        WriteKind(
            "upload_media", "POST", "/x/media", may=_UPLOAD, file_limit=512_000_000, file_types=_MEDIA
        ),
        WriteKind(
            "update_profile", "PATCH", "/x/profile", may=("name", "description", "location", "url")
        ),
        WriteKind(
            "update_avatar",
            "PATCH",
            "/x/profile/avatar",
            may=("url",),
            file_limit=700_000,
            file_types=_IMAGES,
        ),
        WriteKind(
            "update_banner",
            "PATCH",
            "/x/profile/banner",
            may=("url",),
            file_limit=2_000_000,
            file_types=_IMAGES,
        ),
        WriteKind("create_community", "POST", "/x/communities", ("account", "name"), ("description",)),
        WriteKind(
            "delete_community", "DELETE", _COMMUNITY, ("account", "community_name"), limit="delete"
        ),
        WriteKind("join_community", "POST", f"{_COMMUNITY}/join"),
        WriteKind("leave_community", "DELETE", f"{_COMMUNITY}/join", limit="delete"),
    )
}
"""Every write by its name, which is also the `action` of its record."""


class XquikWrites:
    """The writes of one tenant."""

    def __init__(self, transport: Transport, tenant: str, key: SecretStr) -> None:
        self._transport = transport
        self._tenant = tenant
        self._key = key

    async def perform(
        self,
        kind: str,
        payload: Mapping[str, JSON],
        idempotency_key: str,
        *,
        file: FileContent | None = None,
    ) -> WriteAction:
        """Send one write, once. The module's table says what every outcome means.

        payload: the fields of `WRITES[kind]`, path fields included. file: for the uploads, in place
        of `url`. idempotency_key: 1–255 printable ASCII characters, stored before this call.
        Raises UsageError, before anything is sent, for a payload that cannot be right.
        """
        write = _known(kind)
        check(write, payload, file)
        if not _KEY.fullmatch(idempotency_key):
            raise ValueError("an Idempotency-Key is 1 to 255 printable ASCII characters")
        path = write.path.format_map({name: segment(str(payload[name])) for name in write.in_path})
        body = {name: value for name, value in payload.items() if name not in write.in_path}
        files = [FilePart("file", file.name, file.content_type, file.data)] if file else []
        answer: Answer | None = None
        try:
            answer = await self._transport.request(
                self._key,
                self._tenant,
                write.method,
                path,
                kind=write.limit,
                json=body,
                files=files,
                idempotency_key=idempotency_key,
            )
        except UpstreamUnavailable as error:
            raise _deferred(error) from None
        return _record(answer)


def check(write: WriteKind, payload: Mapping[str, JSON], file: FileContent | None = None) -> None:
    """UsageError when the payload cannot be right: a field is missing, unknown or of the wrong form."""
    known = {*write.in_path, *write.needs, *write.may}
    for name in payload:
        if name not in known:
            hint = (
                "Use `media` with public addresses." if name == "media_ids" else f"Leave `{name}` out."
            )
            raise UsageError(f"`{write.name}` has no field `{name}`.", option=name, remedy=hint)
    for name in (*write.in_path, *write.needs):
        if payload.get(name) in (None, ""):
            raise UsageError(f"`{name}` is missing.", option=name, remedy=f"Give a value for `{name}`.")
    for name, value in payload.items():
        _check_value(name, value)
    _check_together(write, payload, file)


def failure(action: WriteAction) -> BotError:
    """The error that a failed or unclear action stands for, to be shown to a person."""
    code = "x_write_ambiguous" if action.outcome_unknown else action.code or "x_write_failed"
    body: dict[str, object] = {"error": code, "message": action.message, "terminal": action.terminal}
    body |= {"safeToRetry": action.safe_to_retry, "writeActionId": action.id}
    return error_from(500, body, {})


def _known(kind: str) -> WriteKind:
    write = WRITES.get(kind)
    if write is None:
        raise ValueError(f"no write on X is called {kind!r}")
    return write


_LISTS: Final = {"media": 4, "media_ids": 1}
_FLAGS: Final = frozenset({"is_note_tweet", "is_long_video"})


def _check_value(name: str, value: JSON) -> None:
    if name in _LISTS:
        most = _LISTS[name]
        if (
            not isinstance(value, list)
            or not 1 <= len(value) <= most
            or not all(_is_text(one) for one in value)
        ):
            raise UsageError(f"`{name}` takes a list of 1 to {most} texts.", option=name)
        if name == "media" and not all(str(one).startswith("https://") for one in value):
            raise UsageError("Media must be public https:// addresses.", option=name)
    elif name in _FLAGS:
        if not isinstance(value, bool):
            raise UsageError(f"`{name}` is yes or no.", option=name)
    elif not isinstance(value, str) or _SURROGATE.search(value):
        raise UsageError(f"`{name}` is not readable text.", option=name)


def _is_text(value: JSON) -> bool:
    return isinstance(value, str) and bool(value)


def _check_together(write: WriteKind, payload: Mapping[str, JSON], file: FileContent | None) -> None:
    if write.name == "create_tweet" and not payload.get("text") and not payload.get("media"):
        raise UsageError("A post needs text, media, or both.", option="text")
    if write.name == "update_profile" and len(payload) < 2:
        raise UsageError(
            "Nothing to change was named.", remedy="Give a name, description, location or url."
        )
    if not write.file_limit:
        if file is not None:
            raise UsageError(f"`{write.name}` takes no file.")
        return
    if (file is None) == (not payload.get("url")):
        raise UsageError("Give either a file or its https:// address.", option="url")
    if file is None:
        if not str(payload["url"]).startswith("https://"):
            raise UsageError("The address must start with https://.", option="url")
        if "is_long_video" in payload:
            raise UsageError("`is_long_video` goes with an uploaded file only.", option="is_long_video")
    elif len(file.data) > write.file_limit:
        raise UsageError(f"The file is larger than {write.file_limit // 1000:,} kB.", option="file")
    elif file.content_type not in write.file_types:
        raise UsageError(
            "That kind of file is not accepted.", option="file", remedy=", ".join(write.file_types)
        )


def _record(answer: Answer) -> WriteAction:
    """The action of a 200 or 202. A 202 without a record to poll leaves the outcome open."""
    wait = retry_after(answer.body, answer.headers)
    try:
        action = WriteAction.from_body(answer.body, retry_after=wait)
    except UpstreamUnavailable as error:
        lost = AnswerLost("The action was sent, but its answer could not be read.", code=error.code)
    else:
        if action.id or action.succeeded:
            return action
        if not answer.body:
            lost = AnswerLost("The action was sent, but its answer was empty.", code="answer_lost")
        else:
            raise error_from(
                answer.status, {"error": "x_write_unconfirmed", **answer.body}, answer.headers
            )
    raise lost


def _deferred(error: UpstreamUnavailable) -> BotError:
    """A failure of the service becomes "repeat it identically", unless it is known to be final."""
    if isinstance(error, WriteDeferred):
        return error
    facts = facts_of(error)
    if is_retryable(error.code) is False or (facts is not None and facts.terminal):
        return error
    deferred = WriteDeferred(
        error.detail, remedy=error.remedy, code=error.code, retry_after=error.retry_after
    )
    return with_facts(deferred, facts) if facts else deferred

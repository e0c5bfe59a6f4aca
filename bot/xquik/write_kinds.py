"""The table of the 19 writes on X, and what can be said about a payload before it is sent. Pure.

Sending them is `bot.xquik.writes`, which few may import; the table itself changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Final, Literal, TypeAlias

import msgspec

from bot.core.errors import UsageError
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.x.tweet_text import NOTE_LIMIT, POST_LIMIT, weighted_length
from bot.xquik.limits import Kind

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

WriteName: TypeAlias = Literal[
    "create_tweet",
    "delete_tweet",
    "like",
    "unlike",
    "retweet",
    "unretweet",
    "follow",
    "unfollow",
    "remove_follower",
    "send_dm",
    "delete_dm",
    "upload_media",
    "update_profile",
    "update_avatar",
    "update_banner",
    "create_community",
    "delete_community",
    "join_community",
    "leave_community",
]
"""The names of the writes: the keys of `WRITES`."""

_VIDEO: Final = re.compile(r"\.mp4(?:[?#]|$)", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class FileContent(msgspec.Struct, frozen=True):
    """A file to upload. content_type: one of the write's `file_types`."""

    name: str
    content_type: str
    data: bytes


class WriteKind(msgspec.Struct, frozen=True):
    """One write: its request, its fields and its limits.

    path: a template whose placeholders are payload fields. needs: fields that must be there, of the body but
    for those `in_query`; may: body fields that can be. file_limit: bytes of a file in place of `url`; 0 takes
    no file.
    """

    name: WriteName
    method: str
    path: str
    needs: tuple[str, ...] = ("account",)
    may: tuple[str, ...] = ()
    limit: Kind = "write"
    file_limit: int = 0
    file_types: tuple[str, ...] = ()
    in_query: tuple[str, ...] = ()

    @property
    def in_path(self) -> tuple[str, ...]:
        """The payload fields that go into the path."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)


_TWEET: Final = "/x/tweets/{tweet_id}"
_USER: Final = "/x/users/{user_id}"
_COMMUNITY: Final = "/x/communities/{community_id}"
_MESSAGE: Final = "/x/dm/{user_id}/messages/{message_id}"
_IMAGES: Final = ("image/jpeg", "image/png", "image/gif")
_MEDIA: Final = ("image/avif", *_IMAGES, "image/webp", "video/mp4")
_POST_FIELDS: Final = ("text", "reply_to_tweet_id", "community_id", "is_note_tweet", "media")
_UPLOAD: Final = ("url", "is_long_video")

WRITES: Final[Mapping[WriteName, WriteKind]] = {
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
        WriteKind("delete_dm", "DELETE", _MESSAGE, limit="delete", in_query=("account",)),
        WriteKind("upload_media", "POST", "/x/media", may=_UPLOAD, file_limit=15_728_640, file_types=_MEDIA),
        WriteKind("update_profile", "PATCH", "/x/profile", may=("name", "description", "location", "url")),
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
        WriteKind("delete_community", "DELETE", _COMMUNITY, ("account", "community_name"), limit="delete"),
        WriteKind("join_community", "POST", f"{_COMMUNITY}/join"),
        WriteKind("leave_community", "DELETE", f"{_COMMUNITY}/join", limit="delete"),
    )
}
"""Every write by its name, which is also the `action` of its record."""


def check(write: WriteKind, payload: Mapping[str, JSON], file: FileContent | None = None) -> None:
    """UsageError when the payload cannot be right: a field is missing, unknown or of the wrong form.

    A field that is None counts as not given.
    """
    known = {*write.in_path, *write.needs, *write.may}
    for name in payload:
        if name not in known:
            hint = (
                msg("Use `media` with public addresses.")
                if name == "media_ids"
                else msg("Leave `{field}` out.", field=name)
            )
            none = msg("`{write}` has no field `{field}`.", write=write.name, field=name)
            raise UsageError(none, option=name, remedy=hint)
    for name in (*write.in_path, *write.needs):
        if payload.get(name) in (None, ""):
            raise UsageError(
                msg("`{field}` is missing.", field=name),
                option=name,
                remedy=msg("Give a value for `{field}`.", field=name),
            )
    for name, value in payload.items():
        if value is not None:
            _check_value(name, value)
    _check_together(write, payload, file)


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
            raise UsageError(
                msg("`{field}` takes a list of 1 to {most} texts.", field=name, most=most), option=name
            )
        if name == "media" and not all(_reachable(str(one)) for one in value):
            raise UsageError(msg("Media must be public https:// addresses."), option=name)
    elif name in _FLAGS:
        if not isinstance(value, bool):
            raise UsageError(msg("`{field}` is yes or no.", field=name), option=name)
    elif not isinstance(value, str) or _SURROGATE.search(value):
        raise UsageError(msg("`{field}` is not readable text.", field=name), option=name)


def _reachable(url: str) -> bool:
    """Whether X can fetch from there; a local copy of Xquik hosts what it was sent on this machine."""
    return url.startswith(("https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"))


def _is_text(value: JSON) -> bool:
    return isinstance(value, str) and bool(value)


def _check_together(write: WriteKind, payload: Mapping[str, JSON], file: FileContent | None) -> None:
    if write.name == "create_tweet":
        _check_post(payload)
    if write.name == "update_profile" and not any(payload.get(name) is not None for name in write.may):
        raise UsageError(
            msg("No change was given."), remedy=msg("Give a name, description, location or url.")
        )
    if not write.file_limit:
        if file is not None:
            raise UsageError(msg("`{write}` takes no file.", write=write.name))
        return
    if (file is None) == (not payload.get("url")):
        raise UsageError(msg("Give either a file or its https:// address."), option="url")
    if file is None:
        if not str(payload["url"]).startswith("https://"):
            raise UsageError(msg("The address must start with https://."), option="url")
        if payload.get("is_long_video") is not None:
            raise UsageError(msg("`is_long_video` goes with an uploaded file only."), option="is_long_video")
    elif len(file.data) > write.file_limit:
        raise UsageError(
            msg("The file is larger than {most} kB.", most=write.file_limit // 1000), option="file"
        )
    elif file.content_type not in write.file_types:
        raise UsageError(
            msg("That kind of file is not accepted."),
            option="file",
            remedy=msg("{types}", types=Joined(write.file_types, JoinedBy.COMMA)),
        )


def _check_post(payload: Mapping[str, JSON]) -> None:
    text, media = payload.get("text") or "", payload.get("media") or []
    if not text and not media:
        raise UsageError(msg("A tweet needs text, media, or both."), option="text")
    if payload.get("community_id") and payload.get("reply_to_tweet_id"):
        raise UsageError(msg("A reply is always public: leave the community out."), option="community_id")
    limit = NOTE_LIMIT if payload.get("is_note_tweet") else POST_LIMIT
    if (length := weighted_length(str(text))) > limit:
        raise UsageError(
            msg(
                "X counts {length} characters in the text; the limit is {limit}.", length=length, limit=limit
            ),
            option="text",
            code="x_content_too_long",
            remedy=msg("Shorten it. A link counts 23, an emoji or a CJK character 2."),
        )
    addresses = [str(one) for one in media] if isinstance(media, list) else []
    if len(addresses) > 1 and any(map(_VIDEO.search, addresses)):
        raise UsageError(msg("A tweet takes up to 4 images or exactly 1 video."), option="media")

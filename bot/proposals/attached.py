"""What a preview says of files that go to X with it: each by name, kind and size, and what they cost.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.chat.cards import Field
from bot.core.commands import price_list
from bot.core.media.kinds import MediaKind
from bot.core.media.limits import size_words
from bot.core.messages.message import Argument, Duration, Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.invisible import marked
from bot.core.x import prices
from bot.core.x.media_refs import kept_as
from bot.storage.writes.media_of_proposals import ATTACHED

LINKED: Final = 1_000_000
"""Bytes that a file behind a link is taken to have, before X has fetched it."""


def uploads(payload: Mapping[str, Any]) -> int:
    """How many files are uploaded."""
    return len(payload.get(ATTACHED) or ())


def post_credits(payload: Mapping[str, Any]) -> int:
    """What a tweet costs, its uploads not counted."""
    attached = payload.get(ATTACHED) or ()
    links = len(payload.get("media") or ()) - len(attached)
    size = sum(int(file["size"]) for file in attached) + links * LINKED
    return price_list.POST.of(price_list.megabytes(size))


def upload_credits(payload: Mapping[str, Any]) -> int:
    """What the uploads cost."""
    return uploads(payload) * prices.MEDIA_UPLOAD


def media_fields(payload: Mapping[str, Any], *, priced: bool = True) -> tuple[Field, ...]:
    """The media of a payload, one after the other: a link, or a file. priced: with the prices of a tweet that
    has files."""
    files = {kept_as(str(file["id"])): file for file in payload.get(ATTACHED) or ()}
    items = [str(item) for item in payload.get("media") or files]
    fields = [
        Field(
            msg("Media {number}", number=number),
            (file_words(files[item]) if item in files else marked(item),),
            short=False,
        )
        for number, item in enumerate(items, start=1)
    ]
    if priced and files and payload.get("media"):
        price = msg(
            "{uploads}, {post}",
            uploads=nmsg("{n} credit to upload", "{n} credits to upload", n=upload_credits(payload)),
            post=nmsg("{n} to post", "{n} to post", n=post_credits(payload)),
        )
        fields.append(Field(msg("Price"), (price,)))
    return tuple(fields)


def file_words(file: Mapping[str, Any]) -> Message:
    """A file in words: "moon.png (PNG, 1.2 MB)"."""
    parts: list[Argument] = [MediaKind(file["content_type"]).word]
    if file.get("seconds"):
        parts.append(Duration(float(file["seconds"])))
    parts.append(size_words(int(file["size"])))
    return msg("{name} ({facts})", name=str(file["name"]), facts=Joined(tuple(parts), JoinedBy.COMMA))

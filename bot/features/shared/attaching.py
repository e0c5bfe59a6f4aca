"""Pictures and videos that a command is given: brought here, looked at, and kept until it is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.core.chat.cards import File
from bot.core.errors import Expired, Rejected, UsageError
from bot.core.media.kinds import MediaKind
from bot.core.media.limits import (
    ANY,
    LONG_VIDEO,
    TOO_LARGE,
    UPLOAD,
    Measured,
    check_together,
    measured,
    too_large,
)
from bot.core.messages.message import msg
from bot.core.x.media_refs import MediaFrom, MediaRef
from bot.features.services import CommandCall
from bot.proposals.pictures import SHOWN
from bot.storage.writes.media_files import MediaFile

_ATTACH: Final = msg("Attach it again, and run the command again.")
_BY_LINK: Final = msg(
    "Make it smaller, or give `media` a public https link to the video: X fetches it from there, up to "
    "100 MB. Nothing was sent to X."
)


class Attached(msgspec.Struct, frozen=True):
    """What a command was given. media: as a payload names it, links among it, in the order given; files:
    those that are to be uploaded."""

    media: tuple[str, ...] = ()
    files: tuple[MediaFile, ...] = ()
    shown: tuple[File, ...] = ()

    def payload(self) -> dict[str, Any]:
        """The fields of a payload that bind it to exactly these bytes."""
        return {"attached": [_bound(file) for file in self.files]} if self.files else {}


class _Brought(msgspec.Struct, frozen=True):
    """One of them, before it is kept. kept: where it is already, and belongs to nothing else."""

    ref: MediaRef
    name: str
    source: str
    content: bytes
    found: Measured
    kept: MediaFile | None = None


async def attach(
    call: CommandCall,
    refs: Sequence[MediaRef],
    *,
    links: bool = True,
    most: int = UPLOAD,
    kinds: Collection[MediaKind] = ANY,
    option: str = "media",
) -> Attached:
    """Bring all of it here, and keep it; nothing is kept where one of them will not do.

    links: a public link is left to X, and not fetched. most, kinds: of each that is to be uploaded. option:
    where it was given.
    """
    try:
        brought = [
            None if links and ref.source is MediaFrom.LINK else await _bring(call, ref, most, kinds, option)
            for ref in refs
        ]
    except Rejected as error:
        if error.code != TOO_LARGE or not links:
            raise
        raise Rejected(error.detail, remedy=_BY_LINK, code=error.code, option=error.option) from None
    check_together([_kind_of(ref, one) for ref, one in zip(refs, brought, strict=True)], option)
    files: list[MediaFile] = []
    media: list[str] = []
    try:
        for ref, one in zip(refs, brought, strict=True):
            if one is None:
                media.append(ref.where)
                continue
            file = one.kept or await call.services.media.keep(
                call.tenant,
                call.invocation.actor.id,
                name=one.name,
                source=one.source,
                data=one.content,
                measured=one.found,
            )
            files.append(file)
            media.append(f"attached:{file.id}")  # no message: a value
    except Exception:
        await call.services.media.discard(call.tenant, [file.id for file in files])
        raise
    return Attached(tuple(media), tuple(files), _shown([one for one in brought if one is not None]))


async def _bring(
    call: CommandCall, ref: MediaRef, most: int, kinds: Collection[MediaKind], option: str
) -> _Brought:
    kept: MediaFile | None = None
    match ref.source:
        case MediaFrom.KEPT:
            kept, data = await _kept(call, ref.where)
            name, source = kept.name, kept.source
        case MediaFrom.PATH:
            data = await _read(call, ref.where, most, option)
            name = source = ref.name
        case MediaFrom.CHAT:
            data = await call.services.fetcher.fetch(ref.where, most=most, option=option)
            name = source = ref.name  # a link of the chat's own opens for whoever holds it
        case MediaFrom.LINK:
            data = await call.services.fetcher.fetch(ref.where, most=most, option=option)
            name, source = ref.name, ref.where
    found = measured(name, data, most=most, kinds=kinds, option=option)
    if not name.lower().endswith(found.kind.ending):
        name = f"{name.rpartition('.')[0] or name}{found.kind.ending}"
    own = kept if kept is not None and kept.proposal is None and kept.name == name else None
    return _Brought(ref, name, source, data, found, own)


async def _kept(call: CommandCall, key: str) -> tuple[MediaFile, bytes]:
    """A file that was handed in by this person, and its bytes."""
    found = await call.services.media.several(call.tenant, [key], person=call.invocation.actor.id)
    data = await call.services.media.content(call.tenant, key) if found else None
    if data is None:
        raise Expired(msg("What you attached is not kept any more."), remedy=_ATTACH)
    return found[0], data


async def _read(call: CommandCall, path: str, most: int, option: str) -> bytes:
    """A file of whoever sits at the terminal. At most one byte more than fits is read."""
    if not call.services.local_files:
        raise UsageError(
            msg("A path leads nowhere from here."),
            option=option,
            remedy=msg("Attach the file itself, or give a public https link to it."),
        )

    def read() -> bytes:
        with Path(path).expanduser().open("rb") as file:
            return file.read(most + 1)

    try:
        data = await asyncio.to_thread(read)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(
            msg("{path} cannot be read: {why}.", path=path, why=why),
            option=option,
            remedy=msg("Check the path; a file is written as `./moon.png`."),
        ) from None
    if len(data) > most:
        raise too_large(Path(path).name, most, option)
    return data


def _kind_of(ref: MediaRef, one: _Brought | None) -> MediaKind | None:
    if one is not None:
        return one.found.kind
    return MediaKind.MP4 if ref.where.partition("?")[0].lower().endswith((".mp4", ".mov")) else None


def _shown(brought: Sequence[_Brought]) -> tuple[File, ...]:
    """The pictures themselves, as far as a message holds them."""
    room, files = SHOWN, []
    for one in brought:
        if not one.found.kind.video and len(one.content) <= room:
            room -= len(one.content)
            files.append(File(one.name, one.found.kind.value, one.content, seen=True))
    return tuple(files)


def _bound(file: MediaFile) -> dict[str, Any]:
    long = (file.seconds or 0.0) > LONG_VIDEO
    return {
        "id": file.id,
        "name": file.name,
        "source": file.source,
        "content_type": file.content_type,
        "size": file.size,
        "seconds": file.seconds,
        "sha256": file.sha256,
        **({"long": True} if long else {}),
    }

"""Files that go with a message: names that Discord can refer to, and what is too large for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from adapters.discord import limits
from adapters.discord.escape import one_line, within
from bot.core.chat.cards import File
from bot.core.chat.missing import Missing, missing
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.messages.speaking import say

_NAMED: Final = 3  # files that are named of those that are left out


class Packed(msgspec.Struct, frozen=True):
    """kept: the files under unique, plain names; note: what is said about the others."""

    kept: tuple[File, ...]
    note: str = ""


def pack(files: Sequence[File]) -> Packed:
    """The files that fit in one request, in order."""
    if not files:
        return Packed(())
    kept: list[File] = []
    left_out: list[str] = []
    room = limits.UPLOAD
    for file in files:
        if len(kept) == limits.FILES or len(file.content) > room:
            left_out.append(f"{within(file.name, 60, one_line)} ({_mebibytes(len(file.content))})")
            continue
        room -= len(file.content)
        kept.append(replace(file, name=_unique(file.name, {one.name for one in kept})))
    if not left_out:
        return Packed(tuple(kept))
    note = msg(
        "Not attached (at most {most} files and 10 MiB fit): {files}",
        most=limits.FILES,
        files=Joined(tuple(left_out[:_NAMED]), JoinedBy.COMMA),
    )
    hidden = len(left_out) - _NAMED
    said = [say(note), *([say(missing(hidden, Missing.ANYTHING))] if hidden > 0 else [])]
    return Packed(tuple(kept), f"-# {' '.join(said)}")


def _unique(name: str, taken: set[str]) -> str:
    """Letters, digits, dots and dashes only: Discord changes anything else, and the reference breaks."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[-80:] or "file"
    candidate, number = plain, 1
    while candidate in taken:
        number += 1
        candidate = f"{number}-{plain}"
    return candidate


def _mebibytes(count: int) -> str:
    return f"{count / 1_048_576:.1f} MiB"

"""Shortening text without breaking it, and blanking what must not be said back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from bot.core.messages.inlines import Bold, Code, Link
from bot.core.messages.message import Argument, Message
from bot.core.text.graphemes import boundary
from bot.core.text.invisible import without_unseen

_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_ENTITY = re.compile("&(amp|lt|gt);")
# What every Xquik key begins with, and enough after it to be one.
_KEY = re.compile(r"xq_[0-9A-Za-z]{6,}", re.IGNORECASE)


def cut(text: str, limit: int, end: str = "…") -> str:
    """`text` in at most `limit` characters, `end` behind it where something is left out. It is cut between
    two characters as people see them, so that no emoji and no letter with its marks is broken."""
    if len(text) <= limit:
        return text
    return text[: boundary(text, max(0, limit - len(end)))].rstrip() + end[: max(0, limit)]


def shorten(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters, cut at a word where one is near. Of a message (in
    English it has so many) what stands in it is cut, so that it stays one; where that is not enough, its
    words are."""
    flat = " ".join(text.split())
    if flat == text and len(flat) <= limit:
        return text
    if isinstance(text, Message) and (whole := _message(text, limit)) is not None:
        return whole
    if len(flat) <= limit:
        return flat
    kept = flat[: boundary(flat, limit - 1)]
    space = kept.rfind(" ")
    if space > limit * 2 // 3:
        kept = kept[:space]
    return kept.rstrip() + "…"


def _message(text: Message, limit: int) -> Message | None:
    """None for one whose own words are too many, or stand on several lines."""
    for parts in (1, 2, 4, 8, 16):
        shorter = text.with_arguments(partial(_argument, max(1, limit // parts)))
        if len(shorter) <= limit and "\n" not in shorter:
            return shorter
    return None


def _argument(limit: int, value: Argument) -> Argument:
    if isinstance(value, str):
        return shorten(value, limit)
    return replace(value, text=shorten(value.text, limit)) if isinstance(value, Bold | Code | Link) else value


def decoded(text: str) -> str:
    """A text of X with the characters that its `&amp;`, `&lt;` and `&gt;` stand for, decoded once.

    X encodes these three and no others, so no other entity is touched.
    """
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text) if "&" in text else text


def line_ends(text: str) -> str:
    """`text` with one kind of line end, whatever machine it was typed on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def mask_keys(text: str) -> str:
    """`text` with everything that looks like an Xquik key blanked: a mistake may quote what was typed."""
    return _KEY.sub("xq_…", text)


def printable(text: str) -> str:
    """`text` without anything that nobody sees, and on one line: for names, and for terminals."""
    return without_unseen(text.replace("\n", "").replace("\t", ""))

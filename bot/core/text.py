"""Shortening text without breaking it, and blanking what must not be said back."""

from __future__ import annotations

import re

# What every Xquik key begins with, and enough after it to be one.
_KEY = re.compile(r"xq_[0-9A-Za-z]{6,}", re.IGNORECASE)
# C0 and C1 controls, and what turns or hides text: bidi marks and overrides, line separators.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shorten(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters, cut at a word where one is near."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    space = cut.rfind(" ")
    if space > limit * 2 // 3:
        cut = cut[:space]
    return cut.rstrip() + "…"


def mask_keys(text: str) -> str:
    """`text` with everything that looks like an Xquik key blanked: a mistake may quote what was typed."""
    return _KEY.sub("xq_…", text)


def printable(text: str) -> str:
    """`text` without control characters and without what reorders it: for names, and for terminals."""
    return _UNSEEN.sub("", text)

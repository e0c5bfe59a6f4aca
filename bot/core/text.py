"""Shortening text without breaking it."""

from __future__ import annotations


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

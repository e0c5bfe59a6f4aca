"""Structure rules of ``rich_text`` blocks (source: Slack's rich text block reference)."""

from __future__ import annotations

import re
from typing import Any

from .checks import Check, Json

_GROUP = re.compile(r"S[A-Z0-9]+", re.ASCII)
TEXT_STYLES = ("bold", "italic", "strike", "code", "underline")
MENTION_STYLES = (*TEXT_STYLES, "highlight", "client_highlight", "unlink")

# element type → (properties it may carry, properties it must carry)
RUNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("text", "style"), ("text",)),
    "link": (("url", "text", "unsafe", "style"), ("url",)),
    "user": (("user_id", "style"), ("user_id",)),
    "usergroup": (("usergroup_id", "style"), ("usergroup_id",)),
    "channel": (("channel_id", "style"), ("channel_id",)),
    "emoji": (("name", "unicode", "style", "skin_tone"), ("name",)),
    "broadcast": (("range", "style"), ("range",)),
    "date": (("timestamp", "format", "url", "fallback"), ("timestamp", "format")),
    "color": (("value",), ("value",)),
}

SECTIONS = {
    "rich_text_section": ("elements",),
    "rich_text_preformatted": ("elements", "border", "language"),
    "rich_text_quote": ("elements", "border"),
    "rich_text_list": ("elements", "style", "indent", "offset", "border"),
}


def rich_text(check: Check, at: str, block: Json) -> None:
    """The ``elements`` of a rich_text block."""
    if not check.count(f"{at}/elements", block.get("elements"), 10_000, 0):
        return
    for i, section in enumerate(block["elements"]):
        _section(check, f"{at}/elements/{i}", section)


def _section(check: Check, at: str, section: Any) -> None:
    if not check.is_object(at, section):
        return
    kind = str(section.get("type"))
    if kind not in SECTIONS:
        check.fail(at, f"unsupported type: {kind}")
        return
    check.keys(at, section, ("type", *SECTIONS[kind]), ("elements",))
    if section.get("border") not in (None, 0, 1):
        check.fail(f"{at}/border", "must be one of: 0, 1")
    if not check.count(f"{at}/elements", section.get("elements"), 10_000, 0):
        return
    if kind == "rich_text_list":
        _list(check, at, section)
        return
    for i, run in enumerate(section["elements"]):
        _run(check, f"{at}/elements/{i}", run)


def _list(check: Check, at: str, section: Json) -> None:
    if section.get("style") not in ("bullet", "ordered"):
        check.fail(f"{at}/style", "must be one of: bullet, ordered")
    indent = section.get("indent", 0)
    if not isinstance(indent, int) or not 0 <= indent <= 8:
        check.fail(f"{at}/indent", "must be an integer between 0 and 8")
    for i, item in enumerate(section["elements"]):
        if not isinstance(item, dict) or item.get("type") != "rich_text_section":
            check.fail(f"{at}/elements/{i}", "must be a rich_text_section")
        else:
            _section(check, f"{at}/elements/{i}", item)


def _run(check: Check, at: str, run: Any) -> None:
    if not check.is_object(at, run):
        return
    kind = str(run.get("type"))
    if kind not in RUNS:
        check.fail(at, f"unsupported type: {kind}")
        return
    allowed, required = RUNS[kind]
    check.keys(at, run, ("type", *allowed), required)
    if kind in ("text", "emoji", "user", "usergroup", "channel"):
        name = required[0]
        check.string(f"{at}/{name}", run.get(name), 40_000, 1)
    if kind == "usergroup" and not _GROUP.fullmatch(str(run.get("usergroup_id"))):
        check.fail(f"{at}/usergroup_id", "must provide the id of a user group")
    if kind == "link":
        check.url(f"{at}/url", run.get("url"))
        check.string(f"{at}/text", run.get("text"), 40_000)
    if kind == "broadcast":
        check.one_of(f"{at}/range", run.get("range"), ("here", "channel", "everyone"))
    if kind == "date" and not isinstance(run.get("timestamp"), int):
        check.fail(f"{at}/timestamp", "must provide an integer")
    _style(check, f"{at}/style", run.get("style"), kind)


def _style(check: Check, at: str, style: Any, kind: str) -> None:
    if style is None or not check.is_object(at, style):
        return
    allowed = TEXT_STYLES if kind in ("text", "link") else MENTION_STYLES
    check.keys(at, style, allowed)
    check.boolean(at, style, *allowed)

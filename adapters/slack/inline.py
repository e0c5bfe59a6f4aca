"""Lines of a card as the elements of Slack's `rich_text`, where nothing is parsed.

A person is shown by name: a `user` element would notify them. Source of the elements:
docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from adapters.slack.escape import clean, escape, is_tame, shortened, web_address
from bot.core.chat.cards import Bold, ChannelMention, Code, Inline, Line, Link, Timestamp, UserMention
from bot.core.chat.words import moment

Json = dict[str, Any]

CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}", re.ASCII)
_NESTED = (dict, list)
_DATE = "{date_short_pretty} {time}"
_AGO = "{ago}"
# Epoch seconds that clients can draw: the years 1 to 9999.
_EARLIEST, _LATEST = -62_135_596_800.0, 253_402_300_799.0


def text_run(text: str, **style: bool) -> Json:
    """Plain text; style: bold, italic, code."""
    return {"type": "text", "text": clean(text)} | ({"style": style} if style else {})


def link_run(text: str, url: str | None, **style: bool) -> Json:
    """A link, or its text alone where the address is none that Slack takes."""
    address = web_address(url)
    if address is None:
        return text_run(text, **style)
    return {"type": "link", "url": address, "text": clean(text)} | ({"style": style} if style else {})


def date_run(at: float, *, zone: str, relative: bool = False, url: str | None = None) -> Json:
    """A moment in the reader's own timezone, linked where a url is given. zone: of its words, for clients
    that draw none."""
    if not _EARLIEST <= at <= _LATEST:
        return text_run(moment(at, zone))
    run: Json = {
        "type": "date",
        "timestamp": int(at),
        "format": _AGO if relative else _DATE,
        "fallback": moment(at, zone),
    }
    address = web_address(url)
    return run | ({"url": address} if address else {})


def runs(line: Line) -> list[Json]:
    """The elements of a line; what shows nothing is left out, since Slack takes no empty text."""
    return [run for part in line if (run := _run(part)).get("text", " ")]


def _run(part: Inline) -> Json:
    match part:
        case str():
            return text_run(part)
        case Bold():
            return text_run(part.text, bold=True)
        case Code():
            return text_run(part.text, code=True)
        case Link():
            return link_run(clean(part.text) or part.url, part.url)
        case UserMention():
            return text_run(f"@{part.name or part.user}", bold=True)
        case ChannelMention():
            return _channel(part)
        case Timestamp():
            return date_run(part.at, zone=part.zone, relative=part.relative)
        case _:
            assert_never(part)


def _channel(mention: ChannelMention) -> Json:
    if CHANNEL_ID.fullmatch(mention.channel):
        return {"type": "channel", "channel_id": mention.channel}
    return text_run(f"#{(mention.name or mention.channel).removeprefix('#')}", bold=True)


def mrkdwn(line: Line) -> str | None:
    """The line for a context block, or None when mrkdwn cannot show it exactly."""
    made: list[str] = []
    for part in line:
        match part:
            case str() if is_tame(part):
                made.append(escape(clean(part)))
            case Link() if is_tame(part.text) and (url := web_address(part.url)) is not None:
                label = escape(clean(part.text) or part.url).replace("|", "¦").replace("\n", " ")
                made.append(f"<{escape(url)}|{label}>")
            case Code() if (words := clean(part.text)) and "`" not in words and "\n" not in words:
                made.append(f"`{escape(words)}`")
            case Timestamp() if _EARLIEST <= part.at <= _LATEST:
                shape = _AGO if part.relative else _DATE
                made.append(f"<!date^{int(part.at)}^{shape}|{moment(part.at, part.zone)}>")
            case ChannelMention() if CHANNEL_ID.fullmatch(part.channel):
                made.append(f"<#{part.channel}>")
            case _:
                return None
    return "".join(made)


def weight(node: Any) -> int:
    """Characters that count against the limit of a message: every `text` inside `node`."""
    found = 0
    if isinstance(node, list):
        for item in node:
            if isinstance(item, _NESTED):
                found += weight(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, _NESTED):
                found += weight(value)
            elif name == "text" and isinstance(value, str):
                found += len(value)
    return found


def cut(elements: Iterable[Json], room: int) -> list[Json]:
    """The elements that fit into `room` characters, the last of them shortened with an ellipsis."""
    kept: list[Json] = []
    for element in elements:
        size = weight(element)
        if size <= room:
            kept.append(element)
            room -= size
            continue
        if room > 0:
            kept.append(element | {"text": shortened(str(element["text"]), room)})
        break
    return kept


def joined(items: Sequence[Sequence[Json]]) -> list[Json]:
    """The elements of several lines as one, a line break between them."""
    flat: list[Json] = []
    for index, item in enumerate(items):
        if index:
            flat.append(text_run("\n"))
        flat.extend(item)
    return flat

"""What a person would see of a message: its text, its links, and whom it would ping.

Pings are counted generously: from the fallback text as well as from the blocks, and inside code spans
too,
so that a test asserting that there are none holds for every client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

_ENTITY = re.compile(r"<([!@#]?)([^<>|\n]+)(?:\|([^<>\n]*))?>")
_BARE = re.compile(r"(?<![\w/@])@(channel|here|everyone)\b", re.IGNORECASE)
_BARE_NAME = re.compile(r"(?<![\w/@])@([a-z0-9][\w.-]*)", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")


# What mrkdwn acts on besides <…>; an escaped > at the start of a line is a quote all the same.
_MARKS = re.compile(
    r"(?<!\w)([*_~])(?=\S)[^\n]*?(?<=\S)\1(?!\w)|`[^`]+`|:[a-z0-9_+'-]+:|^\s*(?:>|&gt;).*", re.I | re.M
)


def emphasis(text: str) -> list[str]:
    """The pieces of a parsed text that are drawn as something else than they are."""
    return [match[0] for match in _MARKS.finditer(text)]


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every object inside ``node``, outermost first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for item in node:
            yield from walk(item)


def _parsed_texts(text: str, blocks: Iterable[dict[str, Any]], attachments: list[Any]) -> Iterator[str]:
    """Texts in which Slack interprets ``<…>``."""
    yield text
    for node in walk(list(blocks)):
        if node.get("type") in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
            yield node["text"]
    for node in walk(attachments):
        for key in ("text", "pretext", "fallback", "value", "title"):
            if isinstance(node.get(key), str):
                yield node[key]


def _entity_ping(sigil: str, target: str) -> str | None:
    if sigil == "@":
        return f"<@{target}>"
    if sigil == "!" and (target in ("channel", "here", "everyone") or target.startswith("subteam^")):
        return f"<!{target}>"
    return None


def _entity_words(sigil: str, target: str) -> str:
    """What stands for an entity without a label."""
    return f"@{target.partition('^')[2] or target}" if sigil == "!" else sigil + target


def _rich_pings(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for node in walk(blocks):
        match node.get("type"):
            case "user" if "user_id" in node:
                yield f"<@{node['user_id']}>"
            case "usergroup" if "usergroup_id" in node:
                yield f"<!subteam^{node['usergroup_id']}>"
            case "broadcast" if "range" in node:
                yield f"<!{node['range']}>"


def pings(
    text: str,
    blocks: list[dict[str, Any]],
    attachments: list[Any],
    *,
    names_linked: bool = False,
) -> list[str]:
    """Whom the message would notify, e.g. ``["<!channel>", "<@U1>"]``. ``names_linked``: sent with
    ``link_names`` or ``parse=full``, which turn bare ``@name`` into mentions."""
    found: list[str] = []
    for part in _parsed_texts(text, blocks, attachments):
        found += [p for m in _ENTITY.finditer(part) if (p := _entity_ping(m[1], m[2])) is not None]
        if names_linked:
            found += [f"<!{m[1].lower()}>" for m in _BARE.finditer(part)]
            names = (m[1] for m in _BARE_NAME.finditer(part))
            found += [f"<@{n}>" for n in names if n.lower() not in ("channel", "here", "everyone")]
    return list(dict.fromkeys([*found, *_rich_pings(blocks)]))


def links(text: str, blocks: list[dict[str, Any]], attachments: list[Any]) -> list[tuple[str, str]]:
    """Every clickable link as (url, label); an unlabelled link is its own label."""
    found = [
        (m[2], m[3] or m[2])
        for part in _parsed_texts(text, blocks, attachments)
        for m in _ENTITY.finditer(part)
        if not m[1] and "://" in m[2]
    ]
    for node in walk(blocks):
        kind = node.get("type")
        if kind == "link" and "url" in node:
            found.append((node["url"], node.get("text") or node["url"]))
        elif kind == "date" and node.get("url"):
            found.append((node["url"], node.get("fallback", "")))
        elif kind == "button" and node.get("url"):
            found.append((node["url"], node.get("text", {}).get("text", "")))
        elif kind == "markdown":
            found += [(m[2], m[1]) for m in _MARKDOWN_LINK.finditer(node.get("text", ""))]
    return list(dict.fromkeys(found))


def _shown(node: dict[str, Any]) -> str | None:
    match node.get("type"):
        case "user":
            return f"@{node.get('user_id')}"
        case "usergroup":
            return f"@{node.get('usergroup_id')}"
        case "broadcast":
            return f"@{node.get('range')}"
        case "channel":
            return f"#{node.get('channel_id')}"
        case "emoji":
            return f":{node.get('name')}:"
        case "link":
            return str(node.get("text") or node.get("url", ""))
    text = node.get("text")
    return text if isinstance(text, str) else None


def parsed(text: str) -> str:
    """A text in which Slack interprets ``<…>`` and the escapes, as it is read."""
    named = _ENTITY.sub(lambda m: m[3] or _entity_words(m[1], m[2]), text)
    return named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def visible_text(text: str, blocks: list[dict[str, Any]]) -> str:
    """The words on the screen: the blocks' texts joined by line breaks, or the text when there are
    none. Runs inside one ``rich_text`` section are joined without a break, as they are read."""
    if not blocks:
        return parsed(text)
    lines: list[str] = []
    _collect(blocks, lines)
    return "\n".join(line for line in lines if line)


_RUNS = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")


def _collect(node: Any, lines: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, lines)
    elif isinstance(node, dict):
        if node.get("type") in _RUNS:
            lines.append("".join(_shown(run) or "" for run in node.get("elements", [])))
            return
        if node.get("type") == "data_table":
            lines += ["  ".join(map(_cell, row)) for row in node.get("rows", [])]
            return
        if (shown := _shown(node)) is not None:
            lines.append(shown)
        for key, value in node.items():
            if key != "confirm" and isinstance(value, dict | list):
                _collect(value, lines)


def _cell(cell: dict[str, Any]) -> str:
    """A cell of a table, in one line."""
    lines: list[str] = []
    _collect(cell, lines)
    return " ".join(lines)


def text_length(blocks: list[Any]) -> int:
    """Characters of text in all blocks together, as counted against ``msg_blocks_too_long``."""
    return sum(len(node["text"]) for node in walk(blocks) if isinstance(node.get("text"), str))

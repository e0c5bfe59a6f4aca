"""Where Slack puts the words of a message: its text, blocks, attachments (what is unfurled or shared), files.

Source: docs.slack.dev/reference/objects/…, …/reference/block-kit, …/messaging/…attachments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

_BLOCK_WORDS: Final = (
    "text",
    "url",
    "title",
    "title_url",
    "alt_text",
    "description",
    "fallback",
    "placeholder",
)
_BLOCK_INNER: Final = ("fields", "elements", "accessory", "rows", "blocks", "body", "actions", "element")
_ATTACHMENT: Final = (
    *("from_url", "original_url", "title_link", "pretext", "title", "text", "fallback"),
    *("author_link", "author_name", "author_subname", "footer"),
)
_FILE: Final = ("title", "name", "alt_txt", "preview", "plain_text")
_RICH: Final = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")
_DEEPEST: Final = 12


def texts_of(message: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a message, from what people see first, as Slack writes them."""
    edited = message.get("message")
    if message.get("subtype") == "message_changed" and isinstance(edited, Mapping):
        message = edited
    yield from _at(message, "text")
    yield from _blocks(message.get("blocks"))
    for attachment in _items(message.get("attachments")):
        yield from _attachment(attachment)
    for file in _items(message.get("files")):
        yield from _at(file, *_FILE)


def _attachment(attachment: Mapping[str, Any]) -> Iterator[str]:
    yield from _at(attachment, *_ATTACHMENT)
    for one in _items(attachment.get("fields")):
        yield from _at(one, "title", "value")
    yield from _blocks(attachment.get("blocks"))
    for shared in _items(attachment.get("message_blocks")):
        inner = shared.get("message")
        if isinstance(inner, Mapping):
            yield from _blocks(inner.get("blocks"))
    yield from _blocks(attachment.get("actions"))
    for file in _items(attachment.get("files")):
        yield from _at(file, *_FILE)


def _blocks(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _blocks(one, depth)
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        if value.get("type") in _RICH:
            yield "".join(_run(one) for one in _items(value.get("elements")))
            return
        for key in _BLOCK_WORDS:
            words = value.get(key)
            if isinstance(words, str):
                yield words
            elif isinstance(words, Mapping):
                yield from _at(words, "text")
        for key in _BLOCK_INNER:
            yield from _blocks(value.get(key), depth + 1)


def _run(element: Mapping[str, Any]) -> str:
    """A piece of rich text as Slack writes it in a text; one that changes its style goes on in the next."""
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            return f" <{element.get('url', '')}> "
        case "user":
            return f"<@{element.get('user_id', '')}>"
        case _:
            return " "


def _at(value: Mapping[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        text = value.get(name)
        if isinstance(text, str):
            yield text


def _items(value: object) -> Iterable[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []

"""Where Discord puts the words of a message: its text, what was forwarded, embeds, components, files, polls.

Source: docs.discord.com, the objects of messages, embeds and components.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Json = Mapping[str, Any]

# What of a component is words or an address; the rest are ids and numbers.
_WORDS: Final = ("content", "label", "url", "title", "name", "description", "placeholder")
_INNER: Final = ("components", "accessory", "component", "items", "media", "file", "options")
_DEEPEST: Final = 12


def texts_of(message: Json) -> Iterator[str]:
    """The texts of a message, from what people see first; without the marks that escape others."""
    for text in _all(message):
        # Our own cards escape the colon of an address.
        yield text.replace("\\", "")


def _all(message: Json) -> Iterator[str]:
    yield from _at(message, "content")
    for snapshot in _items(message, "message_snapshots"):
        forwarded = snapshot.get("message")
        if isinstance(forwarded, Mapping):
            # What is forwarded has no snapshots of its own.
            yield from _all({**forwarded, "message_snapshots": ()})
    for embed in _items(message, "embeds"):
        yield from _embed(embed)
    yield from _components(message.get("components"))
    for file in _items(message, "attachments"):
        yield from _at(file, "title", "description", "filename")
    yield from _poll(message.get("poll"))


def _embed(embed: Json) -> Iterator[str]:
    yield from _at(embed, "url", "title")
    yield from _inside(embed, "author", "url", "name")
    yield from _at(embed, "description")
    for one in _items(embed, "fields"):
        yield from _at(one, "name", "value")
    yield from _inside(embed, "footer", "text")


def _components(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        yield from _at(value, *_WORDS)
        for key in _INNER:
            yield from _components(value.get(key), depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            yield from _components(one, depth)


def _poll(poll: object) -> Iterator[str]:
    if isinstance(poll, Mapping):
        yield from _inside(poll, "question", "text")
        for answer in _items(poll, "answers"):
            yield from _inside(answer, "poll_media", "text")


def _inside(value: Json, key: str, *names: str) -> Iterator[str]:
    inner = value.get(key)
    if isinstance(inner, Mapping):
        yield from _at(inner, *names)


def _at(value: Json, *names: str) -> Iterator[str]:
    for name in names:
        text = value.get(name)
        if isinstance(text, str):
            yield text


def _items(value: Json, key: str) -> Iterable[Json]:
    items = value.get(key)
    return [one for one in items if isinstance(one, Mapping)] if isinstance(items, Sequence) else []

"""The body of a stored message: a person's words, or the bot's card and its files.

JSON text of `{"text": …}` or `{"card": …, "files": [{"id", "name", "size"}]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.core import card_json
from bot.core.cards import Card


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a message says about a file. id: random, names the stored bytes. size: in bytes."""

    id: str
    name: str
    size: int


def of_text(text: str) -> str:
    """The body of what a person typed."""
    return json.dumps({"text": text}, ensure_ascii=False)


def of_card(card: Card, files: Sequence[FileEntry] = ()) -> str:
    """The body of what the bot said."""
    return json.dumps(
        {"card": card_json.to_data(card), "files": [asdict(entry) for entry in files]},
        ensure_ascii=False,
    )


def actions(body: str) -> frozenset[str]:
    """The actions that can be pressed in a message now: those of its enabled buttons."""
    return frozenset(_actions(json.loads(body).get("card")))


def _actions(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _actions(item)
    elif isinstance(data, dict):
        if data.get("type") == "Button" and data.get("action") and not data.get("disabled"):
            yield data["action"]
        for value in data.values():
            yield from _actions(value)

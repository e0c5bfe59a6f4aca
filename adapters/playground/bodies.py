"""The body of a stored message: a person's words, or the bot's card and its files.

JSON text of `{"text": …}` or `{"card": …, "files": [{"id", "name", "size"}]}`, the latter with
`"asked": {"message", "person"}` where it answers somebody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.chat import card_json
from bot.core.chat.cards import Button, Buttons, Card, Text, line
from bot.core.messages.message import msg


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a message says about a file. id: random, names the stored bytes. size: in bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class InReplyTo:
    """What a message answers: the line that was typed, or the message whose button was pressed, and
    by whom. The number alone is told: a typed line stays with who typed it."""

    message: int
    person: str


def of_text(text: str) -> str:
    """The body of what a person typed."""
    return json.dumps({"text": text}, ensure_ascii=False)


def of_card(card: Card, files: Sequence[FileEntry] = (), asked: InReplyTo | None = None) -> str:
    """The body of what the bot said."""
    body: dict[str, Any] = {"card": card_json.to_data(card), "files": [asdict(entry) for entry in files]}
    if asked is not None:
        body["asked"] = asdict(asked)
    return json.dumps(body, ensure_ascii=False)


def withheld(card: Card) -> Card:
    """What is stored in the place of a card that is to be kept nowhere: that it was there, and its buttons,
    which name no more than what is to be done."""
    rows = (card.buttons, *(block.buttons for block in card.blocks if isinstance(block, Buttons)))
    pressed: tuple[Button, ...] = tuple(one for row in rows for one in row if one.action is not None)
    said = msg("It was shown to you alone, and is not kept. Run the command again to see it.")
    return Card(msg("Not kept"), (Text(line(said)),), buttons=pressed)


def asked_of(body: str) -> InReplyTo | None:
    """What the message of that body answers, if it answers somebody."""
    asked = json.loads(body).get("asked")
    return None if asked is None else InReplyTo(asked["message"], asked["person"])


def actions(body: str) -> frozenset[str]:
    """The actions that can be pressed in a message now: those of its enabled buttons and its menus."""
    return frozenset(_actions(json.loads(body).get("card")))


def _actions(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _actions(item)
    elif isinstance(data, dict):
        if data.get("type") in ("Button", "Picker") and data.get("action") and not data.get("disabled"):
            yield data["action"]
        for value in data.values():
            yield from _actions(value)

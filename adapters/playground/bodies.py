"""The body of a stored message: a person's words, or the bot's card and its files.

JSON text of `{"text": …}` or `{"card": …, "files": [{"id", "name", "size", "picture"}]}`, the latter with
`"asked": {"message", "person"}` where it answers somebody. What stands in the place of a confidential card
has `"shown"` too: the actions of the card that the open pages have. No page is told them by the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import asdict

from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text, line
from bot.core.messages.message import msg

SHOWN: Final = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""Files that the page draws; a browser is told to make nothing but a picture of them (`nosniff`)."""


class FileEntry(msgspec.Struct, frozen=True):
    """What a message says about a file. id: random, names the stored bytes. size: in bytes. picture: it is
    drawn."""

    id: str
    name: str
    size: int
    picture: bool = False


class InReplyTo(msgspec.Struct, frozen=True):
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


def of_withheld(body: str, note: Card, asked: InReplyTo | None = None) -> str:
    """What is stored in the place of a body that is to be kept nowhere: `note`, and which actions are pressed
    by pages that show it, as names. A page that is loaded later shows no button of what it does not show."""
    stored = json.loads(of_card(note, (), asked))
    return json.dumps({**stored, "shown": sorted(actions(body))}, ensure_ascii=False)


def withheld(card: Card) -> Card:
    """What is said in the place of a card that is to be kept nowhere."""
    said = msg("It was shown to you alone, and is not kept. Run the command again to see it.")
    void = msg("Its buttons are gone with it: what is not in view is neither confirmed nor paid for.")
    pressed = any(True for _ in _actions(card_json.to_data(card)))
    return Card(msg("Not kept"), (Text(line(said, " ", void) if pressed else line(said)),))


def is_withheld(body: str) -> bool:
    """Whether the card of that body was kept nowhere."""
    return "shown" in json.loads(body)


def asked_of(body: str) -> InReplyTo | None:
    """What the message of that body answers, if it answers somebody."""
    asked = json.loads(body).get("asked")
    return None if asked is None else InReplyTo(asked["message"], asked["person"])


def actions(body: str) -> frozenset[str]:
    """The actions that can be pressed in a message now: those of its enabled buttons and its menus, as the
    pages show it that have been open since."""
    data = json.loads(body)
    return frozenset((*_actions(data.get("card")), *data.get("shown", ())))


def _actions(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _actions(item)
    elif isinstance(data, dict):
        if data.get("type") in ("Button", "Picker") and data.get("action") and not data.get("disabled"):
            yield data["action"]
        for value in data.values():
            yield from _actions(value)

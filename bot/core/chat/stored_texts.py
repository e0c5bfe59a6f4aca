"""Texts that are stored by themselves, such as the reason of a failure: a message stays one.

Behind the English words of a message stands what it is made of, so that the words can be searched for, and
read by whoever looks into the database:

    given up after 12 attempts: the platform was busy␞{"type": "Message", "id": …}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.core.chat import card_json
from bot.core.messages.message import Message
from bot.core.text.shortening import shorten

SEPARATOR: Final = "\x1e"
"""The record separator of ASCII; no stored words have it."""
_LEFT_OUT: Final = {0: None, ord(SEPARATOR): None}  # PostgreSQL stores no NUL


def as_stored(text: str) -> str:
    """A text as it is stored."""
    words = str(text).translate(_LEFT_OUT)
    if not isinstance(text, Message):
        return words
    made_of = json.dumps(card_json.to_data(text), ensure_ascii=False, separators=(",", ":"))
    return f"{words}{SEPARATOR}{made_of}"


def of_stored(stored: str) -> str:
    """The text that `as_stored` was given: a message where it was one. What cannot be read, as another
    version may have written it, is its words."""
    words, found, made_of = stored.partition(SEPARATOR)
    if not found:
        return words
    try:
        message = card_json.from_data(json.loads(made_of))
    except (ValueError, TypeError, KeyError, RecursionError):
        return words
    return message if isinstance(message, Message) else words


def as_json(value: Any) -> Any:
    """Data in which messages may stand, such as what is kept behind a button, as JSON has it. A message is
    under a key that no data has, whatever people enter."""
    if isinstance(value, Message):
        return {SEPARATOR: card_json.to_data(value)}
    if isinstance(value, Mapping):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value


def of_json(data: Any) -> Any:
    """What `as_json` was given, but for tuples, which come back as lists."""
    if isinstance(data, dict):
        if data.keys() == {SEPARATOR}:
            return card_json.from_data(data[SEPARATOR])
        return {name: of_json(one) for name, one in data.items()}
    return [of_json(one) for one in data] if isinstance(data, list) else data


def bounded(text: str, most: int) -> str:
    """A text whose stored form has at most so many characters; a message that has more is its first words."""
    if isinstance(text, Message) and len(as_stored(text)) <= most:
        return text
    return shorten(text, most)

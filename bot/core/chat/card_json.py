"""Cards as JSON and back: for the outbox, the playground and `exec --json`.

Every block and inline is an object with its type's name under "type"; plain text is a string. A message is
stored as what it is made of, never as words of a language: `{"type": "Message", "id": …, "arguments": {…}}`.
`decode(encode(card)) == card` for every card, and its messages are the same ones (property tests hold it).
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from enum import Enum
from functools import cache
from typing import Any

from bot.core.chat import cards
from bot.core.chat.actions import ActionRef
from bot.core.messages.message import Duration, Joined, LanguageName, Message

_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        cards.Card,
        cards.Form,
        cards.Input,
        cards.Suggested,
        cards.Choice,
        cards.Button,
        cards.Field,
        cards.Media,
        Joined,
        Duration,
        LanguageName,
        *typing.get_args(cards.Block),
        *(kind for kind in typing.get_args(cards.Inline) if kind is not str),
    )
}


def to_data(value: Any) -> Any:
    """A card, form or any part of one as JSON data."""
    if isinstance(value, ActionRef):
        return str(value)
    if isinstance(value, Message):
        return _message_data(value)
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        fields = {f.name: to_data(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"type": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    return value


def from_data(data: Any) -> Any:
    """The inverse of `to_data`; ValueError for what is no card."""
    if isinstance(data, list):
        return tuple(from_data(item) for item in data)
    if isinstance(data, dict):
        if data.get("type") == Message.__name__:
            return _message(data)
        kind = _TYPES.get(str(data.get("type")))
        if kind is None:
            msg = f"no part of a card is called {data.get('type')!r}"
            raise ValueError(msg)
        restore = _restorers(kind.__name__)
        values = {name: restore.get(name, from_data)(value) for name, value in data.items() if name != "type"}
        return kind(**values)
    return data


def encode(card: cards.Card) -> str:
    """A card as compact JSON text."""
    return json.dumps(to_data(card), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> cards.Card:
    """The card in a text made by `encode`."""
    card = from_data(json.loads(text))
    if not isinstance(card, cards.Card):
        msg = f"a {type(card).__name__} is not a card"
        raise ValueError(msg)
    return card


def _message_data(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = {"type": Message.__name__, "id": message.id}
    data |= {"plural": message.plural} if message.plural else {}
    data |= {"context": message.context} if message.context else {}
    return data | {"arguments": {name: to_data(value) for name, value in message.arguments.items()}}


def _message(data: dict[str, Any]) -> Message:
    given = {str(name): from_data(value) for name, value in dict(data.get("arguments", {})).items()}
    plural, context = str(data.get("plural", "")), str(data.get("context", ""))
    return Message(str(data["id"]), given, plural=plural, context=context)


@cache
def _restorers(kind: str) -> dict[str, Any]:
    """How the fields that are not plain JSON are made again: enumerations and action references."""
    found: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(_TYPES[kind]).items():
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        if ActionRef in options:
            found[name] = lambda text: None if text is None else ActionRef.parse(text)
        for option in options:
            if isinstance(option, type) and issubclass(option, Enum):
                found[name] = option
    return found

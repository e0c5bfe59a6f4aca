"""As `tests.i18n.driven`, but words of commands may stay only in a card that has them as code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.chat import card_json
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Code, Fields, Form, Line, Table, Text
from bot.i18n.languages import PSEUDO
from bot.i18n.translator import translator
from tests.features.edge import Screen
from tests.i18n.left_over import english_in_card, english_in_form

_BACKTICKS = re.compile(r"`[^`]*`")


def left_beyond_code(screen: Screen, values: str = "") -> set[str]:
    """The English words of every card and form that was shown. values: those that may stay."""
    left: set[str] = set()
    for _, shown in screen.steps:
        match shown:
            case Reply(card=card) | (Card() as card):
                left |= left_in_card(card, values)
            case Form():
                left |= english_in_form(shown, f"{values} {' '.join(one.name for one in shown.inputs)}")
    return left


def left_in_card(card: Card, values: str = "") -> set[str]:
    """The English words of a card, also after it was stored, but for what it has as code."""
    values = f"{values} {' '.join(_codes(translator(PSEUDO).card(card)))}"
    stored = card_json.decode(card_json.encode(card))
    return english_in_card(card, values) | english_in_card(stored, values)


def _codes(card: Card) -> Iterator[str]:
    for part in (part for words in _lines(card) for part in words):
        if isinstance(part, Code):
            yield part.text
    yield from _BACKTICKS.findall(card.title)


def _lines(card: Card) -> Iterator[Line]:
    for block in card.blocks:
        match block:
            case Text(words):
                yield words
            case Fields(items):
                yield from (item.value for item in items)
            case Table(rows=rows):
                yield from (cell for row in rows for cell in row)

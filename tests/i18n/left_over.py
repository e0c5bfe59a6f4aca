"""What of a text stays English in the pseudo-locale, which accents every letter of a message.

That is what is no message, or was glued to one. What others wrote, commands and names of ours stay too, and
are told by the test.
"""

from __future__ import annotations

import re

from bot.core.chat.cards import Card, Line
from bot.core.chat.words import card_words, line_words
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from bot.i18n.translator import translator

_JOINING = {"and", "or"}  # as the pseudo-locale joins lists
_WORD = re.compile(r"[A-Za-z]{2,}")


def english_in_card(card: Card, values: str = "") -> set[str]:
    """The English words of a card. values: those that may stay, such as names, in one text."""
    return _left(card_words(translator(PSEUDO).card(card)), values)


def english_in_line(line: Line, values: str = "") -> set[str]:
    """The same of a line."""
    return _left(line_words(translator(PSEUDO).line(line)), values)


def english_in(text: str, values: str = "") -> set[str]:
    """The same of a text."""
    return _left(translator(PSEUDO).words(text), values)


def _left(said: str, values: str) -> set[str]:
    assert said.count(OPENING) == said.count(CLOSING), f"cut: {said}"
    return set(_WORD.findall(said)) - set(_WORD.findall(values)) - _JOINING

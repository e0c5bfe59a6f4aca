"""What of a text stays English in the pseudo-locale, which accents every letter of a message.

That is what is no message, or was glued to one. What others wrote, commands and names of ours stay too, and
are told by the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.chat.cards import Buttons, Card, Form, Line, Picker
from bot.core.chat.words import card_words, line_words
from bot.core.messages.speaking import speaking
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from bot.i18n.translator import translator

_JOINING = {"and", "or"}  # as the pseudo-locale joins lists
_WORD = re.compile(r"[A-Za-z]{2,}")


def english_in_card(card: Card, values: str = "") -> set[str]:
    """The English words of a card. values: those that may stay, such as names, in one text."""
    speaker = translator(PSEUDO)
    said = speaker.card(card)
    with speaking(speaker.rules):
        return _left("\n".join((card_words(said), *_labels(said))), values)


def english_in_form(form: Form, values: str = "") -> set[str]:
    """The same of a form."""
    said = translator(PSEUDO).form(form)
    words = [said.title, said.submit, said.note]
    for one in said.inputs:
        words += [one.label, one.hint, *(choice.label for choice in one.choices)]
    return _left("\n".join(words), values)


def english_in_line(line: Line, values: str = "") -> set[str]:
    """The same of a line."""
    return _left(line_words(translator(PSEUDO).line(line)), values)


def english_in(text: str, values: str = "") -> set[str]:
    """The same of a text."""
    return _left(translator(PSEUDO).words(text), values)


def _labels(card: Card) -> Iterator[str]:
    """What stands on buttons and in menus."""
    for block in (*card.blocks, Buttons(card.buttons)):
        if isinstance(block, Buttons):
            yield from (button.label for button in block.buttons)
        elif isinstance(block, Picker):
            yield from (block.label, *(choice.label for choice in block.choices))


def _left(said: str, values: str) -> set[str]:
    assert said.count(OPENING) == said.count(CLOSING), f"cut: {said}"
    return set(_WORD.findall(said)) - set(_WORD.findall(values)) - _JOINING

"""What is left English of everything that a person was shown, after a line or a press."""

from __future__ import annotations

import re

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Form, Quote
from bot.core.chat.words import card_words
from bot.features.catalogue import catalogue
from tests.features.edge import Screen
from tests.i18n.left_over import english_in_form
from tests.i18n.strict import left_in_card

_CATALOGUE = catalogue()
_NAMES = {
    *(word for command in _CATALOGUE for word in command.path),
    *(word for command in _CATALOGUE for p in command.parameters for word in p.name.split("_")),
    *(action.name for action in _CATALOGUE.actions),
}
NAMES = " ".join(form for name in sorted(_NAMES) for form in (name, name.capitalize()))
"""Words of commands and names of options and actions, as forms and texts have them."""
_APART = "UTC Ada Ben Tim"
"""Of clocks, and those who ask."""
_ADDRESS = re.compile(r"https?://\S+")
_CODE = re.compile(r"`[^`]*`")


def left_on(screen: Screen, values: str = "") -> set[str]:
    """The English words of every card and form. values: those that may stay."""
    left: set[str] = set()
    for _, shown in screen.steps:
        match shown:
            case Reply(card=card):
                left |= left_in(card, values)
            case Card():
                left |= left_in(shown, values)
            case Form():
                left |= left_in_form(shown, values)
    return left


def left_in(card: Card, values: str = "") -> set[str]:
    """The same of one card; code, addresses and what it quotes may stay."""
    quoted = [f"{one.author} {one.text}" for one in card.blocks if isinstance(one, Quote)]
    theirs = " ".join((*quoted, *_ADDRESS.findall(card_words(card))))
    return left_in_card(card, f"{_APART} {theirs} {values}")


def left_in_form(form: Form, values: str = "") -> set[str]:
    """The same of a form; code and the names of its fields may stay."""
    names = [form for one in form.inputs for form in (one.name, one.name.replace("_", " ").capitalize())]
    codes = _CODE.findall(" ".join((form.note, *(one.hint for one in form.inputs))))
    return english_in_form(form, " ".join((_APART, *names, *codes, values)))

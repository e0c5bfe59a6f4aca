"""What is left English of everything that a person was shown, after a line or a press."""

from __future__ import annotations

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Form, Quote
from bot.features.catalogue import catalogue
from tests.features.edge import Screen
from tests.i18n.left_over import english_in_card, english_in_form

_CATALOGUE = catalogue()
_NAMES = {
    *(word for command in _CATALOGUE for word in command.path),
    *(word for command in _CATALOGUE for p in command.parameters for word in p.name.split("_")),
    *(action.name for action in _CATALOGUE.actions),
}
NAMES = " ".join(form for name in sorted(_NAMES) for form in (name, name.capitalize()))
"""Words of commands and names of options and actions, as forms and texts have them."""
_APART = "https com status UTC Ada Ben Tim"
"""Of addresses, clocks and those who ask."""


def left_on(screen: Screen, values: str = "") -> set[str]:
    """The English words of every card and form. values: those that may stay besides names of ours."""
    left: set[str] = set()
    for _, shown in screen.steps:
        match shown:
            case Reply(card=card):
                left |= left_in(card, values)
            case Card():
                left |= left_in(shown, values)
            case Form():
                left |= english_in_form(shown, f"{NAMES} {_APART} {values}")
    return left


def left_in(card: Card, values: str = "") -> set[str]:
    """The same of one card; what it quotes may stay."""
    quoted = " ".join(f"{one.author} {one.text}" for one in card.blocks if isinstance(one, Quote))
    return english_in_card(card, f"{NAMES} {_APART} {quoted} {values}")

"""What is left English of everything that a person was shown, after a line or a press."""

from __future__ import annotations

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Form
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


def left_on(screen: Screen, values: str = "") -> set[str]:
    """The English words of every card and form. values: those that may stay besides names of ours."""
    left: set[str] = set()
    for _, shown in screen.steps:
        match shown:
            case Reply(card=card):
                left |= english_in_card(card, f"{NAMES} {values}")
            case Card():
                left |= english_in_card(shown, f"{NAMES} {values}")
            case Form():
                left |= english_in_form(shown, f"{NAMES} {values}")
    return left

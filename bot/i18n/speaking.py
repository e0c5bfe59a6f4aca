"""Drawing a card or form in the language that its messages were said in (`bot.core.messages.speaking`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from bot.core.chat.cards import Card, Form
from bot.core.messages.speaking import speaking
from bot.i18n.translator import translator

P = ParamSpec("P")
R = TypeVar("R")
Shown = TypeVar("Shown", Card, Form)


def in_its_language(draw: Callable[Concatenate[Shown, P], R]) -> Callable[Concatenate[Shown, P], R]:
    """A function that draws what it is given, with the renderer's own words in the same language."""

    @wraps(draw)
    def drawn(shown: Shown, /, *args: P.args, **named: P.kwargs) -> R:
        if not shown.language:
            return draw(shown, *args, **named)
        with speaking(translator(shown.language).rules):
            return draw(shown, *args, **named)

    return drawn

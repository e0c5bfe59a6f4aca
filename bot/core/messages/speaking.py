"""The language of the words that a renderer adds of its own: "… 3 more", "2 of 5", "(no text)".

What draws a card or form says it in the language of its messages, however deep inside it is drawn. It is set
around the whole of one drawing (`bot.i18n.speaking`), and around finding what is offered for what somebody
types (`Commands.suggest`); it is English elsewhere. Tasks that are started inside keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from bot.core.messages.inlines import Line
from bot.core.messages.message import ENGLISH, LanguageRules, Message, said, spread_line

_RULES: Final[ContextVar[LanguageRules]] = ContextVar("rules", default=ENGLISH)


@contextmanager
def speaking(by: LanguageRules) -> Iterator[None]:
    """What is said inside is said by these rules."""
    before = _RULES.set(by)
    try:
        yield
    finally:
        _RULES.reset(before)


def rules() -> LanguageRules:
    """Those of what is being drawn."""
    return _RULES.get()


def say(message: Message) -> str:
    """A message in the language of what is being drawn."""
    return said(message, _RULES.get())


def spoken_line(line: Line) -> Line:
    """A line without messages, in that language."""
    return spread_line(line, _RULES.get())

"""The translator: cards, forms and choices in the language of who reads them, every message in them said."""

from __future__ import annotations

import dataclasses
import typing
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from bot.core.chat.cards import Card, Choice, File, Form, Line
from bot.core.messages.message import LanguageRules, Message, said, spread_line
from bot.i18n.languages import PSEUDO, SOURCE, spoken
from bot.i18n.rules import CldrRules, English, PseudoRules

T = TypeVar("T")
Shown = TypeVar("Shown", Card, Form)


class Translator:
    """Says messages in one language. language: its tag. What comes back has no message in it."""

    def __init__(self, language: str, rules: LanguageRules) -> None:
        self.language = language
        self.rules = rules

    def card(self, card: Card) -> Card:
        """A card; in English the very same one where it has no message."""
        return self._marked(self._of(card))

    def form(self, form: Form) -> Form:
        """A form."""
        return self._marked(self._of(form))

    def choices(self, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """What is offered for a value."""
        return tuple(self._of(choice) for choice in choices)

    def files(self, files: typing.Sequence[File]) -> tuple[File, ...]:
        """Files, by their names."""
        return tuple(self._of(file) for file in files)

    def words(self, text: str) -> str:
        """A text of ours; one that is no message as it is."""
        return said(text, self.rules) if isinstance(text, Message) else text

    def line(self, line: Line) -> Line:
        """A line, its messages spread into their parts."""
        return spread_line(line, self.rules)

    def _marked(self, shown: Shown) -> Shown:
        """With the language of its words, for what a renderer adds to them."""
        if self.language == SOURCE or shown.language:
            return shown
        return dataclasses.replace(shown, language=self.language)

    def _of(self, value: T) -> T:
        """A dataclass with every message in its fields said; anything else as it is."""
        changed = {}
        for name, around in _fields(type(value)):  # type: ignore[arg-type]  # a type is hashable
            old = getattr(value, name)
            if type(old) in _WITHOUT_WORDS or old == ():
                continue
            new = self._value(old, around)
            if new is not old:
                changed[name] = new
        return dataclasses.replace(value, **changed) if changed else value  # type: ignore[type-var]

    def _value(self, value: Any, around: int) -> Any:
        if isinstance(value, Message):
            return said(value, self.rules)
        if isinstance(value, tuple):
            if around == 0:
                return spread_line(value, self.rules)
            items = tuple(self._value(item, around - 1) for item in value)
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return self._of(value)


@lru_cache(maxsize=32)
def translator(tag: str) -> Translator:
    """The translator of a language that the bot speaks; English for any other. Loads what it needs."""
    language = spoken(tag) or SOURCE
    if language == SOURCE:
        return ENGLISH_TRANSLATOR
    if language == PSEUDO:
        return Translator(PSEUDO, PseudoRules())
    return Translator(language, CldrRules(language))


ENGLISH_TRANSLATOR: Final = Translator(SOURCE, English())

# What is no message, and holds none: most of what stands in the fields of a card.
_WITHOUT_WORDS: Final = frozenset({str, int, float, bool, bytes, type(None)})
_NO_LINE: Final = -1
_TUPLES_AROUND_A_LINE: Final = {Line: 0, tuple[Line, ...]: 1, tuple[tuple[Line, ...], ...]: 2}


@cache
def _fields(kind: type) -> tuple[tuple[str, int], ...]:
    """The fields of a dataclass that may hold messages, and how many tuples stand around the lines in each:
    a message in a line becomes several parts, elsewhere it stays one text. None where it is no dataclass."""
    if not dataclasses.is_dataclass(kind):
        return ()
    hints = typing.get_type_hints(kind)
    return tuple(
        (field.name, _TUPLES_AROUND_A_LINE.get(hints[field.name], _NO_LINE))
        for field in dataclasses.fields(kind)
        if not _is_wordless(hints[field.name])
    )


def _is_wordless(hint: Any) -> bool:
    """Whether nothing of that type is a message, or holds one."""
    return hint in (int, float, bool, bytes) or (isinstance(hint, type) and issubclass(hint, Enum))

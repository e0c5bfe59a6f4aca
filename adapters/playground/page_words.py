"""What the page says of its own, in the language of who reads it; `static/js/language.js` says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from bot.core.messages.message import COUNT, Message
from bot.core.messages.templates import names_in
from bot.i18n.languages import SOURCE
from bot.i18n.plurals import numbers_of
from bot.i18n.translator import Translator

STATIC: Final = Path(__file__).parent / "static"
_CONTEXT: Final = "\x04"  # between a context and its message, as gettext has it
PageWords: TypeAlias = Mapping[str, str | Mapping[str, str]]
"""Template → translation; of a message with a plural, plural category of CLDR → translation."""


@lru_cache(maxsize=16)
def page_words(reader: Translator) -> PageWords:
    """Every message of the page that is said otherwise than in English; in English none, and nothing is
    loaded for it."""
    if reader.language == SOURCE:
        return {}
    from bot.i18n.page_messages import page_messages  # it loads Babel

    found: dict[str, str | Mapping[str, str]] = {}
    for one in page_messages(STATIC):
        key = f"{one.context}{_CONTEXT}{one.id}" if one.context else one.id
        if one.plural:
            found[key] = {
                category: _template(reader, one.id, one.plural, one.context, number)
                for category, number in numbers_of(reader.language).items()
            }
        elif (said := _template(reader, one.id, "", one.context, 0)) != one.id:
            found[key] = said
    return found


def _template(reader: Translator, id: str, plural: str, context: str, number: int) -> str:
    given: dict[str, str | int] = dict.fromkeys(names_in(id), "")
    if plural:
        given[COUNT] = number
    return reader.rules.template(Message(id, given, plural=plural, context=context))

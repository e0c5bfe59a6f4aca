"""How languages say numbers, times and lists: English by itself, every other as CLDR has it, through Babel.

Babel and the data of a language are loaded when something is said in it, and not before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import DecimalException
from typing import TYPE_CHECKING

from bot.core.messages.distances import distance_in
from bot.core.messages.inlines import Timestamp
from bot.core.messages.message import ENGLISH, EnglishRules, JoinedBy, LanguageName, Message
from bot.core.messages.templates import as_template
from bot.core.times.zone_words import kept_zone, moment_words
from bot.i18n.pseudo import pseudo
from bot.i18n.translations import Translations, translations_of

if TYPE_CHECKING:
    from babel import Locale

_ITEM = "\ue000"  # stands for an item; no text of CLDR has it
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


class English(EnglishRules):
    """The language of the messages."""

    def moment(self, stamp: Timestamp) -> str:
        """On the clock of its zone, and which that is."""
        return moment_words(stamp.at, stamp.zone or "UTC")


class PseudoRules(English):
    """English that shows where a text is cut, glued to another, or no message at all."""

    def template(self, message: Message) -> str:
        """The English template, accented, longer and in brackets."""
        return pseudo(super().template(message))

    def language(self, named: LanguageName) -> str:
        """English, accented, longer and in brackets."""
        return pseudo(as_template(super().language(named)))

    def distance(self, seconds: float) -> str:
        """English, accented, longer and in brackets."""
        return pseudo(as_template(super().distance(seconds)))


class CldrRules:
    """A language with a catalogue. tag: as of `bot.i18n.languages`."""

    def __init__(self, tag: str, translations: Translations | None = None) -> None:
        from babel import Locale

        self._locale: Locale = Locale.parse(tag, sep="-")
        self._translations = translations or translations_of(tag)

    def template(self, message: Message) -> str:
        """As the catalogue has it, English where it does not."""
        return self._translations.template(message)

    def number(self, value: float) -> str:
        """Grouped as the language groups."""
        from babel.numbers import format_decimal

        try:
            return format_decimal(value if isinstance(value, int) else round(value, 2), locale=self._locale)
        except DecimalException:  # more digits than Babel reckons with: no figure of people
            return ENGLISH.number(value)

    def duration(self, seconds: float) -> str:
        """In the two largest units, short."""
        from babel.units import format_unit

        left, parts = int(seconds), []
        for unit, size in _UNITS:
            count, left = divmod(left, size)
            if count:
                parts.append(format_unit(count, unit, length="narrow", locale=self._locale))
        return " ".join(parts[:2]) or format_unit(0, "second", length="narrow", locale=self._locale)

    def language(self, named: LanguageName) -> str:
        """As CLDR calls it, with its code where that has a region of which CLDR has no name; in English where
        it does not know it."""
        names: Mapping[str, str] = self._locale.languages
        base, _, region = named.code.partition("-")
        if region and (found := names.get(f"{base}_{region.upper()}")):
            return found
        found = names.get(base)
        if not found:
            return ENGLISH.language(named)
        return f"{found} ({named.code})" if region else found

    def distance(self, seconds: float) -> str:
        """In one unit, long."""
        from babel.dates import format_timedelta

        count, unit, size = distance_in(seconds)
        # No unit reaches the threshold, so that ours is said and not the one that Babel would choose.
        away = timedelta(seconds=count * size)
        return format_timedelta(away, unit, math.inf, add_direction=True, locale=self._locale)

    def moment(self, stamp: Timestamp) -> str:
        """Date, time and zone, short."""
        from babel.dates import format_datetime, get_timezone

        zone = kept_zone(stamp.zone or "UTC")
        words = moment_words(stamp.at, zone)
        if not words[0].isdigit():  # beyond every calendar
            return words
        at = datetime.fromtimestamp(stamp.at, UTC)
        said = format_datetime(at, "short", tzinfo=get_timezone(zone), locale=self._locale)
        return f"{said} {words.rpartition(' ')[2]}"

    def between(self, count: int, by: JoinedBy) -> Sequence[str]:
        """As CLDR joins: with the word of the language before the last, or with commas alone."""
        from babel.lists import format_list

        if count == 0:
            return [""]
        style = {JoinedBy.AND: "standard", JoinedBy.OR: "or", JoinedBy.COMMA: "unit"}[by]
        return format_list([_ITEM] * count, style=style, locale=self._locale).split(_ITEM)  # type: ignore[arg-type]

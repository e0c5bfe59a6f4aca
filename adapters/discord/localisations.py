"""What Discord's clients show of commands in the language of their users, beside the English.

Source: docs.discord.com/developers/interactions/application-commands, "Localization", and
docs.discord.com/developers/reference, "Locales". Names of commands and options stay English: they are what
people type, what help and documents say, and what others read of a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import discord

from adapters.discord import limits
from bot.i18n.languages import PSEUDO, SOURCE, spoken
from bot.i18n.translator import Translator, translator

Locales: TypeAlias = Mapping[str, Translator]
"""Discord's name of a locale → who says something in its language."""


def spoken_locales() -> Locales:
    """Discord's locales whose languages have a catalogue: none where English is alone."""
    found = {locale.value: spoken(locale.value) for locale in discord.Locale}
    return {name: translator(tag) for name, tag in found.items() if tag not in ("", SOURCE, PSEUDO)}


def localised(key: str, text: str, limit: int, locales: Locales) -> dict[str, Any]:
    """A text under its key, and what is said otherwise in a locale under `key_localizations`. limit: of
    characters, in each language."""
    english = limits.clip(str(text), limit)
    said = {name: limits.clip(reader.words(text), limit) for name, reader in locales.items()}
    others = {name: words for name, words in said.items() if words != english}
    return {key: english} | ({f"{key}_localizations": others} if others else {})

"""The languages that the bot speaks, by their tags of BCP 47. A new one is a row here and its catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SOURCE: Final = "en"
"""What messages are written in."""
PSEUDO: Final = "en-XA"
"""English made by program: accented, longer, and in brackets, so that what is cut or glued shows."""


@dataclass(frozen=True, slots=True)
class Language:
    """name: in the language itself, for those who look for it."""

    tag: str
    name: str


LANGUAGES: Final = (Language(SOURCE, "English"), Language(PSEUDO, "Ṗšéúđó (for testing)"))
_TAGS: Final = {language.tag.lower(): language.tag for language in LANGUAGES}


def spoken(wanted: str) -> str:
    """The tag of the language that comes nearest to a tag as platforms and machines write them: "en" for
    en-GB and en_US.UTF-8. "" where the bot speaks none like it."""
    tag = wanted.split(".", 1)[0].split("@", 1)[0].replace("_", "-").lower()
    while tag:
        if tag in _TAGS:
            return _TAGS[tag]
        tag = tag.rpartition("-")[0]
    return ""


def machine_locale(variables: Mapping[str, str]) -> str:
    """The language that the environment of a program names, as POSIX has it: "de_DE.UTF-8"; "" for none."""
    named = (variables.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, named), "")


def language_name(tag: str) -> str:
    """What a language is called, in itself; the tag where the bot does not speak it."""
    return next((language.name for language in LANGUAGES if language.tag == tag), tag)

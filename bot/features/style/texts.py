"""Texts that somebody hands in as a style, from one field."""

from __future__ import annotations

import re
from typing import Final

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank

MOST_TEXTS: Final = 100
_PARAGRAPHS: Final = re.compile(r"\n[^\S\n]*\n")
_EXAMPLE: Final = 'style save launch texts:"We ship on Friday | Try it now"'


def texts_of(given: str) -> tuple[str, ...]:
    """The texts: parted by empty lines where there are such, else by lines, and in a single line by |.

    UsageError for none, and for more than Xquik keeps in a style.
    """
    text = given.replace("\r\n", "\n").strip()
    if _PARAGRAPHS.search(text):
        parts = _PARAGRAPHS.split(text)
    else:
        parts = text.split("\n") if "\n" in text else text.split("|")
    found = tuple(part.strip() for part in parts if not blank(part))
    if not 1 <= len(found) <= MOST_TEXTS:
        raise UsageError(
            msg("A style has 1 to {most} texts, not {count}.", most=MOST_TEXTS, count=len(found)),
            option="texts",
            example=_EXAMPLE,
        )
    return found

"""What is said in place of what a message cannot hold: how much of what, and which file has it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from bot.core.messages.message import Message, msg, nmsg


class Missing(StrEnum):
    """Of what something is missing."""

    CHARACTERS = "characters"
    PARTS = "parts"
    FIELDS = "fields"
    ROWS = "rows"
    PICTURES = "pictures"
    LINKS = "links"
    BUTTONS = "buttons"
    CHOICES = "choices"
    ANYTHING = "anything"


NO_TEXT: Final = msg("(no text)")
"""Stands where there would be nothing to be seen at all."""


def missing(count: int, what: Missing, file: str = "") -> Message:
    """Said below what is shown. file: the name of the one that has it, "" for none."""
    return in_file(_counted(count, what), file)


def in_file(said: Message, file: str) -> Message:
    """What is said of what is missing, and which file has it; "" for none."""
    return msg("{missing}, in the file {file}", missing=said, file=file) if file else said


def _counted(count: int, what: Missing) -> Message:
    match what:
        case Missing.CHARACTERS:
            return nmsg("… {n} more character", "… {n} more characters", n=count)
        case Missing.PARTS:
            return nmsg("… {n} more part", "… {n} more parts", n=count)
        case Missing.FIELDS:
            return nmsg("… {n} more field", "… {n} more fields", n=count)
        case Missing.ROWS:
            return nmsg("… {n} more row", "… {n} more rows", n=count)
        case Missing.PICTURES:
            return nmsg("… {n} more picture", "… {n} more pictures", n=count)
        case Missing.LINKS:
            return nmsg("… {n} more link", "… {n} more links", n=count)
        case Missing.BUTTONS:
            return nmsg("… {n} more button", "… {n} more buttons", n=count)
        case Missing.CHOICES:
            return nmsg("… {n} more choice", "… {n} more choices", n=count)
        case Missing.ANYTHING:
            return nmsg("… {n} more", "… {n} more", n=count)
        case _:
            assert_never(what)

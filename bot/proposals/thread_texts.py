"""The text of a thread: split into its parts, and shown again in a form to be edited. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.errors import UsageError
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import blank
from bot.core.text.shortening import line_ends
from bot.core.text.utf16 import utf16_units
from bot.core.x.threads import BREAK, MOST_PARTS, joined, split
from bot.core.x.tweet_text import half_characters

TEXT: Final = "text"
"""The field of a form that the text stands in; further ones are `text_2` and so on."""
_FIELD: Final = 2_800
"""UTF-16 units of one field: Slack and Discord hold little more, and what they cut would be lost."""
_FIELDS: Final = 4
"""At the most: Discord takes five, and one may ask for the account."""


def parts_of(text: str, *, least: int = 2, example: str = "") -> list[str]:
    """The parts of a text. least: how many make a thread. UsageError for fewer, and for too many."""
    text = line_ends(text)
    if half_characters(text):
        raise UsageError(msg("The text contains half a character."), option=TEXT, example=example)
    parts = [part for part in split(text) if not blank(part)]
    if len(parts) < least:
        raise _too_few(parts, example)
    if len(parts) > MOST_PARTS:
        raise UsageError(
            msg(
                "That would be {count} tweets; a thread has at most {most}.",
                count=len(parts),
                most=MOST_PARTS,
            ),
            option=TEXT,
            example=example,
        )
    return parts


def _too_few(parts: Sequence[str], example: str) -> UsageError:
    if not parts:
        return UsageError(msg("A thread needs text."), option=TEXT, example=example)
    return UsageError(
        msg("That is one tweet, and no thread."),
        option=TEXT,
        example=example,
        remedy=msg("`tweet post` posts it; {dashes} between two sentences makes two parts.", dashes=BREAK),
    )


def fields_of(payload: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """The whole text of a payload in the fields of a form, each of which takes whole parts."""
    texts = _chunks([str(one) for one in payload.get("parts") or ()])
    return tuple((_name(number), _label(number), text) for number, text in enumerate(texts, 1))


def revised(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with the parts that its fields make now; UsageError where that is no thread."""
    kept = {name: value for name, value in payload.items() if not _is_field(name)}
    texts = [str(value) for name, value in payload.items() if _is_field(name)]
    # One part is enough behind what stands already.
    least = 1 if payload.get("reply_to_tweet_id") else 2
    return {**kept, "parts": parts_of(joined(text for text in texts if not blank(text)), least=least)}


def _chunks(parts: Sequence[str]) -> list[str]:
    """The parts in as few texts as fields hold."""
    room = max(_FIELD, -(-sum(map(utf16_units, parts)) // (_FIELDS - 1)))
    found: list[list[str]] = [[]]
    for part in parts:
        if found[-1] and utf16_units(joined((*found[-1], part))) > room:
            found.append([])
        found[-1].append(part)
    return [joined(one) for one in found]


def _name(number: int) -> str:
    return TEXT if number == 1 else f"{TEXT}_{number}"


def _label(number: int) -> Message:
    return msg("Text") if number == 1 else msg("Text, continued ({number})", number=number)


def _is_field(name: str) -> bool:
    return name == TEXT or name.startswith(f"{TEXT}_")

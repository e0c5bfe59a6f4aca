"""What a preview says above Confirm because the text alone does not show it. Pure.

A warning is a function from the payload to what is said, None where there is nothing to say. A new one
is one more in `WARNINGS`, and stands on every preview.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from bot.core.chat.cards import Bold, Code, Line, Priority, Text, line
from bot.core.chat.notation import chat_notation
from bot.core.messages.message import Argument, Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.invisible import number, reorders, unseen

Warner: TypeAlias = Callable[[Mapping[str, Any]], Line | None]
"""What is to be warned of in the payload of a proposal; None when nothing is."""
_TEXTS: Final = ("text", "subject", "body", "name", "description", "location", "url")
_NAMED = 6  # kinds of characters, or pieces of notation, that are told


def warnings(payload: Mapping[str, Any]) -> tuple[Text, ...]:
    """Every warning about what would be sent."""
    said = (warn(payload) for warn in WARNINGS)
    check = Bold(msg("Check this:"))
    return tuple(Text(line(check, " ", *words), priority=Priority.ESSENTIAL) for words in said if words)


def _own_texts(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Every text of one's own that is sent, of whatever kind: of a tweet, of each part of a thread that is
    still to be posted, of a ticket, of a profile or a community."""
    parts = payload.get("parts")
    alone = (payload.get(name) for name in _TEXTS)
    return tuple(str(text) for text in (*alone, *(parts if isinstance(parts, list | tuple) else ())) if text)


def _unseen(payload: Mapping[str, Any]) -> Line | None:
    """Characters that nobody sees in the text, by their numbers."""
    text = "\n".join(_own_texts(payload))
    found = unseen(text)
    if not found:
        return None
    kinds: list[Argument] = [_often(number(char), times) for char, times in found.most_common(_NAMED)]
    if (more := len(found) - _NAMED) > 0:
        kinds.append(nmsg("{n} other kind", "{n} other kinds", n=more))
    said = nmsg(
        "the text has {n} invisible character ({kinds}), shown here as ⟨U+…⟩ and posted as it is.",
        "the text has {n} invisible characters ({kinds}), shown here as ⟨U+…⟩ and posted as they are.",
        n=sum(found.values()),
        kinds=Joined(tuple(kinds), JoinedBy.COMMA),
    )
    if not reorders(text):
        return line(said)
    if _of_ticket(payload):
        return line(said, " ", msg("They can make the text appear in a different order."))
    return line(said, " ", msg("They can make X show the text in a different order."))


def _of_ticket(payload: Mapping[str, Any]) -> bool:
    """Whether it goes to Xquik's support, and not to X."""
    return "body" in payload


def _often(character: str, times: int) -> str | Message:
    """A character by its number, and how often it is there."""
    if times == 1:
        return character
    return nmsg("{character} {n} time", "{character} {n} times", n=times, character=character)


def _chat_notation(payload: Mapping[str, Any]) -> Line | None:
    """What a chat client wrote and its adapter could not turn back."""
    left = chat_notation("\n".join(_own_texts(payload)))
    if not left:
        return None
    notation = Joined(tuple(Code(found) for found in left[:_NAMED]), JoinedBy.COMMA)
    if _of_ticket(payload):
        return line(
            msg(
                "{notation} would be sent exactly like this: emoji and mentions from a chat work only there.",
                notation=notation,
            )
        )
    if len(left) <= _NAMED:
        return line(
            msg(
                "{notation} would appear on X exactly like this: emoji and mentions from a chat work only "
                "there.",
                notation=notation,
            )
        )
    return line(
        nmsg(
            "{notation} and {n} more would appear on X exactly like this: emoji and mentions from a chat "
            "work only there.",
            "{notation} and {n} more would appear on X exactly like this: emoji and mentions from a chat "
            "work only there.",
            n=len(left) - _NAMED,
            notation=notation,
        )
    )


WARNINGS: Final[tuple[Warner, ...]] = (_unseen, _chat_notation)

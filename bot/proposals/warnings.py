"""What a preview says above Confirm because the text alone does not show it. Pure.

A warning is a function from the payload to what is said, None where there is nothing to say. A new one
is one more in `WARNINGS`, and stands on every preview.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from bot.cards.figures import plural
from bot.core.chat.cards import Bold, Code, Line, Priority, Text, line
from bot.core.chat.notation import chat_notation
from bot.core.text.invisible import number, reorders, unseen

Warner: TypeAlias = Callable[[Mapping[str, Any]], Line | None]
"""What is to be warned of in the payload of a proposal; None when nothing is."""
_NAMED = 6  # kinds of characters, or pieces of notation, that are told


def warnings(payload: Mapping[str, Any]) -> tuple[Text, ...]:
    """Every warning about what would be sent."""
    said = (warn(payload) for warn in WARNINGS)
    return tuple(
        Text(line(Bold("Check this: "), *words), priority=Priority.ESSENTIAL) for words in said if words
    )


def _unseen(payload: Mapping[str, Any]) -> Line | None:
    """Characters that nobody sees in the text, by their numbers."""
    text = str(payload.get("text") or "")
    found = unseen(text)
    if not found:
        return None
    kinds = [
        f"{number(char)}{f' {times:,} times' if times > 1 else ''}"
        for char, times in found.most_common(_NAMED)
    ]
    kinds += [f"{len(found) - _NAMED} other kinds"] if len(found) > _NAMED else []
    turned = " They can make X show the text in a different order." if reorders(text) else ""
    count = sum(found.values())
    posted = "posted as it is" if count == 1 else "posted as they are"
    return line(
        f"the text has {plural(count, 'invisible character')} ({', '.join(kinds)}), "
        f"shown here as ⟨U+…⟩ and {posted}.{turned}"
    )


def _chat_notation(payload: Mapping[str, Any]) -> Line | None:
    """What a chat client wrote and its adapter could not turn back."""
    left = chat_notation(str(payload.get("text") or ""))
    if not left:
        return None
    shown = [part for found in left[:_NAMED] for part in (Code(found), ", ")][:-1]
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    said = f"{more} would appear on X exactly like this: emoji and mentions from a chat work only there."
    return line(*shown, said)


WARNINGS: Final[tuple[Warner, ...]] = (_unseen, _chat_notation)

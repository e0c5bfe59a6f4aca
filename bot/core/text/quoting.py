"""Quotation marks as people and their keyboards write them: read, written and made straight. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

Code: TypeAlias = Literal["query", "pattern", "template"]
"""What a text is read as in which quotes mean something."""

# A “ that does not close may have a later one inside it that does; a straight quote cannot.
_MAX_UNCLOSED: Final = 8

_CLOSING: Final = {
    '"': '"”',
    "“": "”",
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "＂": "＂",
    "'": "'’",
    "‘": "’",
}
_NESTING: Final = {'"': "“", "“": "“", "«": "«"}
# Those that are nothing but quotes; the single ones are apostrophes most of the time.
DOUBLE: Final = frozenset('"“”„«»＂')

_STRAIGHT_DOUBLE: Final = dict.fromkeys(map(ord, "“”„‟＂"), '"')
_STRAIGHT: Final = {**_STRAIGHT_DOUBLE, **dict.fromkeys(map(ord, "‘’‚‛"), "'")}
_STRAIGHT_QUERY: Final = {**_STRAIGHT, **dict.fromkeys(map(ord, "«»"), '"')}
# Bounded, so that braces which never close cost no more than their number.
_TEMPLATE_TAG: Final = re.compile(r"\{\{[^{}]{0,500}\}\}|\{%[^%]{0,500}%\}")


class Quotes:
    """Finds where quotes close in one text, in time that grows with its length: how often each opening
    quote was found not to close is counted, since looking for the end of each anew would take the square.

    ends: what may follow a closing quote besides white space and the end of the text.
    """

    def __init__(self, text: str, ends: str = "") -> None:
        self._text = text
        self._ends = ends
        self._unclosed: dict[str, int] = {}

    def at(self, position: int, code: Code | None = None) -> tuple[str, int] | None:
        """The text in quotes at `position` and where it ends; None when no quote opens or it does not
        close.

        A closing quote counts only before white space, an end or one of `ends`, so that apostrophes stay
        text; a pair of “ ” inside stays text too. Inside straight quotes, a backslash keeps the next
        quote or backslash. In a template, the quotes inside a tag close nothing.
        """
        opening = self._text[position]
        most = _MAX_UNCLOSED if opening in _NESTING else 1
        if opening not in _CLOSING or self._unclosed.get(opening, 0) >= most:
            return None
        found = self._outside_tags(position) if code == "template" else None
        found = found or self._quoted(position, frozenset())
        if found is None:
            self._unclosed[opening] = self._unclosed.get(opening, 0) + 1
        return found

    def _outside_tags(self, position: int) -> tuple[str, int] | None:
        tags = _TEMPLATE_TAG.finditer(self._text, position)
        return self._quoted(position, frozenset(at for tag in tags for at in range(*tag.span())))

    def _quoted(self, position: int, within: frozenset[int]) -> tuple[str, int] | None:
        text, opening = self._text, self._text[position]
        closing, nests = _CLOSING[opening], _NESTING.get(opening)
        depth, at = 1, position + 1
        value: list[str] = []
        while at < len(text):
            character = text[at]
            if character == "\\" and at + 1 < len(text) and text[at + 1] in closing + "\\":
                value.append(text[at + 1])
                at += 2
                continue
            if at in within:
                pass
            elif nests and character == nests:
                depth += 1
            elif character in closing:
                depth -= 1
                ends = depth <= 0 or character == opening
                if ends and self._ended(at + 1):
                    return "".join(value), at + 1
                depth = max(depth, 1)
            value.append(character)
            at += 1
        return None

    def _ended(self, at: int) -> bool:
        return at == len(self._text) or self._text[at].isspace() or self._text[at] in self._ends


def written(text: str) -> str:
    """The text in straight quotes, so that a line and a list read exactly it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def straightened(text: str, code: Code) -> str:
    """The text with those quotes straight that mean something in it.

    In a template that is inside its tags; around them a “ is a part of the message.
    """
    match code:
        case "query":
            return text.translate(_STRAIGHT_QUERY)
        case "pattern":
            return text.translate(_STRAIGHT)
        case "template":
            return _TEMPLATE_TAG.sub(lambda tag: tag[0].translate(_STRAIGHT), text)


def unclosed(query: str) -> str:
    """What begins with the last quote of a search when that has no partner; "" when all have one."""
    return "" if query.count('"') % 2 == 0 else query[query.rindex('"') :]

"""Lists as people write them: in a line, a field of a form, the value of an option, a text in a file.

    nasa, esa            "lift off", landing            https://x.com/a,b https://x.com/c

Items are parted by commas (those of Arabic, Chinese and Japanese too) and lines, items without spaces by
spaces as well. What stands in quotes is one item, commas and all; a comma inside an address does not part,
and addresses are parted by spaces. A quote without a partner is an error: it would be stored, and match
nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final, Literal, TypeAlias

from bot.core.messages.message import msg
from bot.core.text.invisible import blank
from bot.core.text.quoting import DOUBLE, Code, Quotes, written
from bot.core.text.shortening import cut

COMMAS: Final = ",，、،"
Items: TypeAlias = Literal["phrases", "words", "names", "pairs"]
"""pairs: as phrases, each as `name=value`, where the value alone may stand in quotes. phrases: items may have
spaces, and commas when quoted. words: neither, but for the commas of an address.
names: neither, and a comma parts wherever it stands."""

_ADDRESS: Final = re.compile(r"<?https?://", re.IGNORECASE)
_ANGLED: Final = re.compile(r"<(?:https?:|mailto:|[@#!])[^<>\n]*>", re.IGNORECASE)
_PAIR: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}[=:]")
_HEBREW: Final = re.compile(r'[\u0590-\u05ff]"[\u0590-\u05ff]')
_SHOWN: Final = 30


class ListError(ValueError):
    """A list that cannot be read; the message says where and what to write."""


def items_of(text: str, items: Items = "phrases", code: Code | None = None) -> list[str]:
    """The items of a list, none of them empty; ListError names a quote that stands alone.

    code: quotes inside an item are a part of it, as in a search.
    """
    return _Reader(text, items, code).read()


def list_end(text: str, position: int, quotes: Quotes, options: Collection[str] | None = None) -> int:
    """Where a list ends in a line: at the first white space that neither stands in quotes nor next to a
    comma nor between two addresses. quotes: of `text`, with `COMMAS` as its ends. options: the names that
    begin an option behind a comma, since the items have names too; None for any name."""
    begin = at = position  # begin: of the item
    while at < len(text):
        found = quotes.at(at)
        if options is not None and (named := _PAIR.match(text, at)):
            found = quotes.at(named.end())
        at = found[1] if found else _bare_end(text, at)
        behind = _spaces(text, at)
        if behind >= len(text):
            return at
        if text[behind] in COMMAS:
            at, behind = behind + 1, _spaces(text, behind + 1)
            if at < behind and (behind >= len(text) or _option_like(text, behind, options)):
                return at
            if at == behind and _ADDRESS.match(text, begin) and not _ADDRESS.match(text, at):
                continue  # a comma of the address
        elif not (_ADDRESS.match(text, begin) and _ADDRESS.match(text, behind)):
            return at
        begin = at = behind
    return at


def open_item(text: str) -> tuple[str, str]:
    """A list that is still being typed: its finished items with their commas, and what stands behind them."""
    quotes = Quotes(text, COMMAS)
    at = begin = 0
    first = True  # nothing of the item has been read
    while at < len(text):
        if text[at] in COMMAS:
            at = begin = at + 1
            first = True
        elif text[at].isspace():
            at += 1
        elif first and text[at] in DOUBLE:
            found = quotes.at(at)
            if found is None:
                break  # a quote that is not closed yet
            at, first = found[1], False
        else:
            at, first = at + 1, False
    return text[:begin].strip(), text[begin:].strip()


def as_list(items: Sequence[str]) -> str:
    """The items as `items_of` and a line read them back: those in quotes that would not be read else."""
    return ",".join(item if is_plain(item) else written(item) for item in items)


_NAMED: Final = re.compile(r"(?<!\S)(?:(?:--|—|–)?([A-Za-z][A-Za-z0-9_-]*)[:=](?!//)|--[A-Za-z])")


def _option_like(text: str, position: int, options: Collection[str] | None) -> bool:
    found = _NAMED.match(text, position)
    if found is None or options is None or found[1] is None:
        return found is not None
    return found[1].replace("-", "_").lower() in options


def is_plain(item: str) -> bool:
    """Whether it is read as it stands, without quotes."""
    awkward = frozenset(COMMAS) | DOUBLE | frozenset("'‘’<>\\")
    return bool(item) and not any(char.isspace() or char in awkward for char in item)


def _spaces(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _bare_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace() and text[at] not in COMMAS:
        angled = _ANGLED.match(text, at)
        at = angled.end() if angled else at + 1
    return at


class _Reader:
    """One reading of one list."""

    def __init__(self, text: str, items: Items, code: Code | None) -> None:
        self._text = text
        self._words = items in ("words", "names")
        self._pairs = items == "pairs"
        self._commas_part = items == "names"
        self._code = code
        self._quotes = Quotes(text, COMMAS)

    def read(self) -> list[str]:
        found: list[str] = []
        at = 0
        while (at := self._skip(at)) < len(self._text):
            item, at = self._pair(at) or self._quoted(at) or self._bare(at)
            found.extend(self._parted(item) if self._words else [item.strip()])
        return [item for item in found if not blank(item)]

    def _skip(self, at: int) -> int:
        while at < len(self._text) and (self._text[at].isspace() or self._text[at] in COMMAS):
            at += 1
        return at

    def _pair(self, at: int) -> tuple[str, int] | None:
        """The item at `at` whose value stands in quotes, without them; None for any other."""
        named = _PAIR.match(self._text, at) if self._pairs else None
        found = None if named is None else self._quotes.at(named.end())
        return None if named is None or found is None else (named[0] + found[0], found[1])

    def _quoted(self, at: int) -> tuple[str, int] | None:
        """The item in quotes at `at`, and where it ends; None where none opens, or it is a part of one."""
        found = self._quotes.at(at)
        if found is None:
            return None
        behind = found[1]
        while behind < len(self._text) and self._text[behind] in " \t\xa0":
            behind += 1
        follows = self._text[behind : behind + 1]
        if not follows or follows == "\n" or follows in COMMAS or self._words:
            return found
        if self._code is not None:
            return None
        if follows in DOUBLE and self._quotes.at(behind) is not None:
            return found
        if self._text[at] not in DOUBLE:
            return None  # 'n' roll
        shown = cut(self._text[at : found[1]], _SHOWN)
        raise ListError(
            msg(
                "there is no comma after {shown}; write {shown}, … or put all of it in one pair of quotes",
                shown=shown,
            )
        )

    def _bare(self, begin: int) -> tuple[str, int]:
        text, at = self._text, begin
        address = _ADDRESS.match(text, begin) is not None
        while at < len(text) and not self._parts(at, address=address):
            angled = _ANGLED.match(text, at)
            if angled:
                at = angled.end()
            elif text[at] in DOUBLE and not (address or _HEBREW.match(text, max(at - 1, 0))):
                at = self._inner_quote(begin, at)
            else:
                at += 1
        return text[begin:at], at

    def _parts(self, at: int, *, address: bool) -> bool:
        """Whether the item ends at `at`."""
        char, text = self._text[at], self._text
        if char == "\n":
            return True
        if char in COMMAS:
            if self._commas_part or not address:
                return True
            behind = text[at + 1 : at + 2]
            return blank(behind) or behind in COMMAS or behind in DOUBLE or bool(_ADDRESS.match(text, at + 1))
        if not char.isspace():
            return False
        return self._words or (address and _ADDRESS.match(text, _spaces(text, at)) is not None)

    def _inner_quote(self, begin: int, at: int) -> int:
        """Where a quote inside an item ends; ListError where it means nothing."""
        if self._code is not None:
            closing = next((end for end in range(at + 1, len(self._text)) if self._text[end] in DOUBLE), None)
            if closing is not None:
                return closing + 1
        mark = self._text[at]
        shown = self._text[at : at + _SHOWN].split("\n", 1)[0]
        end = self._skip_bare(begin)
        kept = cut(self._text[begin:end].strip(), _SHOWN)
        if at == begin:
            raise ListError(
                msg(
                    "the quote {mark} at {shown} is never closed; close it, or remove it",
                    mark=mark,
                    shown=shown,
                )
            )
        raise ListError(
            msg(
                "the quote {mark} in {kept} is out of place; remove it, or write '{kept}' if it belongs "
                "to the text",
                mark=mark,
                kept=kept,
            )
        )

    def _skip_bare(self, at: int) -> int:
        while at < len(self._text) and self._text[at] != "\n" and self._text[at] not in COMMAS:
            at += 1
        return at

    def _parted(self, item: str) -> list[str]:
        """Words that stood in one pair of quotes; an address is one already."""
        whole = _ADDRESS.match(item) and not any(char.isspace() for char in item)
        if _ANGLED.fullmatch(item) or (whole and not self._commas_part):
            return [item]
        return re.split(rf"[{COMMAS}\s]+", item)


def told_apart(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Phrases with commas of their own in quotes, so that one is not taken for two."""
    return tuple(f"“{one}”" if any(comma in one for comma in COMMAS) else one for one in phrases)

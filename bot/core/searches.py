"""The operators of a search on X: what no tweet can match is refused before it is stored or paid for. Pure.

Checked are `lang:`, `from:`, `to:`, `@name`, the smallest counts, ids and days. Other operators are left
alone, and nothing inside quotes is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.core.languages import code_in_tweets, language_code
from bot.core.numerals import whole_number
from bot.core.references import parse_username
from bot.core.text import cut

# What stands in quotes, or a word. A bracket parts words.
_PIECE: Final = re.compile(r'"[^"]*"|[^\s()"]+')
_MENTION: Final = re.compile(r"-?[@＠]([A-Za-z0-9_][A-Za-z0-9_-]*)")
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_ID: Final = re.compile(r"[0-9]{1,20}")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(_\S*)?")


def checked_search(query: str) -> str:
    """The search with its values as X takes them: `lang:English` becomes `lang:en`, `min_faves:10k` 10000.

    query: with straight quotes. ValueError names the operator that can match nothing, and what it takes.
    """
    return _PIECE.sub(lambda piece: _piece(piece[0], query[piece.end() : piece.end() + 1]), query)


def _piece(word: str, behind: str) -> str:
    if word.startswith('"'):
        return word
    if mention := _MENTION.fullmatch(word):
        if not _NAME.fullmatch(mention[1]):
            msg = f"{cut(word, 40)!r} is not a username; one has 1 to 15 letters, digits or underscores"
            raise ValueError(msg)
        return word
    name, colon, value = word.partition(":")
    read = _READ.get(name.removeprefix("-").lower()) if colon else None
    if read is None:
        return word
    if not value:
        if behind in ('"', "("):
            return word  # a value in quotes or brackets is X's to read
        msg = f"{name}: has no value; write it right after the colon, without a space"
        raise ValueError(msg)
    try:
        return f"{name}:{read(value)}"
    except ValueError as error:
        msg = f"{cut(word, 40)!r} can match nothing: {error}"
        raise ValueError(msg) from None


def _language(text: str) -> str:
    return code_in_tweets(language_code(text))


def _account(text: str) -> str:
    return parse_username(text).name


def _count(text: str) -> str:
    number = whole_number(text)
    if number < 0:
        msg = f"{cut(text, 30)!r} is below 0; write 0 or more"
        raise ValueError(msg)
    return str(number)


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        msg = f"{cut(text, 30)!r} is not the id of a tweet; an id has only digits"
        raise ValueError(msg)
    return text


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        msg = f"{cut(text, 30)!r} is not a date; write YYYY-MM-DD, like 2026-03-31"
        raise ValueError(msg) from None
    return day.isoformat() + (found[4] or "")


_READ: Final[Mapping[str, Callable[[str], str]]] = {
    "lang": _language,
    "from": _account,
    "to": _account,
    **dict.fromkeys(("min_faves", "min_retweets", "min_replies"), _count),
    **dict.fromkeys(("since_id", "max_id"), _id),
    **dict.fromkeys(("since", "until"), _day),
}

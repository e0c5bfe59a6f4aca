"""The operators of a search on X: what no tweet can match is refused before it is stored or paid for. Pure.

Checked are `lang:`, `from:`, `to:`, `@name`, the smallest counts, ids and days, and whether a span ends
after it begins. Other operators are left alone, and nothing inside quotes is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import product
from typing import Final

from bot.core.messages.errors import said_by
from bot.core.messages.message import msg
from bot.core.text.numerals import whole_number
from bot.core.text.shortening import cut
from bot.core.x.languages import code_in_tweets, language_code
from bot.core.x.references import parse_username

# What stands in quotes, or a word. A bracket parts words.
_PIECE: Final = re.compile(r'"[^"]*"|[^\s()"]+')
_TOKEN: Final = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
# What begins and ends a span: the beginning of days counts, their end does not; ids the other way round.
_SPANS: Final = {"since": "until", "since_id": "max_id"}
_MENTION: Final = re.compile(r"-?[@＠]([A-Za-z0-9_][A-Za-z0-9_-]*)")
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_ID: Final = re.compile(r"[0-9]{1,20}")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(_\S*)?")


def checked_search(query: str) -> str:
    """The search with its values as X takes them: `lang:English` becomes `lang:en`, `min_faves:10k` 10000.

    query: with straight quotes. ValueError names the operator that can match nothing, and what it takes.
    """
    checked = _PIECE.sub(lambda piece: _piece(piece[0], query[piece.end() : piece.end() + 1]), query)
    _check_spans(checked)
    return checked


def _check_spans(query: str) -> None:
    """Raise for an end before its beginning, where both hold for all that is searched for."""
    bounds: dict[str, list[str]] = {}
    depth = 0
    for match in _TOKEN.finditer(query):
        word = match[0]
        depth += (word == "(") - (word == ")")
        if depth == 0 and word == "OR":
            return  # each side has a span of its own
        name, colon, value = word.partition(":")
        if depth == 0 and colon and value:
            bounds.setdefault(name.lower(), []).append(value)
    for begin, end in _SPANS.items():
        for first, last in product(bounds.get(begin, ()), bounds.get(end, ())):
            if _never(first, last):
                raise ValueError(
                    msg(
                        "{end}:{last} is not after {begin}:{first}, so nothing can match; write the earlier "
                        "one behind {begin}:",
                        end=end,
                        last=last,
                        begin=begin,
                        first=first,
                    )
                )


def _never(first: str, last: str) -> bool:
    if first.isdecimal() and last.isdecimal():
        return int(last) <= int(first)
    day_first, _, hour_first = first.partition("_")
    day_last, _, hour_last = last.partition("_")
    # Hours may be of two zones: days alone are compared then.
    return day_last < day_first or (day_last == day_first and not hour_first and not hour_last)


def _piece(word: str, behind: str) -> str:
    if word.startswith('"'):
        return word
    if mention := _MENTION.fullmatch(word):
        if not _NAME.fullmatch(mention[1]):
            raise ValueError(
                msg(
                    "{word} is not a username; one has 1 to 15 letters, digits or underscores",
                    word=repr(cut(word, 40)),
                )
            )
        return word
    name, colon, value = word.partition(":")
    read = _READ.get(name.removeprefix("-").lower()) if colon else None
    if read is None:
        return word
    if not value:
        if behind in ('"', "("):
            return word  # a value in quotes or brackets is X's to read
        raise ValueError(
            msg("{name}: has no value; write it right after the colon, without a space", name=name)
        )
    try:
        return f"{name}:{read(value)}"
    except ValueError as error:
        raise ValueError(
            msg("{word} can match nothing: {why}", word=repr(cut(word, 40)), why=said_by(error))
        ) from None


def _language(text: str) -> str:
    return code_in_tweets(language_code(text))


def _account(text: str) -> str:
    return parse_username(text).name


def _count(text: str) -> str:
    number = whole_number(text)
    if number < 0:
        raise ValueError(msg("{text} is below 0; write 0 or more", text=repr(cut(text, 30))))
    return str(number)


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(
            msg("{text} is not the id of a tweet; an id has only digits", text=repr(cut(text, 30)))
        )
    return text


def day_of(text: str) -> date:
    """The day of a date as people write it behind `since:`. ValueError says how one is written."""
    return date.fromisoformat(_day(text.strip()).partition("_")[0])


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(
            msg("{text} is not a date; write YYYY-MM-DD, like 2026-03-31", text=repr(cut(text, 30)))
        ) from None
    return day.isoformat() + (found[4] or "")


_READ: Final[Mapping[str, Callable[[str], str]]] = {
    "lang": _language,
    "from": _account,
    "to": _account,
    **dict.fromkeys(("min_faves", "min_retweets", "min_replies"), _count),
    **dict.fromkeys(("since_id", "max_id"), _id),
    **dict.fromkeys(("since", "until"), _day),
}

"""What is asked for when somebody wants all of a listing as a file: the payload of such a proposal. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bot.core.chat.invocation import Values
from bot.core.chat.stored_texts import as_stored, of_stored
from bot.tabular.formats import TableFormat

MOST_ROWS: Final = 100_000
"""Rows of a reading."""
_NO_NAME: Final = re.compile(r"[^a-z0-9]+", re.ASCII)
_LONGEST_NAME: Final = 60
_SLACK: Final = 10
"""A tenth more rows than estimated are read: the number is known for moments only."""


class FileRequest(msgspec.Struct, frozen=True):
    """command: its words; values: its options as they were given. title: of the list. format: of the file.
    reading: under which its pages are stored, the same for whoever goes on with it. most: rows that are read
    at the most; expected: how many there are, None where nobody knows. asked: whether a person said how many.
    paid: credits for what was read of it before this was asked for; short: the preview said that the credits
    do not reach its end; price: how many more may be spent, None where an older version of the bot asked."""

    command: str
    values: Values
    title: str
    format: TableFormat
    reading: str
    most: int
    expected: int | None
    asked: bool = False
    paid: int = 0
    short: bool = False
    price: int | None = None

    def payload(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "command": self.command,
            "values": {name: list(given) for name, given in self.values.items()},
            "title": as_stored(self.title),
            "format": self.format.value,
            "reading": self.reading,
            "most": self.most,
            "expected": self.expected,
            "asked": self.asked,
            "paid": self.paid,
            "short": self.short,
            "price": self.price,
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> FileRequest:
        """Of a stored one; KeyError, TypeError or ValueError for one of another shape."""
        return cls(
            command=str(payload["command"]),
            values={name: tuple(given) for name, given in payload["values"].items()},
            title=of_stored(str(payload["title"])),
            format=TableFormat(payload["format"]),
            reading=str(payload["reading"]),
            most=int(payload["most"]),
            expected=None if payload["expected"] is None else int(payload["expected"]),
            asked=bool(payload.get("asked")),
            paid=int(payload.get("paid", 0)),
            short=bool(payload.get("short")),
            price=None if payload.get("price") is None else int(payload["price"]),
        )


def file_name(title: str) -> str:
    """What the files of a list are called, without an ending: letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NO_NAME.sub("-", plain[:_LONGEST_NAME]).strip("-") or "list"


def bound(expected: int | None, wanted: int | None) -> int:
    """How many rows are read at the most, so that no more is spent than what was confirmed.

    expected: how many there are; wanted: how many the person wants at the most.
    """
    most = MOST_ROWS if expected is None else expected + expected // _SLACK + _SLACK
    return min(most, MOST_ROWS if wanted is None else wanted, MOST_ROWS)

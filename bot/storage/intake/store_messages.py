"""What the bot and its store process say to each other: marshal behind four bytes of length.

marshal is part of the interpreter: the process that stores loads no library for it. Both ends are the same
interpreter and the same code, on a socket that nobody else has.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Any, Final, NamedTuple

# In place of an event's id.
DUPLICATE: Final = 0
NO_EVENT: Final = -1
REUSED: Final = -2

_LENGTH = 4
# Without references between equal objects, which take longer to find than to send.
_PLAIN = 2


class StoreBegin(NamedTuple):
    """The first message. path: of the database; settings: statements for its connection; turn: the file of
    turns."""

    path: str
    settings: list[str]
    turn: str


class StoreRow(NamedTuple):
    """A verified delivery. nonce: None where there is none (stream). event: its columns, None for a test;
    size: what it counts of its tenant's share, in bytes. at: epoch seconds."""

    hook: str
    nonce: str | None
    digest: bytes
    at: float
    event: tuple[Any, ...] | None
    size: int


class StoreGroup(NamedTuple):
    """What is stored in one transaction; with no rows, nothing, but it is answered when it could be. touched:
    hooks whose use is noted."""

    rows: list[StoreRow]
    touched: list[str]


class RouteBatch(NamedTuple):
    """Messages that events became, and how far the cursor moves with them: from `start` to `upto`. rows: by
    `columns.DELIVERY`; sizes: what each counts of its tenant's share, in bytes."""

    start: int
    upto: int
    rows: list[tuple[Any, ...]]
    sizes: list[int]


class StoredGroup(NamedTuple):
    """answers: for each row the id of a new event, or one of the three above. seconds: of the commit."""

    answers: list[int]
    seconds: float


class RoutedAnswer(NamedTuple):
    """moved: False when the cursor was not at `start`, and nothing was stored. seconds: of the commit."""

    moved: bool
    seconds: float


class StoreFailed(NamedTuple):
    """Nothing of it was stored. kind: the class of the error, of sqlite3 or Python; code: SQLite's."""

    kind: str
    code: int | None
    text: str


def begin_frame(begin: StoreBegin) -> bytes:
    """The first message as it is sent."""
    return _frame(tuple(begin))


def asked_frame(asked: StoreGroup | RouteBatch) -> bytes:
    """What is to be stored as it is sent. ValueError for what cannot be."""
    if isinstance(asked, StoreGroup):
        return _frame((False, [tuple(row) for row in asked.rows], asked.touched))
    return _frame((True, *asked))


def answer_frame(answer: StoredGroup | RoutedAnswer | StoreFailed) -> bytes:
    """An answer as it is sent."""
    return _frame((_ANSWERS.index(type(answer)), *answer))


def read_begin(content: bytes) -> StoreBegin:
    """What `begin_frame` was given."""
    return StoreBegin(*marshal.loads(content))  # noqa: S302 - our own, from our own process


def read_asked(content: bytes) -> StoreGroup | RouteBatch:
    """What `asked_frame` was given."""
    routed, *parts = marshal.loads(content)  # noqa: S302 - our own, from our own process
    if routed:
        return RouteBatch(*parts)
    rows, touched = parts
    return StoreGroup([StoreRow(*row) for row in rows], touched)


def read_answer(content: bytes) -> StoredGroup | RoutedAnswer | StoreFailed:
    """What `answer_frame` was given."""
    kind, *parts = marshal.loads(content)  # noqa: S302 - our own, from our own process
    answer: StoredGroup | RoutedAnswer | StoreFailed = _ANSWERS[kind](*parts)
    return answer


_ANSWERS: Final[tuple[Any, ...]] = (StoredGroup, RoutedAnswer, StoreFailed)


def _frame(message: tuple[Any, ...]) -> bytes:
    content = marshal.dumps(message, _PLAIN)
    return len(content).to_bytes(_LENGTH, "big") + content


def read_frame(read: Callable[[int], bytes]) -> bytes | None:
    """The content of the next message; None when the other side is gone. read: so many bytes at most."""
    head = _exactly(read, _LENGTH)
    return None if head is None else _exactly(read, int.from_bytes(head, "big"))


def _exactly(read: Callable[[int], bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)

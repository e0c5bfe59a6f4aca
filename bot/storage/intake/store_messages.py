"""What the bot and its store process say to each other: msgpack behind four bytes of length."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

import msgspec

# In place of an event's id.
DUPLICATE: Final = 0
NO_EVENT: Final = -1
REUSED: Final = -2

_LENGTH = 4


class StoreBegin(msgspec.Struct, array_like=True):
    """The first message. path: of the database; settings: statements for its connection; turn: the file of
    turns."""

    path: str
    settings: list[str]
    turn: str


class StoreRow(msgspec.Struct, array_like=True):
    """A verified delivery. nonce: None where there is none (stream). event: its columns, None for a test;
    size: what it counts of its tenant's share, in bytes. at: epoch seconds."""

    hook: str
    nonce: str | None
    digest: bytes
    at: float
    event: tuple[Any, ...] | None
    size: int


class StoreGroup(msgspec.Struct, array_like=True):
    """What is stored in one transaction. touched: hooks whose use is noted."""

    rows: list[StoreRow]
    touched: list[str]


class StoredGroup(msgspec.Struct, array_like=True, tag=True):
    """answers: for each row the id of a new event, or one of the three above. seconds: of the commit."""

    answers: list[int]
    seconds: float


class StoreFailed(msgspec.Struct, array_like=True, tag=True):
    """Nothing of the group was stored. kind: the class of sqlite3's error; code: of SQLite."""

    kind: str
    code: int | None
    text: str


def frame(message: msgspec.Struct) -> bytes:
    """A message as it is sent."""
    content = msgspec.msgpack.encode(message)
    return len(content).to_bytes(_LENGTH, "big") + content


def read_frame(stream: BinaryIO) -> bytes | None:
    """The content of the next message; None when the other side is gone."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head, "big")
    content = stream.read(size)
    return content if len(content) == size else None

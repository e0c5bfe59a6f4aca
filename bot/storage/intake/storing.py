"""The store process, which `bot/storage/intake/store_child.py` begins: it writes what the bot hands it.

It shares no interpreter with the event loop, which is what the writer's thread of the bot waits for most
of the time. It loads nothing but the interpreter's own `sqlite3`, holds no secret, and ends when the bot
does: its end of the socket closes then, however the bot ends. Everything in a group is one durable
transaction, answered after its commit; what `bot.relay.receiving.intake.store` does on a connection of the
bot's own is the same. So is a batch of messages that the router made of events, with the move of its cursor:
`Router._write` does the same.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from bot.storage.engine.padded import adding, insert_rows
from bot.storage.engine.writing_turn import WritingTurn
from bot.storage.intake import columns
from bot.storage.intake.store_messages import (
    DUPLICATE,
    NO_EVENT,
    REUSED,
    RouteBatch,
    RoutedAnswer,
    StoreBegin,
    StoredGroup,
    StoreFailed,
    StoreGroup,
    StoreRow,
    answer_frame,
    read_asked,
    read_begin,
    read_frame,
)

_SAME_NONCE = "SELECT body_hash FROM hook_nonces WHERE hook = ? AND nonce = ?"  # no message: SQL
_NEWEST_MESSAGES = "SELECT lane, purpose FROM deliveries ORDER BY id DESC LIMIT ?"  # no message: SQL
_FIRST = "INSERT INTO cursors (name, position) VALUES (?, 0) ON CONFLICT DO NOTHING"  # no message: SQL
_MOVE = "UPDATE cursors SET position = ? WHERE name = ? AND position = ?"  # no message: SQL
_CURSOR = "router"
_LANE, _KEY = columns.DELIVERY.index("lane"), columns.DELIVERY.index("purpose")
_NEWEST = "SELECT id, tenant, identity FROM events ORDER BY id DESC LIMIT ?"  # no message: SQL


class EventStore:
    """One SQLite file. begin: which, and how it is opened."""

    def __init__(self, begin: StoreBegin) -> None:
        self._begin = begin
        self._turn = WritingTurn(begin.turn)
        self._raw: sqlite3.Connection | None = None

    def write(self, asked: StoreGroup | RouteBatch) -> StoredGroup | RoutedAnswer | StoreFailed:
        """Store what was handed over, all or nothing."""
        self._turn.take()
        try:
            return self._transaction(asked)
        # A text or a number that SQLite has no place for is not one of its errors.
        except (sqlite3.Error, ValueError, OverflowError) as error:
            self._undo()
            return StoreFailed(type(error).__name__, getattr(error, "sqlite_errorcode", None), str(error))
        finally:
            self._turn.give_back()

    def _transaction(self, asked: StoreGroup | RouteBatch) -> StoredGroup | RoutedAnswer:
        raw = self._raw
        if raw is None:
            raw = self._raw = sqlite3.connect(self._begin.path, isolation_level=None, cached_statements=128)
            for setting in self._begin.settings:
                raw.execute(setting)
        raw.execute("BEGIN IMMEDIATE")  # no message: SQL
        if isinstance(asked, StoreGroup):
            answers = _stored(raw, asked)
            return StoredGroup(answers, _committed(raw))
        moved = _routed(raw, asked)
        return RoutedAnswer(moved, _committed(raw))

    def _undo(self) -> None:
        """What fails once may fail for good on this connection: the next group gets another one."""
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(sqlite3.Error):
                raw.rollback()
            with suppress(sqlite3.Error):
                raw.close()


def _committed(raw: sqlite3.Connection) -> float:
    """Commit; how many seconds that took."""
    began = time.perf_counter()
    raw.execute("COMMIT")
    return time.perf_counter() - began


def _stored(raw: sqlite3.Connection, group: StoreGroup) -> list[int]:
    reused = _record_nonces(raw, group.rows)
    genuine = [row for at, row in enumerate(group.rows) if row.event is not None and at not in reused]
    numbers = iter(_store_events(raw, genuine))
    if group.touched:
        places = ", ".join("?" * len(group.touched))
        raw.execute(
            f"UPDATE hooks SET last_delivery_at = ? WHERE id IN ({places})",  # noqa: S608 # no message: SQL
            (group.rows[-1].at, *group.touched),
        )
    answers = []
    for at, row in enumerate(group.rows):
        answers.append(REUSED if at in reused else NO_EVENT if row.event is None else next(numbers))
    return answers


def _record_nonces(raw: sqlite3.Connection, rows: Sequence[StoreRow]) -> set[int]:
    """Store the nonces; the places of those that were seen before with another body."""
    signed = [(at, row) for at, row in enumerate(rows) if row.nonce is not None]
    new = [(row.hook, row.nonce, row.digest, row.at) for _, row in signed]
    if not new or insert_rows(raw, "hook_nonces", columns.NONCE, new)[0] == len(new):
        return set()
    reused = set()
    for at, row in signed:
        ((body,),) = raw.execute(_SAME_NONCE, (row.hook, row.nonce)).fetchall()
        if bytes(body) != row.digest:
            reused.add(at)
    return reused


def _store_events(raw: sqlite3.Connection, rows: Sequence[StoreRow]) -> list[int]:
    """Store the events; the id of each, DUPLICATE for what had come before."""
    if not rows:
        return []
    events = [row.event for row in rows if row.event is not None]
    inserted, last = insert_rows(raw, "events", columns.EVENT, events)
    if inserted == len(events):
        numbers = list(range(last - inserted + 1, last + 1))
    else:
        # Nobody else stores events before we commit, so the newest ones are these.
        fresh = {(tenant, identity): number for number, tenant, identity in raw.execute(_NEWEST, (inserted,))}
        # A second one in the same group is a duplicate of the first.
        numbers = [fresh.pop((event[0], event[1]), DUPLICATE) for event in events]
    sizes: Counter[str] = Counter()
    for row, event, number in zip(rows, events, numbers, strict=True):
        if number != DUPLICATE:
            sizes[event[0]] += row.size
    _count(raw, "events", sizes)
    return numbers


def _routed(raw: sqlite3.Connection, batch: RouteBatch) -> bool:
    """Store messages with the move of the router's cursor; False, and nothing, when it is elsewhere."""
    if batch.start == 0:
        raw.execute(_FIRST, (_CURSOR,))
    if raw.execute(_MOVE, (batch.upto, _CURSOR, batch.start)).rowcount != 1:
        return False
    if not batch.rows:
        return True
    stored, _ = insert_rows(raw, "deliveries", columns.DELIVERY, batch.rows)
    sizes: Counter[str] = Counter()
    if stored == len(batch.rows):
        for row, size in zip(batch.rows, batch.sizes, strict=True):
            sizes[row[0]] += size
    else:
        # One whose lane had its key already was left out; nobody else stores before we commit. Of two with
        # one key the first was stored.
        counts = {
            (row[_LANE], row[_KEY]): (row[0], size)
            for row, size in zip(reversed(batch.rows), reversed(batch.sizes), strict=True)
        }
        for message in raw.execute(_NEWEST_MESSAGES, (stored,)):
            tenant, size = counts[message]
            sizes[tenant] += size
    _count(raw, "messages", sizes)
    return True


def _count(raw: sqlite3.Connection, kind: str, sizes: Counter[str]) -> None:
    counted = [(tenant, kind, size) for tenant, size in sorted(sizes.items())]
    if counted:
        insert_rows(raw, "stored_bytes", columns.COUNTED, counted, adding("stored_bytes", columns.COUNTED))


def serve(descriptor: int) -> None:
    """Write one thing after another until the other side of the socket is gone."""
    read = partial(os.read, descriptor)
    first = read_frame(read)
    if first is None:
        return
    store = EventStore(read_begin(first))
    while (content := read_frame(read)) is not None:
        _send(descriptor, answer_frame(store.write(read_asked(content))))


def _send(descriptor: int, message: bytes) -> None:
    while message:
        message = message[os.write(descriptor, message) :]


def main(descriptor: int) -> None:
    """Serve the socket that was handed over."""
    # Whoever stops the bot may signal all of its processes: what it hands over until it ends is stored all
    # the same.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with suppress(ConnectionError):
        serve(descriptor)

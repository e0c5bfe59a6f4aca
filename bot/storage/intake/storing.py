"""The store process, which `bot/storage/intake/store_child.py` begins: it writes what the bot hands it.

It shares no interpreter with the event loop, which is what the writer's thread of the bot waits for most
of the time. It loads nothing but the interpreter's own `sqlite3`, holds no secret, and ends when the bot
does: its end of the socket closes then, however the bot ends. Everything in a group is one durable
transaction, answered after its commit; what `bot.relay.receiving.intake.store` does on a connection of the
bot's own is the same.
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
    StoreBegin,
    StoredGroup,
    StoreFailed,
    StoreGroup,
    StoreRow,
    answer_frame,
    read_begin,
    read_frame,
    read_group,
)

_SAME_NONCE = "SELECT body_hash FROM hook_nonces WHERE hook = ? AND nonce = ?"  # no message: SQL
_NEWEST = "SELECT id, tenant, identity FROM events ORDER BY id DESC LIMIT ?"  # no message: SQL


class EventStore:
    """One SQLite file. begin: which, and how it is opened."""

    def __init__(self, begin: StoreBegin) -> None:
        self._begin = begin
        self._turn = WritingTurn(begin.turn)
        self._raw: sqlite3.Connection | None = None

    def write(self, group: StoreGroup) -> StoredGroup | StoreFailed:
        """Store a group, all or nothing."""
        self._turn.take()
        try:
            return self._transaction(group)
        # A text or a number that SQLite has no place for is not one of its errors.
        except (sqlite3.Error, ValueError, OverflowError) as error:
            self._undo()
            return StoreFailed(type(error).__name__, getattr(error, "sqlite_errorcode", None), str(error))
        finally:
            self._turn.give_back()

    def _transaction(self, group: StoreGroup) -> StoredGroup:
        raw = self._raw
        if raw is None:
            raw = self._raw = sqlite3.connect(self._begin.path, isolation_level=None, cached_statements=128)
            for setting in self._begin.settings:
                raw.execute(setting)
        raw.execute("BEGIN IMMEDIATE")  # no message: SQL
        answers = _stored(raw, group)
        began = time.perf_counter()
        raw.execute("COMMIT")
        return StoredGroup(answers, time.perf_counter() - began)

    def _undo(self) -> None:
        """What fails once may fail for good on this connection: the next group gets another one."""
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(sqlite3.Error):
                raw.rollback()
            with suppress(sqlite3.Error):
                raw.close()


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
    counted = [(tenant, "events", size) for tenant, size in sorted(sizes.items())]
    if counted:
        insert_rows(raw, "stored_bytes", columns.COUNTED, counted, adding("stored_bytes", columns.COUNTED))
    return numbers


def serve(descriptor: int) -> None:
    """Write group after group until the other side of the socket is gone."""
    read = partial(os.read, descriptor)
    first = read_frame(read)
    if first is None:
        return
    store = EventStore(read_begin(first))
    while (content := read_frame(read)) is not None:
        _send(descriptor, answer_frame(store.write(read_group(content))))


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

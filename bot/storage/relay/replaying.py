"""Dead letters: looked at, counted, and sent once more.

    chosen = DeadLetters(tenant, reason="rate", upto=newest)
    await count_dead(db, chosen)                                   # what the question says
    done = await replay_dead(db, chosen, now=clock(), key=delivery_key)
    relay.scheduler.look()                                         # or wake each of done.lanes

A dead letter keeps its row, its state and its reason. Sending it once more is a new open row at the end
of the same lane, whose dedup_key names the dead letter: a lane has each dedup_key once, so two
clicks, two people or a crash in between make one message. A dead letter for which there is such a row
counts as replayed, and is neither counted nor taken again; when the second try dies too, that is a dead
letter of its own.

What may stand in the channel already (`ambiguous`) stays marked as such, and says so when it is posted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, String, Text, cast, func, literal_column, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.stored_texts import SEPARATOR
from bot.core.routes import dedup_keys
from bot.core.routes.dead_letters import DeadLetter, DeadLetters
from bot.core.routes.deliveries import DeliveryState
from bot.storage.engine import stored_bytes
from bot.storage.engine.bulk import insert_new
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.relay.deliveries import destination_of
from bot.storage.tables import deliveries, events

# Rows of one transaction: others that write wait for no more than these.
PAGE = 500
# Ids in memory at a time.
_AT_A_TIME = 50_000
# Sorted by this, dead letters are taken from their own small index, and not looked for from one end of
# the whole table.
_sorted_id: ColumnElement[int] = deliveries.c.id + 0


class Replayed(msgspec.Struct, frozen=True):
    """messages: how many were queued once more; lanes: those to wake."""

    messages: int
    lanes: tuple[str, ...]


async def count_dead(db: Database, chosen: DeadLetters, limit: int = 100_000) -> int:
    """How many dead letters that were not replayed, counted up to `limit`."""
    rows = select(deliveries.c.id).where(*_conditions(chosen), ~_replayed()).limit(limit)
    return int((await read_all(db, select(func.count()).select_from(rows.subquery())))[0][0])


async def dead_by_lane(db: Database, chosen: DeadLetters, limit: int = 100_000) -> dict[str, int]:
    """How many each lane has that were not replayed; counting ends at `limit` of all."""
    rows = select(deliveries.c.lane).where(*_conditions(chosen), ~_replayed()).limit(limit).subquery()
    query = select(rows.c.lane, func.count().label("dead")).group_by(rows.c.lane)
    return {row.lane: int(row.dead) for row in await read_all(db, query)}


async def newest_dead(db: Database) -> int:
    """The greatest id of a delivery there is, for `DeadLetters.upto`; 0 without any."""
    return int((await read_all(db, select(func.coalesce(func.max(deliveries.c.id), 0))))[0][0])


async def list_dead(
    db: Database, chosen: DeadLetters, limit: int, *, before: int | None = None, replayed: bool = True
) -> tuple[DeadLetter, ...]:
    """Dead letters, newest first. before: only ids below this one. replayed: those too."""
    ids = select(deliveries.c.id).where(*_conditions(chosen)).order_by(_sorted_id.desc()).limit(limit)
    if before is not None:
        ids = ids.where(_sorted_id < before)
    if not replayed:
        ids = ids.where(~_replayed())
    query = (
        select(deliveries, events.c.identity, _replayed().label("replayed"))
        .select_from(deliveries.outerjoin(events, events.c.id == deliveries.c.event))
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id.desc())
    )
    return tuple(_letter(row) for row in await read_all(db, query))


async def replay_dead(
    db: Database, chosen: DeadLetters, *, now: float, key: Callable[[str, str], str]
) -> Replayed:
    """Queue dead letters once more, oldest first; returns when all of them are durable.

    now: epoch seconds. key: the message's key from lane and dedup_key
    (`bot.relay.sending.outbox.delivery_key`).
    What was replayed before is left out. A crash in between leaves the rest for another call.
    """
    messages, lanes = 0, set[str]()
    while ids := await _some(db, chosen):
        for start in range(0, len(ids), PAGE):
            work = partial(_replay_page, ids=ids[start : start + PAGE], now=now, key=key)
            added, filled = await db.write(work)
            messages += added
            lanes.update(filled)
    return Replayed(messages, tuple(sorted(lanes)))


async def _some(db: Database, chosen: DeadLetters) -> list[int]:
    """The oldest that are still to be replayed; none when all were."""
    ids = (
        select(deliveries.c.id)
        .where(*_conditions(chosen), ~_replayed())
        .order_by(_sorted_id)
        .limit(_AT_A_TIME)
    )
    return [row.id for row in await read_all(db, ids)]


async def _replay_page(
    connection: AsyncConnection, *, ids: Sequence[int], now: float, key: Callable[[str, str], str]
) -> tuple[int, set[str]]:
    """How many are new, and in which lanes."""
    query = select(deliveries).where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id)
    rows = (await connection.execute(query)).all()
    new = [_again(row, now, key) for row in rows]
    added = await insert_new(connection, deliveries, _COLUMNS, new)
    if added == len(rows):
        sizes = [(row.tenant, stored_bytes.message_size(row.card)) for row in rows]
        await stored_bytes.add(connection, "messages", sizes)
    return added, {row.lane for row in rows}


def _again(row: Row[Any], now: float, key: Callable[[str, str], str]) -> tuple[Any, ...]:
    dedup_key = dedup_keys.of_replay(row.id)
    changed = {"purpose": dedup_key, "key": key(row.lane, dedup_key), "created_at": now}
    return tuple(changed[name] if name in changed else getattr(row, name) for name in _COLUMNS)


_COLUMNS = (
    "tenant",
    "lane",
    "channel",
    "thread",
    "kind",
    "event",
    "route",
    "purpose",
    "card",
    "edit_message",
    "person",
    "about",
    "attachment",
    "key",
    "ambiguous",
    "created_at",
)

# A literal, not a parameter: a partial index serves only what is visibly its own condition.
_DEAD: ColumnElement[str] = literal_column(f"'{DeliveryState.DEAD}'")


def _has_words(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Whether a stored text has these words, in any case: what a message is made of stands behind them."""
    stored = type_coerce(column, Text)
    escaped = words.translate({ord(mark): f"/{mark}" for mark in "/%_"})
    in_message = func.lower(stored).like(func.lower(f"%{escaped}%{SEPARATOR}%"), escape="/")
    plain = stored.icontains(words, autoescape=True) & ~stored.contains(SEPARATOR)
    return or_(in_message, plain)


def _conditions(chosen: DeadLetters) -> list[ColumnElement[bool]]:
    table = deliveries.c
    found: list[ColumnElement[bool]] = [table.state == _DEAD]
    if chosen.tenant is not None:
        found.append(table.tenant == str(chosen.tenant))
    if chosen.lanes:
        found.append(table.lane.in_(chosen.lanes))
    if chosen.reason:
        found.append(_has_words(table.error, chosen.reason))
    if chosen.ids:
        found.append(table.id.in_(chosen.ids))
    if chosen.since is not None:
        found.append(table.settled_at >= chosen.since)
    if chosen.until is not None:
        found.append(table.settled_at <= chosen.until)
    if chosen.upto is not None:
        found.append(_sorted_id <= chosen.upto)
    return found


def _replayed() -> ColumnElement[bool]:
    """Whether a row of `deliveries` was replayed: one step into the index of lanes and keys."""
    again = deliveries.alias("again")
    dedup_key = literal_column(f"'{dedup_keys.REPLAYED}'", String).concat(cast(deliveries.c.id, String))
    return (
        select(again.c.id)
        .where(again.c.lane == deliveries.c.lane, again.c.dedup_key == dedup_key)
        .correlate(deliveries)
        .exists()
    )


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        destination=destination_of(row),
        lane=row.lane,
        kind=row.kind,
        event=row.event,
        identity=row.identity,
        key=row.key,
        attempts=row.attempts,
        reason=row.error or "",
        ambiguous=row.ambiguous,
        created_at=row.created_at,
        died_at=row.settled_at if row.settled_at is not None else row.created_at,
        replayed=bool(row.replayed),
    )

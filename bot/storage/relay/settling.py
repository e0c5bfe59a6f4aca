"""To settle many deliveries on SQLite: what became of them, written down in one statement a table.

An `executemany` would give up the interpreter lock once for each row, and wait for it as often: see
`bot.storage.engine.bulk`. PostgreSQL has no such lock, and its driver sends the rows of an `executemany`
together, so it keeps the plain statements of `bot.storage.relay.lane_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.stored_texts import as_stored
from bot.storage.engine.in_thread import driver


async def settle_all(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Apply settlements: rows as `lane_steps` makes them, no id twice."""
    rows = [{**row, "new_error": row["new_error"] and as_stored(row["new_error"])} for row in rows]
    values = [[row[name] for name in _NAMES] for row in rows]
    await _plainly(connection, _SETTLE, _json(values))


async def note_worked(connection: AsyncConnection, places: Mapping[tuple[str, str], float]) -> None:
    """Note when routes last worked in a place: epoch seconds by the route's id and the lane."""
    rows = [(route, lane, at) for (route, lane), at in places.items()]
    await _plainly(connection, _WORKED, _json(rows))


async def _plainly(connection: AsyncConnection, statement: str, given: str) -> None:
    """Run a statement without SQLAlchemy, whose part takes longer where a lane is alone: it then begins and
    ends a transaction of its own within that of the writer, for one row."""
    plain = driver(connection)
    if plain is None:
        await connection.exec_driver_sql(statement, (given,))
    else:
        plain.execute(statement, (given,))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


_NAMES = (
    "delivery_id",
    "new_state",
    "new_message",
    "new_error",
    "new_not_before",
    "new_ambiguous",
    "new_settled_at",
    "not_taken",
)
_COLUMNS = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(_NAMES))
_SETTLE = (
    "UPDATE deliveries SET state = new_state, message = new_message, error = new_error,"  # no message: SQL  # noqa: S608
    " not_before = new_not_before, ambiguous = ambiguous OR new_ambiguous, settled_at = new_settled_at,"
    " sending_since = CASE WHEN not_taken THEN NULL ELSE sending_since END"
    f" FROM (SELECT {_COLUMNS} FROM json_each(?)) AS settled WHERE deliveries.id = settled.delivery_id"
)
_WORKED = (
    "UPDATE route_places SET last_success_at = worked.at, last_failure = NULL"  # no message: SQL
    " FROM (SELECT json_extract(value, '$[0]') AS route, json_extract(value, '$[1]') AS lane,"
    " json_extract(value, '$[2]') AS at FROM json_each(?)) AS worked"
    " WHERE route_places.route = worked.route AND route_places.lane = worked.lane"
)

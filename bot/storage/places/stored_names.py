"""The name of a person in cards that are stored: what stays of them stays without it.

A name stands in a card as an argument of a message ("Requested by {requester}."), never in the words of one;
texts that people wrote are left as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine import stored_bytes
from bot.storage.places.personal_tables import DELETED, ENDED, NEVER
from bot.storage.tables import deliveries, proposals

_BATCH: Final = 200
# What JSON writes otherwise than it is, inside of which nothing is looked for.
_ESCAPED: Final = re.compile(r'["\\\\\x00-\x1f]')
_P, _D = proposals.c, deliveries.c
_PROPOSALS: Final = ("preview", "result", "alternative")


async def names_of(connection: AsyncConnection, tenant: str, person: str) -> frozenset[str]:
    """What somebody was called when they asked for something or decided it."""
    found: set[str] = set()
    for whose, name in ((_P.requester, _P.requester_name), (_P.decided_by, _P.decided_by_name)):
        query = select(name).where(_P.tenant == tenant, whose == person).distinct()
        found |= {one for one in (await connection.execute(query)).scalars() if one}
    return frozenset(found - {DELETED})


async def take_out(connection: AsyncConnection, tenant: str, names: Collection[str]) -> None:
    """Take them out of the cards of what has ended, and of what was sent."""
    if not names:
        return
    over = _P.state.in_((*ENDED, *NEVER))
    await _each(connection, proposals, _PROPOSALS, (_P.tenant == tenant) & over, names)
    sent = (_D.tenant == tenant) & _D.settled_at.is_not(None)
    less = await _each(connection, deliveries, ("card",), sent, names)
    await stored_bytes.subtract(connection, "messages", [(tenant, less)])


async def _each(
    connection: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    which: ColumnElement[bool],
    names: Collection[str],
) -> int:
    """By how many characters less is stored; negative for more."""
    key = table.c.id
    held = or_(*(_may_hold(table.c[column], name) for column in columns for name in names))
    query = select(key, *(table.c[column] for column in columns)).where(which, held).order_by(key)
    less, last = 0, None
    while True:
        after = query if last is None else query.where(key > last)
        rows = (await connection.execute(after.limit(_BATCH))).all()
        for row in rows:
            stored = {column: getattr(row, column) for column in columns}
            bare = {name: without(text, names) for name, text in stored.items() if text}
            changed = {name: text for name, text in bare.items() if text != stored[name]}
            if changed:
                await connection.execute(update(table).where(key == row.id).values(changed))
                less += sum(len(stored[name]) - len(text) for name, text in changed.items())
        if len(rows) < _BATCH:
            return less
        last = rows[-1].id


def _may_hold(column: ColumnElement[str | None], name: str) -> ColumnElement[bool]:
    longest = max(_ESCAPED.split(name), key=len)
    return column.contains(longest, autoescape=True) if longest else true()


def without(text: str, names: Collection[str]) -> str:
    """Stored JSON, of a card or with one in it, without these names; what is no JSON as it is."""
    try:
        data = json.loads(text)
    except ValueError:
        return text
    bare = _without(data, names)
    return text if bare == data else json.dumps(bare, ensure_ascii=False, separators=(",", ":"))


def _without(data: Any, names: Collection[str]) -> Any:
    match data:
        case {"type": "Message", "arguments": dict() as arguments}:
            return {**data, "arguments": {key: _argument(value, names) for key, value in arguments.items()}}
        case dict():
            # A result, and what a preview offers, have their card as a text.
            return {
                key: without(value, names)
                if key in _CARDS and isinstance(value, str)
                else _without(value, names)
                for key, value in data.items()
            }
        case list():
            return [_without(one, names) for one in data]
        case _:
            return data


def _argument(value: Any, names: Collection[str]) -> Any:
    match value:
        case str():
            return DELETED if value in names else value
        case {"type": "Message"}:
            return _without(value, names)
        case dict():
            return {key: _argument(one, names) if key in _SAID else one for key, one in value.items()}
        case list():
            return [_argument(one, names) for one in value]
        case _:
            return value


_CARDS: Final = frozenset({"card", "preview"})
# Where inlines and lists in an argument have their words.
_SAID: Final = frozenset({"text", "items", "content"})

"""The durable state behind buttons and forms, found again by an opaque key."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.chat.stored_texts import as_json, of_json
from bot.core.clocks import Clock, RandomBytes
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.storage.engine.database import Database
from bot.storage.tables import button_states

# 128 bits: nobody guesses a key, and 22 characters fit every platform's limit.
KEY_BYTES = 16
# Of one person in one place; beyond, those that would end first go.
MOST = 100
# Characters of one state; the largest form of a platform holds a tenth of it.
LARGEST = 256 * 1024
_WIDTH = 80
# More than one only where several were kept at the same time.
# Lists are kept for a day and forms for an hour: by their ends alone a form would go before any list.
_BEYOND = (
    select(button_states.c.key)
    .where(
        button_states.c.tenant == bindparam("of"),
        button_states.c.person == bindparam("by"),
        button_states.c.key != bindparam("new"),
    )
    .order_by(button_states.c.name.like("list.%"), button_states.c.expires_at.desc())
    .offset(MOST - 1)
    .limit(MOST)
)
_MAKE_ROOM = delete(button_states).where(button_states.c.key.in_(_BEYOND))


class StoredButtonStates:
    """Implements `bot.core.ports.ButtonStates`. clock: epoch seconds; random: that many bytes."""

    def __init__(self, database: Database, clock: Clock, random: RandomBytes) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def keep(
        self, tenant: TenantId, name: str, state: Mapping[str, Any], *, lifetime: float, person: str = ""
    ) -> str:
        """Store JSON state for an action, in which messages may stand; returns the opaque key.

        lifetime: seconds. person: the id of whose it is, of whom the newest `MOST` of a place are kept.
        LimitReached above `LARGEST`.
        """
        text = _encoded(as_json(state))
        if len(text) > LARGEST:
            raise LimitReached(
                msg(
                    "That is {length} characters, and a form or button can keep at most {most}.",
                    length=len(text),
                    most=LARGEST,
                ),
                remedy=msg("Shorten what you entered, and run the command again."),
            )
        key = urlsafe_b64encode(self._random(KEY_BYTES)).rstrip(b"=").decode()
        row = {
            "key": key,
            "tenant": str(tenant),
            "name": name,
            "state": text,
            "expires_at": self._clock() + lifetime,
            "person": person[:_WIDTH],
        }

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(button_states.insert(), row)
            if person:
                await connection.execute(_MAKE_ROOM, {"of": row["tenant"], "by": row["person"], "new": key})

        await self._database.write(work)
        return key

    async def recall(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """The state, or None when it is unknown, of another tenant or action, or expired."""
        query = select(button_states.c.state).where(*self._is(tenant, name, key))

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(query)).scalar_one_or_none()

        return _decoded(await self._database.read(work))

    async def consume(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """As `recall`, once: of those who press at the same time, one gets it."""
        statement = delete(button_states).where(*self._is(tenant, name, key))
        taken = statement.returning(button_states.c.state)

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(taken)).scalar_one_or_none()

        return _decoded(await self._database.write(work))

    def _is(self, tenant: TenantId, name: str, key: str) -> tuple[ColumnElement[bool], ...]:
        return (
            button_states.c.key == key,
            button_states.c.tenant == str(tenant),
            button_states.c.name == name,
            button_states.c.expires_at > self._clock(),
        )


def _encoded(state: Any) -> str:
    """As it is stored. Characters stand as they are: escapes would make six or twelve of one."""
    text = json.dumps(state, separators=(",", ":"), ensure_ascii=False)
    # Half of a pair of UTF-16 is no character, and no database takes it.
    return text if _whole(text) else json.dumps(state, separators=(",", ":"))


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decoded(state: str | None) -> Mapping[str, Any] | None:
    if state is None:
        return None
    found: dict[str, Any] = of_json(json.loads(state))
    return found

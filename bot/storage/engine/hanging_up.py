"""Whether the server has ended a connection, seen here without asking the server.

A connection that holds locks rests between two proofs that it is alive. A server that is started again, or
ends it, frees its locks at once, and another process may take them before the next proof; the system knows by
then that the other end is closed.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

HungUp: TypeAlias = Callable[[], bool]
"""Whether the other end of a connection is closed. Quick: one look at a descriptor."""

# The end of what the other side sends, also behind bytes that nobody has read yet; Linux alone tells that
# apart. Elsewhere it is said once both ways are closed.
_CLOSED: Final = getattr(select, "POLLRDHUP", 0)


def always() -> bool:
    """Of no connection at all."""
    return True


async def hung_up(connection: AsyncConnection) -> HungUp:
    """What looks at a connection of psycopg's, until that is closed here."""
    driven = (await connection.get_raw_connection()).driver_connection
    if driven is None or not hasattr(select, "poll"):
        return lambda: False
    looking = select.poll()
    looking.register(driven.fileno(), _CLOSED)
    return lambda: bool(looking.poll(0))

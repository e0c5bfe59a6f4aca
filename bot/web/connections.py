"""The connections of one web server: how many there may be, and how long each may keep us waiting.

A process has a limited number of descriptors and needs some for its own outgoing connections, so there
is a most; one client (the /64 of an IPv6 address) may have half of them. When there is no room for a new
one, those that have kept us waiting for the longest go: first idle ones, then unfinished requests and
answers that nobody reads. What is being answered stays.

Nothing is timed on the way of a request: the server looks at all connections twice a second, and what
is where it was before has stood still since.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Protocol, TypeAlias

from bot.core.http.clients import ClientAddresses, share
from bot.web.fair_queue import ClientQueue

MOST = 4096
# Descriptors for the database, files, the platforms, Xquik and its streams; of a small limit, the half.
KEPT = 512
# Connections that the event loop takes in before any of them is counted.
AT_ONCE = 64
# Of the connections, how many go at once when there is no room: looking for one each time costs more.
_PART_EVICTED = 32


class Stage(Enum):
    """What a connection is at, and for how many seconds it may be: None as long as it takes."""

    IDLE = ("idle", 5.0)
    NEW = ("new", 10.0)
    HEAD = ("head", 10.0)
    BODY = ("body", 30.0)
    # The answer was given and the rest of the body is still to come.
    REST = ("rest", 5.0)
    # The answer is not being read.
    UNREAD = ("unread", 30.0)
    # It was refused: the other side gets time to read why.
    REFUSED = ("refused", 2.0)
    CLOSING = ("closing", 5.0)
    WORKING = ("working", None)

    def __init__(self, word: str, seconds: float | None) -> None:
        self.word = word
        self.seconds = seconds


class Connection(Protocol):
    """What the protocol of a connection offers."""

    peer: str

    def standing(self) -> tuple[Stage, int]:
        """What it is at, and a number that changes whenever it gets on."""
        ...

    def overdue(self, stage: Stage) -> None:
        """It was at that for too long."""
        ...

    def drop(self) -> None:
        """Make room at once."""
        ...


class _Seen:
    """When a connection was seen where it is now."""

    __slots__ = ("at", "name", "since")

    def __init__(self, name: str) -> None:
        self.name = name
        self.at: tuple[Stage, int] | None = None
        self.since = 0.0


Refused: TypeAlias = Callable[[str], None]
"""Told the cause, in a word, when somebody is refused or cut off."""


class ServerConnections:
    """All of one server. Connections come in the order in which they were made."""

    def __init__(self, most: int, clients: ClientAddresses, told: Refused) -> None:
        """most: at a time. told: gets the cause, in a word, when somebody is refused or cut off."""
        self._most = most
        self._each = max(1, most // 2)
        self._clients = clients
        self._seen: dict[Connection, _Seen] = {}
        self._by_name: Counter[str] = Counter()
        self.told = told
        self.turns = ClientQueue()

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._seen))

    def client(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Whose share a request takes. headers: as ASGI gives them."""
        return self._clients.name(peer, headers)

    def admit(self, connection: Connection) -> bool:
        """Take a new one in, if need be in the place of others. False when there is no room."""
        name = "" if self._clients.is_proxy(connection.peer) else share(connection.peer)
        if len(self._seen) >= self._most and not self._make_room(None):
            self.told("connections")
            return False
        if name and self._by_name[name] >= self._each and not self._make_room(name):
            self.told("client")
            return False
        self._seen[connection] = _Seen(name)
        self._by_name[name] += 1
        return True

    def leave(self, connection: Connection) -> None:
        """It is gone."""
        seen = self._seen.pop(connection, None)
        if seen is not None:
            self._by_name[seen.name] -= 1
            if not self._by_name[seen.name]:
                del self._by_name[seen.name]

    def look(self, now: float) -> None:
        """End what has stood still for too long. now: seconds from any start."""
        for connection, seen in list(self._seen.items()):
            at = connection.standing()
            if at != seen.at:
                seen.at, seen.since = at, now
                continue
            seconds = at[0].seconds
            if seconds is not None and now - seen.since >= seconds:
                connection.overdue(at[0])

    def _make_room(self, name: str | None) -> bool:
        """name: whose connections are looked at, None for all."""
        waiting: list[tuple[bool, float, int, Connection]] = []
        for number, (connection, seen) in enumerate(self._seen.items()):
            if name is not None and seen.name != name:
                continue
            stage, _ = at = connection.standing()
            if stage.seconds is not None:
                since = seen.since if seen.at == at else float("inf")
                waiting.append((stage is not Stage.IDLE, since, number, connection))
        waiting.sort(key=lambda one: one[:3])
        most = self._most if name is None else self._each
        for *_, connection in waiting[: max(1, most // _PART_EVICTED)]:
            self.leave(connection)
            connection.drop()
        if waiting:
            self.told("crowded")
        return bool(waiting)


def most_connections(descriptors: int | None = None) -> int:
    """How many connections strangers may have. descriptors: that the process may open, else asked."""
    if descriptors is None:
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if descriptors == resource.RLIM_INFINITY:
            return MOST
    return max(8, min(MOST, descriptors - min(KEPT, descriptors // 2) - AT_ONCE))

"""Which channels do not want to see an event: those that muted its account or its author. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.routes import event_readings
from bot.core.routes.events import Event


class Muting:
    """What a tenant's channels have muted. Accounts are told apart by X's id where both sides name one,
    else by username."""

    __slots__ = ("_by_id", "_by_name", "_unknown", "size")

    def __init__(self, muted: Iterable[tuple[str, str] | tuple[str, str, str | None]] = ()) -> None:
        """muted: channel, username (lower case) and, where it is known, X's id."""
        by_id: defaultdict[str, set[str]] = defaultdict(set)
        by_name: defaultdict[str, set[str]] = defaultdict(set)
        unknown: defaultdict[str, set[str]] = defaultdict(set)
        for channel, name, *rest in muted:
            identity = rest[0] if rest else None
            by_name[name].add(channel)
            if identity is None:
                unknown[name].add(channel)
            else:
                by_id[identity].add(channel)
        self._by_id, self._by_name, self._unknown = dict(by_id), dict(by_name), dict(unknown)
        # How many entries it holds.
        self.size = sum(map(len, by_name.values())) + sum(map(len, by_id.values()))

    def __bool__(self) -> bool:
        return bool(self._by_name)

    @property
    def nameless(self) -> frozenset[str]:
        """The usernames whose ids are not known."""
        return frozenset(self._unknown)

    def hidden_in(self, event: Event) -> frozenset[str]:
        """The channels that do not want to see the event."""
        if not self._by_name:
            return frozenset()
        return frozenset().union(*self._found(event))

    def hides(self, channel: str, event: Event) -> bool:
        """Whether a channel does not want to see the event."""
        return channel in self.hidden_in(event)

    def of_account(self, identity: str, name: str) -> frozenset[str]:
        """The channels that muted an account. name: its username, lower case."""
        return frozenset(self._by_id.get(identity, _NOBODY) | self._unknown.get(name, _NOBODY))

    def _found(self, event: Event) -> Iterator[set[str]]:
        parties = {
            (event_readings.account(event), event.account_id),
            (event_readings.author(event), event_readings.author_id(event)),
        }
        for name, identity in parties:
            if identity is not None:
                yield self._by_id.get(identity, _NOBODY)
            by_name = self._by_name if identity is None else self._unknown
            yield by_name.get(name or "", _NOBODY)


_NOBODY: Final[set[str]] = set()
NOTHING_MUTED: Final = Muting()

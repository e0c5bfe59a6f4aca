"""The bookmark folders that somebody was shown a moment ago, for what is suggested while they type.

What X shows to one account alone is stored nowhere, so these are held in memory, for the person who read them
alone, and no longer than the buttons of that page count. A restart forgets them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock

KEPT: Final = 15 * 60.0
"""Seconds, as pages of what is confidential."""
_MOST: Final = 500  # people
_MOST_FOLDERS: Final = 200


class SeenFolders:
    """By who read them: the ids and names of folders. clock: epoch seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[tuple[TenantId, str], tuple[float, dict[str, str]]] = OrderedDict()

    def shown(self, tenant: TenantId, person: str, folders: Iterable[tuple[str, str]]) -> None:
        """Somebody was shown these: pairs of id and name."""
        known = dict(self.of(tenant, person))
        known.update(folders)
        newest = dict(list(known.items())[-_MOST_FOLDERS:])
        self._seen[tenant, person] = (self._clock() + KEPT, newest)
        self._seen.move_to_end((tenant, person))
        while len(self._seen) > _MOST:
            self._seen.popitem(last=False)

    def of(self, tenant: TenantId, person: str) -> tuple[tuple[str, str], ...]:
        """What somebody was shown not long ago; nothing to anybody else."""
        until, folders = self._seen.get((tenant, person), (0.0, {}))
        if until <= self._clock():
            self._seen.pop((tenant, person), None)
            return ()
        return tuple(folders.items())

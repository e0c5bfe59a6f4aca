"""The bookmark folders that somebody was shown a moment ago, for what is suggested while they type.

What X shows to one account alone is stored nowhere, so these are held in memory, for the person who read them
alone, and no longer than the buttons of that page count. A restart forgets them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cachetools import TTLCache

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock

KEPT: Final = 15 * 60.0
"""Seconds, as pages of what is confidential."""
_MOST: Final = 500  # people
_MOST_FOLDERS: Final = 200


class SeenFolders:
    """By who read them: the ids and names of folders. clock: epoch seconds."""

    def __init__(self, clock: Clock) -> None:
        self._seen: TTLCache[tuple[TenantId, str], dict[str, str]] = TTLCache(_MOST, KEPT, timer=clock)

    def shown(self, tenant: TenantId, person: str, folders: Iterable[tuple[str, str]]) -> None:
        """Somebody was shown these: pairs of id and name."""
        known = {**dict(self.of(tenant, person)), **dict(folders)}
        self._seen[tenant, person] = dict(list(known.items())[-_MOST_FOLDERS:])

    def of(self, tenant: TenantId, person: str) -> tuple[tuple[str, str], ...]:
        """What somebody was shown not long ago; nothing to anybody else."""
        return tuple(self._seen.get((tenant, person), {}).items())

"""Tenants with more open lanes than are remembered, and how far a look at all of them has come.

Each look passes the lanes that were taken in by the looks before it, so that those at the end of a
tenant's names have their turn too; then it begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator


class UnrememberedLanes:
    """Whose lanes did not all fit."""

    def __init__(self) -> None:
        self._passed: dict[str, int] = {}
        self._seen: Counter[str] = Counter()
        self._refused: set[str] = set()

    def __contains__(self, tenant: str) -> bool:
        return tenant in self._passed

    def __len__(self) -> int:
        return len(self._passed)

    def note(self, tenant: str) -> None:
        """A lane of the tenant did not fit."""
        self._passed.setdefault(tenant, 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._passed)

    def begin(self) -> None:
        """A look at all open lanes begins."""
        self._seen.clear()
        self._refused.clear()

    def is_passed(self, tenant: str) -> bool:
        """Whether the tenant's next lane, in the order of names, had its turn in this round or has none."""
        if tenant in self._refused:
            return True
        self._seen[tenant] += 1
        return self._seen[tenant] <= self._passed.get(tenant, 0)

    def refuse(self, tenant: str) -> None:
        """The tenant's lane that was just looked at did not fit: the next look begins with it."""
        self._refused.add(tenant)
        self._passed[tenant] = self._seen[tenant] - 1

    def end(self) -> None:
        """The look is at its end: what was seen whole is no longer left out, or begins anew."""
        for tenant in [name for name in self._passed if name not in self._refused]:
            if self._passed[tenant]:
                self._passed[tenant] = 0
            else:
                del self._passed[tenant]
        self._seen.clear()

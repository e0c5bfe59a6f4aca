"""The fair queue: lanes that wait to be drained, in turns of their tenants.

One rule bounds what a tenant may hold of anything that is limited: three times what is left free. Alone it
may have three quarters; with others each has an equal part, and something is always left for a newcomer.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable

_TIMES_FREE = 3


def tenant_of(lane: str) -> str:
    """The tenant that a lane belongs to: the part before the first slash of its name."""
    return lane.partition("/")[0]


def may_have_more(held: int, free: int) -> bool:
    """Whether who holds so many may take another while so many are free."""
    return held < _TIMES_FREE * free


class FairQueue:
    """Waiting lanes, handed out in turns of the tenants, each tenant's in their order."""

    def __init__(self, limit: int) -> None:
        """limit: of lanes in all."""
        self._limit = limit
        self._size = 0
        self._lanes: OrderedDict[str, dict[str, None]] = OrderedDict()

    def __len__(self) -> int:
        return self._size

    @property
    def full(self) -> bool:
        """Whether nobody has room for another."""
        return self._size >= self._limit

    def of(self, tenant: str) -> int:
        """How many lanes of the tenant wait."""
        return len(self._lanes.get(tenant, ()))

    def has_much_room(self, tenant: str) -> bool:
        """Whether the tenant holds so little that it is worth while to look for more."""
        return 4 * self.of(tenant) <= _TIMES_FREE * (self._limit - self._size)

    def add(self, lane: str) -> bool:
        """Let a lane wait; False when its tenant has no room for it. One that waits already stays."""
        tenant = tenant_of(lane)
        mine = self._lanes.get(tenant, {})
        if lane in mine:
            return True
        if not may_have_more(len(mine), self._limit - self._size):
            return False
        mine[lane] = None
        self._lanes.setdefault(tenant, mine)
        self._size += 1
        return True

    def take(self, may: Callable[[str], bool]) -> str | None:
        """The next lane, of the first tenant in turn that `may` have one drained; None when there is none."""
        tenant = next((name for name in self._lanes if may(name)), None)
        if tenant is None:
            return None
        lanes = self._lanes[tenant]
        lane = next(iter(lanes))
        del lanes[lane]
        self._size -= 1
        if lanes:
            self._lanes.move_to_end(tenant)
        else:
            del self._lanes[tenant]
        return lane

    def clear(self) -> None:
        """Forget all of them."""
        self._lanes.clear()
        self._size = 0


class TenantQuotas:
    """How many of a limited number of places each tenant has taken."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: Counter[str] = Counter()
        self._size = 0

    def may_take(self, tenant: str) -> bool:
        """Whether the tenant may take one more."""
        return may_have_more(self._taken[tenant], self._limit - self._size)

    def take(self, tenant: str) -> None:
        """Take one."""
        self._taken[tenant] += 1
        self._size += 1

    def give_back(self, tenant: str) -> None:
        """Give one back."""
        self._taken[tenant] -= 1
        self._size -= 1
        if not self._taken[tenant]:
            del self._taken[tenant]

"""What counts against one window of a key's limits, and the part of it that this process may use."""

from __future__ import annotations

import hashlib
import heapq
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.chat.asker import Asker
from bot.core.shares import Portion, Share, Wish

# A share grows by a sixteenth of its window, or what was just used if that is more.
_STEPS = 16
# Of windows longer than this a process that dies keeps what it has for long; so it never has many to spare.
_LONG = 600.0
_SPARE_IN_LONG = 2
# What is not used is left to who lacks it, but for a sixteenth of what is.
_SPARE = 16
# Seconds for which who lacked something keeps to an equal share, if the window is no longer.
_BUSY = 2.0
# Persons of whom others are told what they used: those who used most.
_TOLD_PERSONS = 20
# Seconds until somebody who has no part, and so no request that could end, looks again.
LOOK_AGAIN = 0.25


class Past:
    """The moments of the requests that count against a limit now, oldest first."""

    __slots__ = ("_moments",)

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def within(self, seconds: float, now: float) -> int:
        """How many count now."""
        while self._moments and self._moments[0] + seconds <= now:
            self._moments.popleft()
        return len(self._moments)

    def wait(self, limit: int, seconds: float, now: float) -> float:
        """Seconds until one more would be within the limit; 0 when it is now."""
        if self.within(seconds, now) < limit:
            return 0.0
        return self._moments[0] + seconds - now if self._moments else LOOK_AGAIN

    def add(self, now: float) -> None:
        """One more request."""
        self._moments.append(now)

    def ended(self, seconds: float, now: float) -> bool:
        """Whether none of it counts any more."""
        return not self._moments or self._moments[-1] + seconds <= now


@dataclass(slots=True)
class Count:
    """What counts of one window, in all and by whom: no more moments than its limit.

    limit: requests in `seconds`; by_all_people, by_one: how many of them people together, and one person, may
    make. part: what this process may use of it; None for all. leased: what others leave to it, which is never
    less. needs: what it lacked, since it last asked; lacked_at, people_lacked_at: when it did not get that.
    elsewhere: how much persons, by digest, used by way of other processes, which counts until then.
    """

    limit: int
    seconds: float
    by_all_people: int
    by_one: int
    part: Portion | None = None
    leased: Portion = field(default_factory=Portion)
    needs: Portion = field(default_factory=Portion)
    lacked_at: float = float("-inf")
    people_lacked_at: float = float("-inf")
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    elsewhere_until: float = float("-inf")
    used: Past = field(default_factory=Past)
    by_people: Past = field(default_factory=Past)
    people: dict[str, Past] = field(default_factory=dict)

    def delay(self, asker: Asker, now: float) -> tuple[float, bool, bool]:
        """Seconds until the asker may make one more, whether it is their own share that is used up, and
        whether it is only for want of this process's part."""
        wait, own = self._wait(asker, now, Portion(self.limit, self.by_all_people), self.by_one)
        if wait > 0 or self.part is None:
            return wait, own, False
        if (wait := self._wait_elsewhere(asker, now)) > 0:
            return wait, True, False
        wait, own = self._wait(asker, now, self.part, self._by_one_of(self.part))
        if wait > 0:
            self._need(asker, now, self.part)
        return wait, own, wait > 0

    def add(self, asker: Asker, now: float) -> None:
        """One more request."""
        self.used.add(now)
        if not asker.is_person:
            return
        self.by_people.add(now)
        # Who asked last stands last. Nobody is left out for want of room: who has no request that counts is.
        own = self.people.pop(asker.person, None) or Past()
        own.add(now)
        self.people[asker.person] = own
        while (first := next(iter(self.people.items())))[1].ended(self.seconds, now):
            del self.people[first[0]]

    def wish(self, name: str, now: float) -> Wish:
        """What to ask for: to keep what is used or held, and to get what was lacking."""
        used = {person: past.within(self.seconds, now) for person, past in self.people.items()}
        most = heapq.nlargest(_TOLD_PERSONS, (one for one in used.items() if one[1]), key=lambda one: one[1])
        return Wish(
            name,
            Portion(self.limit, self.by_all_people),
            self.seconds,
            self._kept(now),
            self.needs,
            {_digest(person): number for person, number in most},
        )

    def gives_back(self, now: float) -> bool:
        """Whether less is used or held here than others leave to it."""
        kept = self._kept(now)
        return kept.total < self.leased.total or kept.people < self.leased.people

    def given(self, share: Share, asked: Portion, now: float) -> None:
        """What this process may use from now on. asked: the needs that were told."""
        part, held = share.part, self.part
        self.leased = part
        if share.unmet.total:
            self.lacked_at = now
        if share.unmet.people:
            self.people_lacked_at = now
        self.elsewhere, self.elsewhere_until = share.elsewhere, now + self.seconds
        if held is not None and not (asked.total or asked.people):
            part = Portion(min(part.total, held.total), min(part.people, held.people))
        self.part = part
        self.needs = Portion()

    def alone(self) -> None:
        """Nobody can be asked: go on with what is there, and at the least with one step."""
        part = self.part or Portion()
        self.part = Portion(max(part.total, self._step()), max(part.people, self._step_of_people()))

    def pressed(self, wanted: Portion, holders: int, now: float) -> None:
        """Others lack that much, and so many processes share the window: leave them what is not needed here,
        and of what is, all above an equal share."""
        if self.part is None:
            return
        used, by_people = self.used.within(self.seconds, now), self.by_people.within(self.seconds, now)
        least = self._least(used, self.lacked_at, self.limit // holders, now)
        total = min(self.part.total, max(least, self.part.total - wanted.total))
        least = self._least(by_people, self.people_lacked_at, self.by_all_people // holders, now)
        people = min(self.part.people, max(least, self.part.people - wanted.people))
        self.part = Portion(total, min(total, people))

    def _least(self, used: int, lacked_at: float, equal: int, now: float) -> int:
        """What is not left to others: who lacked something themselves keep to an equal share."""
        busy = now < lacked_at + max(_BUSY, self.seconds)
        return equal if busy else min(equal, used + used // _SPARE + 1)

    def _kept(self, now: float) -> Portion:
        part = self.part or Portion()
        return Portion(
            max(part.total, self.used.within(self.seconds, now)),
            max(part.people, self.by_people.within(self.seconds, now)),
        )

    def _wait(self, asker: Asker, now: float, part: Portion, by_one: int) -> tuple[float, bool]:
        if (wait := self.used.wait(part.total, self.seconds, now)) > 0 or not asker.is_person:
            return wait, False
        own = self.people.get(asker.person)
        if own is not None and (wait := own.wait(by_one, self.seconds, now)) > 0:
            return wait, True
        return self.by_people.wait(part.people, self.seconds, now), False

    def _wait_elsewhere(self, asker: Asker, now: float) -> float:
        """Seconds for which a person has no more, with what they did by way of other processes."""
        if not self.elsewhere or not asker.is_person or now >= self.elsewhere_until:
            return 0.0
        others = self.elsewhere.get(_digest(asker.person), 0)
        own = self.people.get(asker.person)
        mine = 0 if own is None else own.within(self.seconds, now)
        return self.elsewhere_until - now if others and others + mine >= self.by_one else 0.0

    def _by_one_of(self, part: Portion) -> int:
        """One person's share of a part: so much less as the part is less than the whole, so that all parts
        together give nobody more."""
        return max(1, self.by_one * part.people // self.by_all_people)

    def _need(self, asker: Asker, now: float, part: Portion) -> None:
        used = self.used.within(self.seconds, now)
        total = max(self._step(), used) if used >= part.total else 0
        people = 0
        if asker.is_person:
            by_people = self.by_people.within(self.seconds, now)
            people = max(self._step_of_people(), by_people) if by_people >= part.people else 0
            own = self.people.get(asker.person)
            mine = 0 if own is None else own.within(self.seconds, now)
            if mine >= self._by_one_of(part):
                enough = math.ceil((2 * mine + 1) * self.by_all_people / self.by_one)
                people = max(people, enough - part.people)
            people = max(0, min(people, self.by_all_people - part.people))
            total = 0 if people else total  # comes with it
        total = max(0, min(total, self.limit - part.total))
        self.needs = Portion(max(total, self.needs.total), max(people, self.needs.people))

    def _step(self) -> int:
        step = max(1, math.ceil(self.limit / _STEPS))
        return min(step, _SPARE_IN_LONG) if self.seconds > _LONG else step

    def _step_of_people(self) -> int:
        return max(1, min(self._step(), self.by_all_people))


def _digest(person: str) -> str:
    """A name for a person that only says that it is the same one."""
    return hashlib.sha256(person.encode()).hexdigest()[:16]

"""How the parts of a card share the room of a message. Pure.

By priority first: a part gets what it wants before any of a lower one gets more than the words that say
how much of it was cut. Among equals short parts stay whole, and long ones are cut to the same length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.core.chat.cards import Priority

ORDER: Final = (Priority.ESSENTIAL, Priority.OWN, Priority.ORDINARY, Priority.QUOTED)
_OWN_SHARE: Final = 4
"""The text that a card is about keeps a quarter, however much is essential."""


def shares(wanted: Sequence[int], budget: int) -> list[int]:
    """How much of a budget each gets: what it wants, or where that is too much the same as others."""
    given = [0] * len(wanted)
    left = max(0, budget)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for position, index in enumerate(order):
        given[index] = min(wanted[index], left // (len(order) - position))
        left -= given[index]
    return given


def allot(wanted: Sequence[int], priorities: Sequence[Priority], budget: int, least: int) -> list[int]:
    """How many characters each part gets.

    wanted: what each needs to be whole; least: what a cut one needs to say so. Where not even that fits
    for all, the last of the lowest priority get nothing.
    """
    if sum(wanted) <= budget:
        return list(wanted)
    floors = [
        _floor(want, priority, budget, least) for want, priority in zip(wanted, priorities, strict=True)
    ]
    given = [0] * len(wanted)
    left = budget
    for index in ranked(priorities):
        if floors[index] <= left:
            given[index] = floors[index]
            left -= floors[index]
    for tier in ORDER:
        members = [i for i, one in enumerate(priorities) if one is tier and given[i] == floors[i]]
        more = shares([wanted[i] - given[i] for i in members], left)
        for index, extra in zip(members, more, strict=True):
            given[index] += extra
            left -= extra
    return given


def ranked(priorities: Sequence[Priority]) -> list[int]:
    """The positions of parts, what is to be kept first in front; equals in their order."""
    return sorted(range(len(priorities)), key=lambda index: (ORDER.index(priorities[index]), index))


def _floor(want: int, priority: Priority, budget: int, least: int) -> int:
    share = max(least, budget // _OWN_SHARE) if priority is Priority.OWN else least
    return min(want, share)

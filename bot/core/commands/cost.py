"""What a command costs, in credits, before anybody runs it.

It is a value, so that help, the reference, previews and the limit of a place say the same. What is charged
in the end is what Xquik answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """What a cost is counted by: "reply inspected", "replies inspected"."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run costs. fixed: whatever comes of it; each: for each `unit`; at_most: it may be less."""

    fixed: int = 0
    each: int = 0
    unit: Unit | None = None
    at_most: bool = False

    def __post_init__(self) -> None:
        if (self.each > 0) != (self.unit is not None):
            raise ValueError("a cost for each of something says of what")

    @property
    def free(self) -> bool:
        """Whether it never costs anything."""
        return not self.fixed and not self.each

    def of(self, units: int) -> int:
        """The estimate for that many of its units, in credits."""
        return self.fixed + self.each * units


FREE_OF_CHARGE: Final = Cost()
ASK_ABOVE: Final = 100
"""Credits above which a place that set nothing is asked before they are spent: what one glance costs runs at
once, what fetches a whole list or many tweets does not."""

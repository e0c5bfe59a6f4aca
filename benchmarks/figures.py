"""What a benchmark finds out: figures, each with its target, and whether it is met. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Of(StrEnum):
    """Which number a target is about."""

    RATIO = "ratio"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Target:
    """A limit that a figure must keep: `least` or `most`, of its ratio or of its value."""

    of: Of
    least: float | None = None
    most: float | None = None

    def shortfall(self, number: float) -> float:
        """By which share of the limit a number misses it: 0.1 is 10 %; 0 when it is kept."""
        if self.least is not None and number < self.least:
            return (self.least - number) / self.least
        if self.most is not None and number > self.most:
            return (number - self.most) / self.most
        return 0.0

    def __str__(self) -> str:
        sign, limit = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return f"{self.of} {sign} {limit:,g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a benchmark.

    value: a median over rounds, in `unit`. baseline: what it is compared with, in the same unit,
    measured in the same run, and `against` says what that is. notes: where the time goes.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    against: str = ""
    target: Target | None = None
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def shortfall(self) -> float:
        """By which share the target is missed; 0 when it is met or there is none."""
        if self.target is None:
            return 0.0
        number = self.value if self.target.of is Of.VALUE else self.ratio
        return 1.0 if number is None else self.target.shortfall(number)

    @property
    def verdict(self) -> str:
        """ "ok", "missed by 12 %", or "–" for information only."""
        if self.target is None:
            return "–"
        return f"missed by {self.shortfall:.0%}" if self.shortfall else "ok"

    def as_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "against": self.against,
            "ratio": self.ratio,
            "target": str(self.target) if self.target else None,
            "shortfall": self.shortfall,
            "verdict": self.verdict,
            "notes": list(self.notes),
        }


def ratio_at_least(limit: float) -> Target:
    """The ratio must be that or more."""
    return Target(Of.RATIO, least=limit)


def ratio_at_most(limit: float) -> Target:
    """The ratio must be that or less."""
    return Target(Of.RATIO, most=limit)


def at_least(limit: float) -> Target:
    """The value must be that or more."""
    return Target(Of.VALUE, least=limit)


def at_most(limit: float) -> Target:
    """The value must be that or less."""
    return Target(Of.VALUE, most=limit)

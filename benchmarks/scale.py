"""How large and how long. `FULL` is what the targets are about; `SMALL` only shows that all of it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """seconds: of one slice of load. rounds: repetitions that a median is taken over."""

    seconds: float
    rounds: int
    connections: int
    most_requests: int
    drained: int
    lanes: int
    small_backlog: int
    large_backlog: int
    routes: int
    tenants: int
    routes_in_all: int
    interactions: int
    calls: int
    starts: int


FULL = Scale(
    seconds=2.0,
    rounds=4,
    connections=64,
    most_requests=15_000,
    drained=25_000,
    lanes=256,
    small_backlog=1_000,
    large_backlog=1_000_000,
    routes=10_000,
    tenants=10_000,
    routes_in_all=100_000,
    interactions=10_000,
    calls=2_000,
    starts=2,
)
SMALL = Scale(
    seconds=0.15,
    rounds=1,
    connections=4,
    most_requests=300,
    drained=60,
    lanes=4,
    small_backlog=20,
    large_backlog=200,
    routes=50,
    tenants=10,
    routes_in_all=50,
    interactions=20,
    calls=5,
    starts=1,
)

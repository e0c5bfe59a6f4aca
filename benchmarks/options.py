"""What a run was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.scale import Scale


@dataclass(frozen=True, slots=True)
class Options:
    """loop: "uvloop" or "asyncio", for every process measured. profile: print what takes the time."""

    scale: Scale
    loop: str = "uvloop"
    profile: bool = False

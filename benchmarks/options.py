"""What a run was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import KINDS
from benchmarks.scale import Scale


@dataclass(frozen=True, slots=True)
class Options:
    """loop: "uvloop" or "asyncio", for every process measured. profile: print what takes the time. plot: the
    file that `growth` draws into. databases: of `KINDS`, for what is measured on each."""

    scale: Scale
    loop: str = "uvloop"
    profile: bool = False
    plot: Path | None = None
    databases: tuple[str, ...] = KINDS

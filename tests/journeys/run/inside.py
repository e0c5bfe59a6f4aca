"""What is watched in processes of ours: see tests/inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def python_path() -> dict[str, str]:
    """Lets a process import what stands in tests/inside before anything else."""
    return {"PYTHONPATH": f"{ROOT / 'tests' / 'inside'}:{ROOT}"}


@dataclass(frozen=True, slots=True)
class Openings:
    """Who opened a database other than by SQLite. database: its file. log: where that is written."""

    database: Path
    log: Path

    def environment(self) -> dict[str, str]:
        """For a process that is to be watched."""
        return {"OPENED_DATABASE": str(self.database), "OPENED_LOG": str(self.log), **python_path()}

    @property
    def found(self) -> str:
        """All of them with where they came from; empty for none."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

"""The bot's clock, as far as it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.journeys.run.inside import python_path


@dataclass(frozen=True, slots=True)
class Clock:
    """file: says how many seconds the processes that were given `environment` are ahead."""

    file: Path

    def environment(self) -> dict[str, str]:
        """For a process that is to have this clock."""
        return {"CHAOS_CLOCK": str(self.file), **python_path()}

    def set(self, ahead: float) -> None:
        """Let it be so many seconds ahead, from now on."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(ahead))
        fresh.replace(self.file)

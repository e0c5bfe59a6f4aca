"""What holds the memory of a bot that has started: `python -m benchmarks.holders_child OPTIONS`.

Each module counts for what Python allocated while it was loaded, without the modules that it loaded in turn:
its code, classes, tables, declarations. Memory that libraries written in C take for themselves is not seen.
"""

from __future__ import annotations

import importlib
import tracemalloc
from collections import Counter
from importlib.machinery import SourceFileLoader
from types import ModuleType

from benchmarks import children


class _Counting:
    """Loads modules as before, and keeps what each has allocated."""

    def __init__(self) -> None:
        self.held: Counter[str] = Counter()
        self._inner = [0]
        self._load = SourceFileLoader.exec_module

    def load(self, loader: SourceFileLoader, module: ModuleType) -> None:
        before = tracemalloc.get_traced_memory()[0]
        self._inner.append(0)
        try:
            self._load(loader, module)
        finally:
            taken = tracemalloc.get_traced_memory()[0] - before
            self.held[_part(module.__name__)] += taken - self._inner.pop()
            self._inner[-1] += taken


def _part(name: str) -> str:
    """The library, or the package of ours: sqlalchemy, bot.features."""
    first, *rest = name.split(".")
    return f"{first}.{rest[0]}" if rest and first in ("bot", "adapters") else first


def main() -> None:
    """Load what `run` loads, and say how many bytes each part holds."""
    tracemalloc.start()
    counting = _Counting()

    def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
        counting.load(loader, module)

    SourceFileLoader.exec_module = exec_module  # type: ignore[assignment, method-assign]
    importlib.import_module("benchmarks.libraries_child").names()
    children.say({"held": counting.held})


if __name__ == "__main__":
    main()

"""Where the time goes: `--profile` has what is measured run under cProfile, and prints the top of it."""

from __future__ import annotations

import cProfile
import pstats
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LINES = 30


@contextmanager
def profiled(title: str | None) -> Iterator[None]:
    """Profile this thread, and those started meanwhile, and print it all to standard error.

    Does nothing without a title. Threads are shown by the sort of their name ("sqlite-writer").
    """
    if not title:
        yield
        return
    profiles: dict[str, list[cProfile.Profile]] = {"the calling thread": [cProfile.Profile()]}
    plain = threading.Thread.run

    def run(self: threading.Thread) -> None:
        profile = cProfile.Profile()
        profiles.setdefault(self.name.rstrip("_0123456789"), []).append(profile)
        profile.runcall(plain, self)

    threading.Thread.run = run  # type: ignore[method-assign] # undone below
    try:
        profiles["the calling thread"][0].runcall(_go_on)
        profiles["the calling thread"][0].enable()
        yield
    finally:
        profiles["the calling thread"][0].disable()
        threading.Thread.run = plain  # type: ignore[method-assign] # as it was
        for name, found in profiles.items():
            _print(f"{title}: {name}", found)


def _print(title: str, profiles: list[cProfile.Profile]) -> None:
    sys.stderr.write(f"\n--- {title}\n")
    stats = pstats.Stats(profiles[0], stream=sys.stderr)
    for profile in profiles[1:]:
        stats.add(profile)
    stats.strip_dirs().sort_stats("tottime").print_stats(_LINES)


def _go_on() -> None:
    """Fills a profile, so that it can be printed even when nothing else happened in it."""

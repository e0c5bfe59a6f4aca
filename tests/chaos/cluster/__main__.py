"""`python -m tests.chaos.cluster`: see the package. Exit code 0 when every promise was kept, 1 when not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.chaos.__main__ import performed
from tests.chaos.cluster.run import run
from tests.chaos.cluster.scale import SMALL, ClusterScale

_NUMBERS = (
    ("events", "that happen on X"),
    ("destinations", "channels, half on Discord and half on Slack; at least 4"),
    ("kills", "with SIGKILL"),
    ("stops", "with SIGSTOP, and SIGCONT later"),
    ("rolls", "how often every process is replaced"),
    ("web", "processes that take webhooks"),
    ("relays", "processes that relay"),
    ("discords", "processes of Discord's gateway"),
    ("seed", "of every chance"),
)


def scale_of(arguments: Sequence[str] | None = None) -> tuple[ClusterScale, Path | None]:
    """The size that was asked for, and where to keep what the processes said."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.cluster", description=__doc__)
    for name, what in _NUMBERS:
        parser.add_argument(f"--{name}", type=int, metavar="N", help=what)
    parser.add_argument("--rate", type=float, metavar="N", help="events a second at most")
    parser.add_argument("--shards", choices=("shared", "fixed"), help="who says which process has which")
    parser.add_argument("--small", action="store_true", help="the size of the test suite's run")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new directory for logs, which then stay")
    given = parser.parse_args(arguments)
    names = (*(name for name, _ in _NUMBERS), "rate", "shards")
    changes = {name: value for name in names if (value := getattr(given, name)) is not None}
    scale = replace(SMALL if given.small else ClusterScale(), **changes)
    if scale.stops < scale.sleeps:
        scale = replace(scale, sleeps=scale.stops)
    if scale.events < 1 or scale.destinations < 4 or min(scale.web, scale.relays, scale.discords) < 1:
        parser.error("at least 1 event, 4 destinations and 1 process of each role")
    return scale, given.keep


def main() -> int:
    """Run, print, and say by the exit code how it went."""
    scale, kept = scale_of()
    return performed(lambda directory, say: run(directory, scale, say), kept)


if __name__ == "__main__":
    sys.exit(main())

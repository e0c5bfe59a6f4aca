"""`python -m benchmarks [NAME …] [--json] [--profile] [--small] [--plot FILE] [--loop uvloop|asyncio]
[--database sqlite|postgresql]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
import traceback
from pathlib import Path

from benchmarks import report
from benchmarks.databases import KINDS
from benchmarks.figures import Figure
from benchmarks.options import Options
from benchmarks.scale import FULL, SMALL

# A module each, with `run(options)`.
NAMES = (
    "intake",
    "everyday",
    "drain",
    "claim",
    "routing",
    "memory",
    "start",
    "dispatch",
    "interactions",
    "growth",
)


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for. Exit code 1 when one could not be run, or missed with `--strict`."""
    given = _parser().parse_args(arguments)
    kinds = (given.database,) if given.database else KINDS
    options = Options(SMALL if given.small else FULL, given.loop, given.profile, given.plot, kinds)
    # An installed bot is compiled; without this each process that is measured would compile all of it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    figures: list[Figure] = []
    failed: list[str] = []
    for name in given.names or NAMES:
        if sys.stderr.isatty():
            sys.stderr.write(f"{name} …\n")
        try:
            figures += importlib.import_module(f"benchmarks.{name}").run(options)
        except Exception:
            # What the others found is still worth having.
            failed.append(name)
            traceback.print_exc()
    if given.json:
        sys.stdout.write(report.as_json(figures) + "\n")
    else:
        report.show(figures, time.monotonic() - started)
    return int(bool(failed) or (given.strict and any(figure.shortfall for figure in figures)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *NAMES], help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="a list of figures instead of a table")
    parser.add_argument("--small", action="store_true", help="tiny and quick: shows only that it runs")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a target is missed")
    parser.add_argument("--profile", action="store_true", help="print what takes the time (slows it down)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="where growth draws its sheet, as SVG")
    parser.add_argument("--database", choices=KINDS, help="only on this one (both, without it)")
    parser.add_argument(
        "--loop", choices=("uvloop", "asyncio"), default="uvloop", help="event loop of what is measured"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""The figures as a table for people, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

# Wide enough for a row on one line where the output goes to a file.
_WIDTH = 150


def table(figures: Sequence[Figure]) -> Table:
    """One row a figure."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("figure", "measured", "baseline", "ratio", "target", ""):
        found.add_column(name, justify="left" if name in ("figure", "target", "") else "right")
    for figure in figures:
        style = "red" if figure.shortfall else None
        found.add_row(
            figure.name,
            amount(figure.value, figure.unit),
            "" if figure.baseline is None else f"{amount(figure.baseline, figure.unit)} ({figure.against})",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            "" if figure.target is None else str(figure.target),
            figure.verdict,
            style=style,
        )
    return found


def show(figures: Sequence[Figure], seconds: float) -> None:
    """Print the table and, below it, where the time goes."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(table(figures))
    for figure in figures:
        for note in figure.notes:
            console.print(f"  {figure.name}: {note}", style="dim", highlight=False, soft_wrap=True)
    missed = [figure for figure in figures if figure.shortfall]
    held = sum(1 for figure in figures if figure.target) - len(missed)
    console.print(f"\n{held} targets met, {len(missed)} missed, in {seconds:.0f} s", highlight=False)


def as_json(figures: Sequence[Figure]) -> str:
    """A list of objects; see `Figure.as_json`."""
    return json.dumps([figure.as_json() for figure in figures], indent=2, ensure_ascii=False)


def amount(value: float, unit: str) -> str:
    """A number with as many digits as mean something: "5,123 /s", "0.034 ms"."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    return f"{value:,.{digits}f} {unit}"

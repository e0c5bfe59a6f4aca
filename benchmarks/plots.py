"""Cost as work grows, drawn as an SVG for the documentation. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 400, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 34, 44
_ACROSS = 2
# Told apart by people who do not see all colours too: each line has a dash of its own.
_STYLES = (("#0b62a4", ""), ("#b3440a", "6 3"), ("#4a7a12", "2 3"), ("#6b3fa0", "8 2 2 2"))


@dataclass(frozen=True, slots=True)
class Line:
    """points: (how much there is, what it costs), in rising order."""

    name: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """One diagram. grows: what is on the axis below, 1, 10, 100, …; unit: of the costs."""

    title: str
    grows: str
    unit: str
    lines: tuple[Line, ...]


def svg(plots: Sequence[Plot]) -> str:
    """All diagrams on one sheet, two in a row. Costs begin at nothing, so that flat is flat."""
    rows = math.ceil(len(plots) / _ACROSS)
    width, height = _WIDTH * _ACROSS, _HEIGHT * rows
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11" fill="#333">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, plot in enumerate(plots):
        x, y = number % _ACROSS * _WIDTH, number // _ACROSS * _HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_drawn(plot), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _drawn(plot: Plot) -> list[str]:
    points = [point for line in plot.lines for point in line.points]
    last = max(1.0, math.ceil(math.log10(max(amount for amount, _ in points))))
    top = _rounded(max(cost for _, cost in points))
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(amount: float) -> float:
        return _LEFT + (right - _LEFT) * math.log10(amount) / last

    def y(cost: float) -> float:
        return bottom - (bottom - _TOP) * cost / top

    found = [f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(plot.title)}</text>']
    for step in range(5):
        cost = top * step / 4
        found += [
            f'<line x1="{_LEFT}" x2="{right}" y1="{y(cost):.1f}" y2="{y(cost):.1f}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 6}" y="{y(cost) + 4:.1f}" text-anchor="end">{cost:g}</text>',
        ]
    for power in range(int(last) + 1):
        anchor = "end" if power == last else "middle"  # within the sheet
        found.append(
            f'<text x="{x(10**power):.1f}" y="{bottom + 15}" text-anchor="{anchor}">{_short(power)}</text>'
        )
    found += [
        f'<text x="{(_LEFT + right) / 2}" y="{bottom + 32}" text-anchor="middle">{escape(plot.grows)}</text>',
        f'<text x="{_LEFT}" y="{_TOP - 6}">{escape(plot.unit)}</text>',
    ]
    for number, line in enumerate(plot.lines):
        colour, dash = _STYLES[number % len(_STYLES)]
        along = " ".join(f"{x(amount):.1f},{y(cost):.1f}" for amount, cost in line.points)
        found.append(
            f'<polyline points="{along}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )
        found += [
            f'<circle cx="{x(amount):.1f}" cy="{y(cost):.1f}" r="2.5" fill="{colour}"/>'
            for amount, cost in line.points
        ]
        # The legend, from the right.
        found.append(
            f'<text x="{right}" y="{_TOP - 18 + 13 * number}" text-anchor="end" fill="{colour}">'
            f"{escape(line.name)}</text>"
        )
    return found


def _short(power: int) -> str:
    """1, 10, 100, 1k, … 1M: there is little room below the axis."""
    return f"{10 ** (power % 3)}{('', 'k', 'M')[power // 3]}"


def _rounded(cost: float) -> float:
    """The next 1, 2, 4 or 8 times a power of ten, so that quarters of it are short numbers."""
    power = 10.0 ** math.floor(math.log10(cost)) if cost > 0 else 1.0
    return next(step * power for step in (1, 2, 4, 8, 10) if cost <= step * power)

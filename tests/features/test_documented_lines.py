"""The lines about routes that the documentation shows are understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import HelpWanted, parse
from bot.features.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = catalogue()


def _lines(name: str) -> list[str]:
    """Every whole command line of `relay`, in a block or in a code span of its own."""
    text = (ROOT / name).read_text(encoding="utf-8")
    spans = re.findall(r"`(relay [a-z]+ [^`]*:[^`]*)`", text)
    blocks = [line.strip() for line in text.splitlines() if line.startswith("    relay ")]
    return [" ".join(line.split()) for line in (*spans, *blocks) if "…" not in line]


@pytest.mark.parametrize(
    "line", [*_lines("docs/relay.md"), *_lines("README.md"), *_lines("docs/operations.md")]
)
def test_a_line_is_understood(line: str) -> None:
    parsed = parse(CATALOGUE, line)
    assert not isinstance(parsed, HelpWanted)
    args = bind(parsed.command, parsed.values)
    named = str(getattr(args, "route", None) or "")
    assert " " not in named, "an option that nobody declared became part of a name"

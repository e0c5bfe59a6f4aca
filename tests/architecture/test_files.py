"""A file has one subject: it is not long, and its name says what it is about."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
# Named for how they are used, such modules take in everything and are about nothing.
FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
MODULES = sorted(path for package in ("bot", "adapters") for path in (ROOT / package).rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_named_after_its_subject_and_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lines = len(source.splitlines())
    assert lines <= LONGEST_FILE, f"{_name(path)} has {lines} lines; {LONGEST_FILE} are the most"
    assert not FORBIDDEN & set(path.relative_to(ROOT).with_suffix("").parts), _name(path)
    assert ast.get_docstring(tree_of(source)), f"{_name(path)} does not say what it is for"

"""Monitors are started and resumed in the performer of what was confirmed, and by `apply`; nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
# `bot/xquik/resources` declares the requests; the sandbox answers them, and shares nothing with the
# bot.
ALLOWED = {"bot/proposals/monitors.py", "bot/app/apply_monitors.py"}
# Whose `create` and `update` are something else, at no cost. A monitor by any other name is taken for one.
FREE = frozenset({"drafts", "webhooks", "_store", "URL", "Resource"})


def _last_name(expression: ast.expr) -> str:
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def starts(source: str) -> Iterator[int]:
    """The lines that start or resume a monitor, or may."""
    for node in ast.walk(tree_of(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if _last_name(node.func.value) in FREE:
            continue
        if node.func.attr == "create":
            yield node.lineno
        elif node.func.attr == "update":
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            active = given.get("is_active")
            paused = active is None or (isinstance(active, ast.Constant) and active.value is False)
            if not paused or None in given or len(node.args) > 1:
                yield node.lineno


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("xquik.monitors.create('nasa', ())", True),
        ("(await f()).keyword_monitors.create('عاجل', types)", True),
        ("renamed.create('nasa', types)", True),
        ("xquik.drafts.create('text')", False),
        ("xquik.monitors.update(one.id, is_active=True)", True),
        ("xquik.keyword_monitors.update(one.id, is_active=wanted)", True),
        ("xquik.monitors.update(one.id, **changes)", True),
        ("xquik.monitors.update(one.id, is_active=False)", False),
        ("xquik.keyword_monitors.update(one.id, event_types=types)", False),
        ("xquik.monitors.delete(one.id)", False),
    ],
)
def test_the_guard_sees_what_it_is_for(line: str, caught: bool) -> None:
    assert bool(list(starts(f"async def f():\n    await {line}"))) is caught


def test_nothing_else_starts_or_resumes_a_monitor() -> None:
    found = {
        f"{name}:{line}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in ALLOWED and "sandbox" not in path.parts
        for line in starts(path.read_text(encoding="utf-8"))
    }
    assert found == set()

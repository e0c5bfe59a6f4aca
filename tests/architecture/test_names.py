"""A class name stands for one class: who greps for it finds one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]


def test_a_class_name_stands_for_one_class() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for package in ("bot", "adapters"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in tree_of(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    where[node.name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}

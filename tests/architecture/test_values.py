"""Plain values are structs: making a frozen dataclass runs the compiler six times and makes its class twice.

That takes the better part of a millisecond a class at every start, and there are hundreds; making one of its
instances takes five times as long as a struct. A dataclass is what is read field by field (cards, messages,
the options of commands), and what needs what only dataclasses have: fields left out of `repr`,
`__post_init__`, inheritance.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ_BY_FIELDS = ("bot/core/chat/", "bot/core/messages/", "bot/i18n/")
# The sandbox is a program of its own, and the others are not made at every start.
NOT_AT_EVERY_START = ("bot/sandbox/", "bot/cli/", "bot/storage/moving/")
# Their fields are asked for by name.
ASKED = {"Route", "DrawRequest", "Outage", "HookOutage", "Services", "Option"}
ONLY_DATACLASSES = re.compile("__post_init__|InitVar|KW_ONLY|repr=False|compare=False|__eq__|order=True")
_FROZEN = "@dataclass(frozen=True, slots=True"
_BASES = re.compile(r"^ *class \w+\(([^()]*)\):$", re.MULTILINE)


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Each file of some folders, and what stands in it."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def inherited() -> set[str]:
    """The names of the classes that others inherit, in tests too."""
    found: set[str] = set()
    for _, text in texts("bot", "adapters", "tests", "benchmarks"):
        for bases in _BASES.findall(text):
            found |= {base.strip().partition("[")[0].rpartition(".")[2] for base in bases.split(",")}
    return found


def could_be_a_struct(node: ast.ClassDef) -> bool:
    """Whether it is a frozen dataclass with slots that uses nothing only dataclasses have."""
    decorators = [ast.unparse(one) for one in node.decorator_list]
    if len(decorators) != 1 or not decorators[0].startswith(_FROZEN[1:]):
        return False
    text = ast.unparse(node)
    is_options = node.name.endswith("Args") or "Option(" in text
    return not (node.bases or is_options or ONLY_DATACLASSES.search(text))


def test_a_plain_value_is_a_struct() -> None:
    known = inherited() | ASKED
    found = [
        f"{file}: {node.name}"
        for file, text in texts("bot", "adapters")
        if _FROZEN in text and not file.startswith((*READ_BY_FIELDS, *NOT_AT_EVERY_START))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and node.name not in known and could_be_a_struct(node)
    ]
    assert not found, "msgspec.Struct, frozen=True: docs/decisions/0041-structs.md"

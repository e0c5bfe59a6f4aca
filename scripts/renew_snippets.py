"""Renews the pieces of code that documents show, from the files in which they stand.

    .venv/bin/python scripts/renew_snippets.py            # `make docs` runs it
    .venv/bin/python scripts/renew_snippets.py --check    # exit code 1 where one is out of date

A piece follows a line that names its file and what it is: a class, function or constant (`FOLLOW`), a method
(`UsersResource.show`), a call by its first argument (`command("user show")`), or an entry of a dictionary by
its key (`"user.follow"`).
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "docs" / "adding-a-command.md",)
SHOWN = re.compile(r"^(`([\w/.-]+\.py)`: `([^`\n]+)`\n\n```python\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r'(\w+)\("([^"]+)"\)')


def piece(file: str, name: str) -> str:
    """What stands in a file under a name, without the indent it has there. LookupError where nothing does."""
    source = (ROOT / file).read_text(encoding="utf-8")
    first, last = _lines(ast.parse(source), name)
    lines = source.splitlines(keepends=True)[first - 1 : last]
    if not lines:
        raise LookupError(f"{file} has no {name}")
    # The comma behind a call or an entry belongs to what stands around it.
    return textwrap.dedent("".join(lines)).removesuffix(",\n").removesuffix("\n") + "\n"


def renewed(text: str) -> str:
    """A document with its pieces as they are now."""
    return SHOWN.sub(lambda found: found[1] + piece(found[2], found[3]) + found[5], text)


def _lines(tree: ast.Module, name: str) -> tuple[int, int]:
    """The first and the last line of it; (1, 0) where it is not there."""
    if called := _CALL.fullmatch(name):
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        return next((_span(call) for call in calls if _is_call(call, *called.groups())), (1, 0))
    if name.startswith('"'):
        return next((span for node in ast.walk(tree) if (span := _entry(node, name[1:-1]))), (1, 0))
    body: list[ast.stmt] = tree.body
    node: ast.stmt | None = None
    for part in name.split("."):
        node = next((one for one in body if part in _names(one)), None)
        body = node.body if isinstance(node, ast.ClassDef) else []
    return (1, 0) if node is None else _span(node)


def _span(node: ast.stmt | ast.expr) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    first = decorators[0].lineno if decorators else node.lineno
    return first, node.end_lineno or node.lineno


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []


def _is_call(node: ast.Call, called: str, first: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=value), *_]):
            return (name, value) == (called, first)
        case _:
            return False


def _entry(node: ast.AST, key: str) -> tuple[int, int] | None:
    if isinstance(node, ast.Dict):
        for one, value in zip(node.keys, node.values, strict=True):
            if isinstance(one, ast.Constant) and one.value == key:
                return one.lineno, value.end_lineno or one.lineno
    return None


def main() -> int:
    """Write them, or see whether they are right."""
    stale = [path for path in DOCUMENTS if renewed(text := path.read_text("utf-8")) != text]
    if "--check" in sys.argv:
        sys.stdout.writelines(f"{path.relative_to(ROOT)} is out of date: run make docs\n" for path in stale)
        return bool(stale)
    for path in stale:
        path.write_text(renewed(path.read_text("utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

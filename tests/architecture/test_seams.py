"""What a class is given to call has a name that says what it does; no constructor takes a bare Callable."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]


def files() -> list[Path]:
    """All but the sandbox, which is a program of its own."""
    found = [path for package in ("bot", "adapters") for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "sandbox" not in path.parts]


def parsed(path: Path) -> ast.Module:
    return tree_of(path.read_text(encoding="utf-8"))


def bare(tree: ast.Module) -> list[str]:
    """Where a constructor or a field of a class takes a Callable that has no name."""
    found = []
    for one in ast.walk(tree):
        if not isinstance(one, ast.ClassDef):
            continue
        given: list[tuple[str, ast.expr | None]] = [
            (ast.unparse(part.target), part.annotation)
            for part in one.body
            if isinstance(part, ast.AnnAssign)
        ]
        for part in one.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                args = part.args
                given += [
                    (arg.arg, arg.annotation) for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)
                ]
        found += [
            f"{one.name}.{name}" for name, annotation in given if annotation and _is_callable(annotation)
        ]
    return found


def _is_callable(annotation: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "Callable" for part in ast.walk(annotation))


def aliases(tree: ast.Module) -> list[tuple[str, bool]]:
    """The names of callables that a module gives, and whether a docstring stands below each."""
    found = []
    for one, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        match one:
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.Assign(targets=[ast.Name(id=name)], value=value)
            ) if isinstance(value, ast.Subscript) and ast.unparse(value.value) == "Callable":
                said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                found.append((name, said))
    return found


def test_no_constructor_and_no_field_is_a_bare_callable() -> None:
    found = {str(path.relative_to(ROOT)): bare(parsed(path)) for path in files()}
    assert {path: names for path, names in found.items() if names} == {}


def test_one_that_is_planted_is_seen() -> None:
    field, constructor = (
        "run: Callable[[], None]",
        "def __init__(self, wake: Callable[[str], None] | None): ...",
    )
    assert bare(ast.parse(f"class A:\n    {field}\n    {constructor}\n")) == ["A.run", "A.wake"]


def test_a_name_of_a_callable_stands_once_and_says_what_it_does() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    silent = []
    for path in files():
        for name, said in aliases(parsed(path)):
            where[name].append(str(path.relative_to(ROOT)))
            silent += [] if said else [f"{path.relative_to(ROOT)}: {name}"]
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}
    assert silent == []

"""No regular expression of ours takes more than so many steps for a character of the text it is run on."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.attacks import growing
from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
_USES = {
    "compile": ("whole", "everywhere"),
    "match": ("beginning",),
    "fullmatch": ("whole",),
    "search": ("everywhere",),
    "sub": ("everywhere",),
    "subn": ("everywhere",),
    "split": ("everywhere",),
    "findall": ("everywhere",),
    "finditer": ("everywhere",),
}
_HARMLESS = {"Pattern", "Match", "escape", "error", "ASCII", "DOTALL", "IGNORECASE", "MULTILINE", "VERBOSE"}
# Patterns that hold a value which is known later, and with such a value: both are literal texts.
_MADE_LATER: dict[str, dict[str, object]] = {
    "bot.observability.known_secrets": {"exact": re.escape("(a+)+$"), "inside": False},
    "bot.cards.relayed": {"url": "https://t.co/(a+)+$"},
    "bot.storage.engine.refusals": {"pattern": "role NAME is not permitted to log in"},
}


@dataclass(frozen=True)
class Found:
    """A pattern of ours. used: how, as methods of `tests.architecture.backtracking.Counter`."""

    place: str
    pattern: re.Pattern[Any]
    used: tuple[str, ...]


@cache
def _modules() -> list[tuple[str, ast.Module]]:
    return list(_read())


def _read() -> Iterator[tuple[str, ast.Module]]:
    for package in ("bot", "adapters"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, tree_of(path.read_text(encoding="utf-8"))


def _found(name: str, tree: ast.Module) -> Iterator[Found]:
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _USES
    ]
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        place = f"{name}:{call.lineno}"
        if call.func.attr != "compile" and _is_compiled(name, call.args[0]):
            continue
        yield Found(place, _compiled(name, call), _USES[call.func.attr])


def _is_compiled(name: str, first: ast.expr) -> bool:
    """Whether the function is given what `re.compile` made elsewhere, which is looked at there."""
    return isinstance(first, ast.Name) and isinstance(
        getattr(importlib.import_module(name), first.id, None), re.Pattern
    )


def _compiled(name: str, call: ast.Call) -> re.Pattern[Any]:
    flags = [keyword for keyword in call.keywords if keyword.arg == "flags"]
    plain = isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
    place = {"match": 2, "fullmatch": 2, "search": 2}.get(call.func.attr, 9)  # type: ignore[attr-defined]
    args = call.args if plain else [call.args[0], *call.args[place:]]
    made = ast.Call(ast.parse("re.compile", mode="eval").body, args, flags)
    code = compile(ast.fix_missing_locations(ast.Expression(made)), name, "eval")
    known = {**vars(importlib.import_module(name)), "re": re, **_MADE_LATER.get(name, {})}
    result = eval(code, known)
    assert isinstance(result, re.Pattern)
    return result


@pytest.fixture(scope="module")
def ours() -> list[Found]:
    """Every pattern in the source; one that holds an unknown name is an error and needs a line above."""
    return [found for name, tree in _modules() for found in _found(name, tree)]


def test_no_pattern_grows_faster_than_its_text(ours: list[Found]) -> None:
    assert len(ours) > 120
    distinct = {(one.pattern.pattern, one.pattern.flags, one.used): one for one in ours}
    grown = {one.place: how for one in distinct.values() if (how := growing(one.pattern, one.used))}
    assert not grown, "\n".join(f"{place} {how}" for place, how in grown.items())


def _escapes(node: ast.AST) -> str:
    """What of a module would make patterns unseen by `_found`."""
    match node:
        case ast.ImportFrom(module="re" | "regex" | "re2" | "fnmatch" as module):
            return f"from {module}"
        case ast.Import(names=names):
            odd = [one for one in names if one.name in ("re", "regex", "re2", "fnmatch")]
            return "".join(one.name for one in odd if (one.name, one.asname) != ("re", None))
        case ast.Attribute(value=ast.Name(id="re"), attr=attr) if attr not in _USES.keys() | _HARMLESS:
            return f"re.{attr}"
    return ""


def test_no_pattern_is_made_where_this_does_not_look() -> None:
    elsewhere = {
        f"{name}: {how}" for name, tree in _modules() for node in ast.walk(tree) if (how := _escapes(node))
    }
    # People's own patterns are RE2's, which takes the same time for every character; the sandbox compares
    # names of its own operations with what its operator wrote.
    assert elsewhere == {"bot.core.text.patterns: re2", "bot.sandbox.faults: from fnmatch"}


@pytest.mark.parametrize(
    "grows",
    [
        r"(?:a+)+$",
        r"\d+\.\d+",
        r"(\S+?)\s*(?:-|to)\s*(\S+)",
        r"\s+$",
        r"(a|a)*b",
        r"<[^>]*>",
        r"(?:x{3})+y",
        r"(?=a*b)a",
        r"a\w*?z",
        r'"(?:[^"\\]|\\.)*+"',
        r"<@(\w{1,3000})>|<[^>]{0,3000}>",
        r"<!subteam\^(\w+)(?:\|[^>]*)?>",
        r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|@?(?:everyone|here|channel)",
        r"(?:--|—|–)?([A-Za-z][A-Za-z0-9_-]*)[:=]",
        r"(?:--|—|–)([A-Za-z][A-Za-z0-9_-]*)$",
        r"(\bpostgres(?:ql)?(?:\+\w+)?://[^\s:/@]*:)\S+@|(://[^\s:/?#@]*:)[^\s/?#]+@",
        r"[*_~`]|:[a-z0-9_+'-]+:|(?m:^\s*(?:>|•|\d+\.))",
    ],
)
def test_a_pattern_that_grows_is_noticed(grows: str) -> None:
    assert growing(re.compile(grows))


@pytest.mark.parametrize(
    "even", [r"<[^<>]*>", r"^\s*x", r"\w+", r"[0-9]{1,20}\.[0-9]{1,20}", r'(?s)"(?:[^"\\]|\\.)*+(?:"|\\?\Z)']
)
def test_a_pattern_that_does_not_is_let_be(even: str) -> None:
    assert not growing(re.compile(even))

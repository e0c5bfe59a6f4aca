"""Reads that cost credits are known as such: to who asks for them, to the SDK, to commands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.features.catalogue import catalogue
from bot.xquik.free_reads import FREE_READS, is_free
from tests.architecture.parsed import tree_of
from tests.facts.sdk_calls import sdk_calls, unnamed

ROOT = Path(__file__).resolve().parents[2]
PRICED = re.compile(r"\bcosts?\s+[\d,]+\s+credits?", re.IGNORECASE)


def kinds_stated() -> Iterator[tuple[str, str, str]]:
    """Where a resource says by itself of what kind a GET is: the file, the path as far as it is written out,
    and the kind."""
    for file in sorted((ROOT / "bot" / "xquik").rglob("*.py")):
        for node in ast.walk(tree_of(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("ask", "request")):
                continue
            given = [_path(one) for one in node.args]
            if "GET" in given:
                kind = next(_path(one.value) for one in node.keywords if one.arg == "kind")
                yield file.name, given[given.index("GET") + 1], kind


def _path(node: ast.expr) -> str:
    """A path with {} for its places; "?" for what is no literal."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return "?"


def test_a_get_that_is_called_a_free_read_is_one() -> None:
    """`Caller.get` knows it; whoever names the kind has to say the same."""
    stated = [one for one in kinds_stated() if one[0] != "caller.py"]
    assert {file for file, _, _ in stated} >= {"draws.py", "write_actions.py"}
    assert not [one for one in stated if one[2] == "read" and not is_free(one[1])]


def test_what_the_sdk_prices_is_never_taken_as_free() -> None:
    priced = {
        name.partition(" ")[2]
        for name, call in sdk_calls().items()
        if name.startswith("GET ") and PRICED.search(" ".join((ast.get_docstring(call.method) or "").split()))
    }
    assert len(priced) > 20
    assert not priced & set(FREE_READS)


def test_what_is_free_is_there() -> None:
    known = {name.partition(" ")[2] for name in sdk_calls()}
    assert set(FREE_READS) <= known


def test_a_command_that_reads_for_credits_says_its_price() -> None:
    unpriced = [
        command.name
        for command in catalogue()
        if command.cost.free
        for operation in command.operations
        if operation.startswith("GET ") and not is_free(unnamed(operation).partition(" ")[2])
    ]
    assert unpriced == []


def strict_in_paid() -> Iterator[str]:
    """Functions of resources that ask for something paid, and read it strictly."""
    for file in sorted((ROOT / "bot" / "xquik" / "resources").rglob("*.py")):
        for node in ast.walk(tree_of(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef) and _pays(node):
                called = {one.func.id for one in _calls(node) if isinstance(one.func, ast.Name)}
                if "parse" in called:
                    yield f"{file.name}: {node.name}"


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _pays(function: ast.AsyncFunctionDef) -> bool:
    for one in _calls(function):
        match getattr(one.func, "attr", ""):
            case "get" if "_caller" in ast.dump(one.func):
                path = _path(one.args[0])
                # A path that is put together elsewhere is one below /x, where nearly all is paid.
                if path == "?" or not is_free(path):
                    return True
            case "ask" if any(
                given.arg == "kind" and _path(given.value) == "spend" for given in one.keywords
            ):
                return True
    return False


def test_what_is_paid_for_is_not_read_strictly() -> None:
    """One odd value would lose all of it: `parse_paid` and `parse_page` leave it out."""
    assert list(strict_in_paid()) == []

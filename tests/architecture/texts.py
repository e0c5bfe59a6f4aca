"""The texts in our sources: every literal that people may read, and the command lines in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

from bot.features.catalogue import catalogue
from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = catalogue()
PATHS = frozenset(command.name for command in CATALOGUE if len(command.path) > 1)
# A command's two words as they stand in a sentence, outside of anything that makes them longer.
_NAMED = re.compile(r"(?<![\w/-])(?:" + "|".join(sorted(PATHS)) + r")(?![\w-])")
_SPAN = re.compile(r"`([^`\n]+)`")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_OPTION = re.compile(r"(?<=\s)([a-z_]+):(?!//)")


@dataclass(frozen=True)
class Said:
    """A literal. where: file and line. code: it stands in `Code(…)`, alone. error: it is what happened, of an
    error; what a value is put into is shown as X."""

    where: str
    text: str
    code: bool = False
    error: bool = False


@cache
def said_in(*folders: str) -> tuple[Said, ...]:
    """Every literal text below these folders, without docstrings."""
    found: list[Said] = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = tree_of(path.read_text(encoding="utf-8"))
            found += _literals(tree, path.relative_to(ROOT).as_posix())
    return tuple(found)


def _literals(tree: ast.AST, name: str) -> Iterator[Said]:
    # Walked from the outside in, so that whoever holds a literal is known before it.
    passed: set[ast.AST] = set()
    codes: set[ast.AST] = set()
    errors: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as doc):
                passed.add(doc)
            case ast.Call(func=ast.Name(id="Code"), args=[text, *_]):
                codes.add(text)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[text, *_])) if kind[:1].isupper():
                errors.update(text.args if _calls(text, "msg", "nmsg", "pmsg") else (text,))
            case ast.JoinedStr() if node not in passed:
                passed.update(node.values)
                parts = [str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values]
                yield Said(f"{name}:{node.lineno}", "".join(parts), node in codes, node in errors)
            case ast.Constant(value=str(text)) if node not in passed:
                yield Said(f"{name}:{node.lineno}", text, node in codes, node in errors)
            case _:
                pass


def spans(text: str) -> list[str]:
    """What stands in backticks."""
    return _SPAN.findall(text)


def is_line(text: str) -> bool:
    """Whether it is a command line itself, and no sentence about one."""
    first = text.split(" ", 1)[0]
    sentence = text.rstrip().endswith((".", ";", ",")) or text.endswith(": ") or ". " in text
    return CATALOGUE.group(first) is not None and not sentence


def bare_commands(text: str) -> list[str]:
    """Commands that are named in a sentence as if they were words of it."""
    return [] if is_line(text) else _NAMED.findall(_SPAN.sub("", text))


def unknown_in(span: str) -> str:
    """What of a command line there is not, "" when all of it exists or it is no command line of ours."""
    words = span.removeprefix("/xquik ").removeprefix("/").split()
    group = CATALOGUE.group(words[0]) if words else None
    if group is None or len(words) == 1 or group.name == "help" or "|" in words[1]:
        return ""
    verb = group.default if ":" in words[1] and group.default else words[1]
    command = CATALOGUE.command((group.name, verb))
    if command is None:
        return " ".join(words[:2])
    known = {parameter.name for parameter in command.parameters}
    options = _OPTION.findall(_QUOTED.sub("", span))
    return next((f"{command.name} {option}:" for option in options if option not in known), "")


def plain_remedies(*folders: str) -> list[str]:
    """Where a remedy becomes a part of a card as it is, with the backticks around its commands."""
    found: list[str] = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = tree_of(path.read_text(encoding="utf-8"))
            drawn = {
                inner for node in ast.walk(tree) if _calls(node, "with_code") for inner in ast.walk(node)
            }
            for node in ast.walk(tree):
                if _calls(node, "line", "Text"):
                    inside = [one for one in ast.walk(node) if _is_remedy(one) and one not in drawn]
                    found += [f"{path.relative_to(ROOT).as_posix()}:{node.lineno}" for _ in inside]
    return found


def _calls(node: ast.AST, *names: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _is_remedy(node: ast.AST) -> bool:
    named = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return named == "remedy"

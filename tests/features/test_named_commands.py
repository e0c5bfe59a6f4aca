"""The commands that texts name exist, with the options behind them: in the code and in the documentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.features.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
BY_NAME = {command.name: command for command in catalogue()}
GROUPS = {command.path[0] for command in BY_NAME.values() if len(command.path) > 1}
_SPAN = re.compile(r"`/?(?:xquik )?([a-z]+) ([a-z_]+)((?: [^`]*)?)`")
_OPTION = re.compile(r" ([a-z_]+):(?!//)")
SOURCES = sorted(path for part in ("bot", "adapters") for path in (ROOT / part).rglob("*.py"))
# What docs/guide/typing.md shows as a mistake.
_MISTAKES = {"`relay delete R`"}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "config.example.toml"]


def _texts(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def unknown(text: str) -> list[str]:
    """The code spans of a text that look like a command and are none, or give an option that it has not."""
    wrong = []
    for found in _SPAN.finditer(" ".join(text.split())):
        group, verb, rest = found.groups()
        if group not in GROUPS:
            continue
        command = BY_NAME.get(f"{group} {verb}")
        known = set() if command is None else {one.name for one in command.parameters}
        unquoted = re.sub(r"\"[^\"]*\"|'[^']*'", "", rest)
        if command is None or not known.issuperset(_OPTION.findall(unquoted)):
            wrong += [found[0]] if found[0] not in _MISTAKES else []
    return wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("See `relay status` and `/relay list`, or `/xquik draw show #3`.", []),
        ("Run `relay halt nasa`.", ["`relay halt nasa`"]),
        ("Run `account use forget:yes channel:#a`.", ["`account use forget:yes channel:#a`"]),
        ('It takes `tweet post "now: soon"`.', []),
        ("`relay.max_age` is a setting.", []),
    ],
)
def test_what_is_no_command_is_found(text: str, wrong: list[str]) -> None:
    assert unknown(text) == wrong


def test_commands_in_texts_of_the_code_exist() -> None:
    named = {
        str(path.relative_to(ROOT)): [w for text in _texts(path) for w in unknown(text)] for path in SOURCES
    }
    assert {path: wrong for path, wrong in named.items() if wrong} == {}


def test_commands_in_the_documentation_exist() -> None:
    named = {path.name: [w for text in _texts(path) for w in unknown(text)] for path in PAGES}
    assert {path: wrong for path, wrong in named.items() if wrong} == {}

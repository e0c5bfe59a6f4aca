"""What is there of platforms stands in one list: nothing of the bot asks which one it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.app.apply_file import TenantPart
from bot.app.platforms.listed import PLATFORMS
from bot.cli.options import Role
from bot.core.chat.ids import PLATFORMS as NAMES
from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
# Each of these is about its own platform.
OWN = {f"bot/app/platforms/{one.name}.py" for one in PLATFORMS}
# What identities of a platform mean stands where they are.
OWN.add("bot/core/chat/ids.py")
LAYERS = ("app", "cards", "core", "features", "relay")


def _named(node: ast.AST) -> bool:
    """Whether a platform's name stands in it: as a text, or in a name."""
    for inner in ast.walk(node):
        match inner:
            case ast.Constant(value=str(text)):
                words = text
            case ast.Attribute(attr=words) | ast.Name(id=words):
                pass
            case _:
                continue
        if any(name in words.lower() for name in NAMES):
            return True
    return False


def decides(source: str) -> Iterator[int]:
    """The lines that do one thing or another by the name of a platform."""
    found: list[ast.expr]
    for node in ast.walk(tree_of(source)):
        match node:
            case ast.If(test=asked) | ast.IfExp(test=asked) | ast.While(test=asked) | ast.Assert(test=asked):
                found = [asked]
            case ast.Match(subject=subject, cases=cases):
                patterns = [value for case in cases for value in ast.walk(case.pattern)]
                found = [subject, *(one for one in patterns if isinstance(one, ast.expr))]
            case ast.comprehension(ifs=ifs):
                found = list(ifs)
            case ast.BoolOp(values=values):
                found = list(values)
            case ast.Compare():
                found = [node]
            case _:
                continue
        if any(map(_named, found)):
            yield found[0].lineno


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("if name == 'discord': pass", True),
        ("if self.slack is not None: pass", True),
        ("a = 1 if wants_slack(settings) else 2", True),
        ("match name:\n    case 'playground': pass", True),
        ("found = [one for one in all if one.platform != 'terminal']", True),
        ("ready = settings.discord.token and True", True),
        ("if one.wanted(settings): pass", False),
        ("playground.start()", False),
    ],
)
def test_the_guard_sees_what_it_is_for(line: str, caught: bool) -> None:
    assert bool(list(decides(line))) is caught


@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_decides_by_the_name_of_a_platform(layer: str) -> None:
    found = {
        f"{name}:{line}"
        for path in sorted((ROOT / "bot" / layer).rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in OWN
        for line in decides(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_file_of_apply_knows_every_platform_that_has_places() -> None:
    told = get_args(TenantPart.model_fields["platform"].annotation)
    assert sorted(told) == sorted(set(NAMES) - {"terminal"})


def test_every_platform_has_a_role_of_its_own() -> None:
    own = [one.name for one in PLATFORMS]
    assert sorted(Role) == sorted(["all", "web", "relay", *own])
    assert set(own) <= set(NAMES)

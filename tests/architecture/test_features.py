"""Nothing that a feature declares is forgotten where the bot is put together."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest

import bot.cards
import bot.core
import bot.features
import bot.proposals
import bot.relay
from bot.core.commands.declaring import Action, Catalogue, Group
from bot.core.commands.listing import Listing
from bot.core.commands.pager import TURNS
from bot.core.commands.spending import DECLINE, SPEND
from bot.features.catalogue import FEATURES, PROPOSAL_KINDS, catalogue, command_named
from bot.features.feature import Feature
from bot.features.shared.listing_files import ListingFiles
from bot.proposals.actions import PendingActions
from bot.proposals.kinds import ProposalKind
from tests.architecture.parsed import tree_of

ANYTHING: Any = MagicMock()
PENDING = PendingActions(
    ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING, PROPOSAL_KINDS, ANYTHING, ANYTHING
).actions()
FILES = ListingFiles(command_named).actions()
ALL = catalogue((*PENDING, *FILES))
# Buttons that the dispatcher itself answers: they open a form again, run a command that is offered, turn the
# pages of a list, or decide whether credits are spent.
DISPATCHED = {"form.command", "form.again", "form.again.action", "offer.run", *TURNS, SPEND, DECLINE}


def _modules(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


FEATURE_MODULES = tuple(one for one in _modules(bot.features) if one.__name__ != "bot.features.catalogue")


def _declared(kind: type[Any]) -> dict[int, tuple[str, Any]]:
    """Values of that type at the top of modules, also in tuples; by identity."""
    found: dict[int, tuple[str, Any]] = {}
    for module in FEATURE_MODULES:
        for name, value in vars(module).items():
            for one in value if isinstance(value, tuple) else (value,):
                if type(one) is kind:
                    found.setdefault(id(one), (f"{module.__name__}.{name}", one))
    return found


def _forgotten(kind: type[Any], known: tuple[Any, ...]) -> list[str]:
    listed = {id(one) for one in known}
    return sorted(where for key, (where, _) in _declared(kind).items() if key not in listed)


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (Feature, FEATURES),
        (Group, ALL.groups),
        (Action, ALL.actions),
        (ProposalKind, tuple(PROPOSAL_KINDS)),
        (Listing, tuple(one.listing for one in ALL if one.listing is not None)),
    ],
    ids=["features", "groups", "actions", "kinds", "listings"],
)
def test_what_is_declared_is_in_the_catalogue(kind: type[Any], known: tuple[Any, ...]) -> None:
    assert len(_declared(kind)) > 3, "the search finds nothing"
    assert _forgotten(kind, known) == []


def test_what_is_forgotten_is_named() -> None:
    assert _forgotten(Feature, FEATURES[1:]) == ["bot.features.setup.feature.SETUP_FEATURE"]


def test_no_listing_is_shown_by_two_commands() -> None:
    shown = [id(one.listing) for one in ALL if one.listing is not None]
    assert len(shown) == len(set(shown)) >= 6


def _turning(source: str) -> list[int]:
    """Lines where pages are turned by hand: a button named like those of `bot.core.commands.pager`, or kept
    data that say where a list goes on."""
    found: list[int] = []
    for node in ast.walk(tree_of(source)):
        match node:
            case ast.Call(func=ast.Name(id="Button"), args=[ast.Constant(value=str(label)), *_]):
                if label.removesuffix(" page") in {"Next", "Back", "More", "Previous", "Older", "Newer"}:
                    found.append(node.lineno)
            case ast.Dict(keys=keys):
                names = {key.value for key in keys if isinstance(key, ast.Constant)}
                if names & {"after", "before", "cursor", "offset"}:
                    found.append(node.lineno)
    return found


def test_nobody_turns_pages_by_hand() -> None:
    """The kernel does, for whatever is a `Listing`: it keeps the cursor, and asks who may."""
    by_hand = {
        f"{module.__name__}:{at}"
        for module in (*FEATURE_MODULES, *_modules(bot.proposals))
        for at in _turning(Path(module.__file__ or "").read_text("utf-8"))
    }
    assert by_hand == set()


def test_pages_that_are_turned_by_hand_are_found() -> None:
    assert _turning('a = Button("More", action=b)\nc = {"after": d}') == [1, 2]
    assert _turning('a = Button("More…", action=b)\nc = {"text": d}') == []


def test_every_name_stands_for_one_thing() -> None:
    for name in ("groups", "actions"):
        names = [one.name for feature in FEATURES for one in getattr(feature, name)]
        assert len(names) == len(set(names)), name
    for name in ("suggestions", "menus"):
        names = [one for feature in FEATURES for one in getattr(feature, name)]
        assert len(names) == len(set(names)), name


def _lacking(known: Catalogue) -> set[str]:
    """Sources of suggestions and of menus that options name, and that there are not."""
    asked = {(one.suggest, "suggest") for command in known for one in command.parameters if one.suggest}
    asked |= {(one.menu, "menu") for command in known for one in command.parameters if one.menu}
    there = {(name, "suggest") for name in known.suggestions} | {(name, "menu") for name in known.menus}
    return {f"{kind}={name}" for name, kind in asked - there}


def test_every_option_is_completed_by_a_source_that_there_is() -> None:
    assert _lacking(ALL) == set()
    assert _lacking(Catalogue(ALL.groups, suggestions={}, menus=ALL.menus)) >= {"suggest=draws"}


def test_every_button_has_an_action() -> None:
    names = {one.name for one in ALL.actions} | DISPATCHED
    found: dict[str, str] = {}
    for module in _modules(bot.features, bot.proposals, bot.relay, bot.cards, bot.core):
        path = Path(module.__file__ or "")
        for node in ast.walk(tree_of(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if called == "ActionRef" and isinstance(node, ast.Call) and node.args:
                name = _said(node.args[0], module)
                if name is not None:
                    found[name] = f"{module.__name__}:{node.lineno}"
    assert len(found) > 20, "the search finds nothing"
    assert {name: where for name, where in found.items() if name not in names} == {}


def _said(node: ast.expr, module: ModuleType) -> str | None:
    """The name of an action, where it is written down: a text, or a constant of the module."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    value = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
    return value if isinstance(value, str) else None

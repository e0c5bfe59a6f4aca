"""Maps that are bounded are those of cachetools; what trims a dict by hand says why here."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
# The first of a dict is dropped in these, and not because it is full.
OTHERWISE = {
    "bot/relay/sending/fair_queue.py": "a queue: nothing in it may be forgotten",
    "bot/xquik/counts.py": "whoever has no request that counts any more is left out, never for want of room",
    "bot/observability/known_secrets.py": "read in every thread without a lock, as no cache may be",
}


def trimmed(tree: ast.Module) -> bool:
    """Whether it has an ordered dict, or a function that looks what stands first in a dict and deletes it."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="collections", names=names):
                if any(name.name == "OrderedDict" for name in names):
                    return True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inside = list(ast.walk(node))
                if any(map(_is_first, inside)) and any(isinstance(one, ast.Delete) for one in inside):
                    return True
    return False


def _is_first(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name("next"), args=[ast.Call(func=ast.Name("iter"))]):
            return True
    return False


def test_only_what_says_why_trims_a_dict_by_hand() -> None:
    found = set()
    for package in ("bot", "adapters"):
        for path in sorted((ROOT / package).rglob("*.py")):
            # The sandbox shares nothing with the bot, and none of its packages either.
            if "sandbox" in path.parts:
                continue
            if trimmed(tree_of(path.read_text(encoding="utf-8"))):
                found.add(str(path.relative_to(ROOT)))
    assert found == set(OTHERWISE)

"""Kinds, states and de-duplication keys of deliveries are spelt in the core, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from tests.architecture.parsed import tree_of

ROOT = Path(__file__).resolve().parents[2]
KEYS = "bot/core/routes/dedup_keys.py"
# The rooms that make, move, send and show deliveries.
ROOMS = ("app", "observability", "proposals", "relay", "storage", "web")
# Beginnings that say something else as well: an event's identity, and what is hashed.
ELSEWHERE = {("bot/relay/receiving/delivery_body.py", "e:"), ("bot/relay/receiving/delivery_body.py", "d:")}
_BEGINNING = re.compile(r"(?:[a-z][a-z -]*\d*:)+")


def files() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((ROOT / "bot" / room).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def docstrings(tree: ast.Module) -> set[ast.AST]:
    """Nodes of expressions that are strings: docstrings."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def begins(node: ast.AST) -> str:
    """What a literal begins with."""
    if isinstance(node, ast.JoinedStr) and node.values:
        return begins(node.values[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def beginnings() -> frozenset[str]:
    """What the keys begin with, from the module that makes them."""
    tree = tree_of((ROOT / KEYS).read_text(encoding="utf-8"))
    said = docstrings(tree)
    found = {begins(node) for node in ast.walk(tree) if node not in said}
    return frozenset(one[0] for text in found if (one := _BEGINNING.fullmatch(text)))


def names(node: ast.AST) -> str:
    """The last word of what is compared, or given."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def told_apart(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """What is compared with, or given as, something that is called a kind or a state."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                for one in [left, *others]:
                    for other in [left, *others]:
                        if names(one) in ("kind", "state"):
                            yield from ((names(one), part) for part in ast.walk(other))
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="kind" | "state" as name), attr="in_")):
                yield from ((name, part) for part in ast.walk(node))
            case ast.keyword(arg="kind" | "state" as name, value=value):
                yield from ((name, part) for part in ast.walk(value))
            case ast.Call(func=ast.Name(id="Settlement" | "NewDelivery" | "Claimed"), args=args):
                yield from (("state", one) for one in args)
                yield from (("kind", one) for one in args)


def test_the_keys_begin_as_the_table_of_their_module_says() -> None:
    assert {"t:", "rt:", "l:", "o:d:", "x:", "r:", "rp:", "p:", "m:", "mv:", "quiet:"} <= beginnings()


def test_no_other_module_spells_a_key_a_kind_or_a_state() -> None:
    assert {str(path.relative_to(ROOT)): spelt for path in files() if (spelt := spelt_in(path))} == {}


def test_a_key_a_kind_and_a_state_that_are_spelt_are_seen(tmp_path: Path) -> None:
    breach = tmp_path / "breach.py"
    breach.write_text(
        "from bot.storage.tables import deliveries\n"
        "def f(item, id):\n"
        "    x = item.state in ('dead',)\n"
        "    return item.kind == 'card', deliveries.c.state.in_(('sent',)), f'r:{id}'\n",
        encoding="utf-8",
    )
    assert spelt_in(breach) == ["4: 'r:'", "kind: 'card'", "state: 'dead'", "state: 'sent'"]


def spelt_in(path: Path) -> list[str]:
    """The keys, kinds and states that a module spells, by their lines."""
    tree = tree_of(path.read_text(encoding="utf-8"))
    said = docstrings(tree)
    spelt = {
        f"{node.lineno}: {begins(node)!r}"
        for node in ast.walk(tree)
        if node not in said and isinstance(node, ast.JoinedStr | ast.Constant)
        for beginning in beginnings()
        if begins(node).startswith(beginning)
        and not begins(node).startswith(f"{beginning} ")
        and (str(path).removeprefix(f"{ROOT}/"), beginning) not in ELSEWHERE
    }
    words: dict[str, set[str]] = {"kind": set(DeliveryKind), "state": set(DeliveryState)}
    if _deals_with_deliveries(tree):
        spelt |= {f"{name}: {begins(one)!r}" for name, one in told_apart(tree) if begins(one) in words[name]}
    return sorted(spelt)


def _deals_with_deliveries(tree: ast.Module) -> bool:
    """Proposals have kinds and states of their own."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("bot.storage.relay", "bot.storage.tables"))
        for node in ast.walk(tree)
    )


def test_keys_are_made_in_one_module() -> None:
    made = [
        str(path.relative_to(ROOT))
        for path in [*sorted((ROOT / "bot").rglob("*.py")), *sorted((ROOT / "adapters").rglob("*.py"))]
        for node in ast.walk(tree_of(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and names(node.func) == "DedupKey"
    ]
    assert set(made) == {KEYS}

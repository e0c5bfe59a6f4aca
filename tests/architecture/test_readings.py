"""What an event holds is read in one place, so that what is filtered is what is shown."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.parsed import tree_of

ROOT = Path(__file__).parents[2]
# They read the JSON of events; everything else in these packages asks them.
READERS = {"bot/core/routes/event_readings.py", "bot/core/x/readings.py"}
PACKAGES = ("bot/core", "bot/cards", "bot/features", "bot/proposals")
# Words of the JSON that only a reader of posts has a reason to know.
KEYS = frozenset({"noteTweet", "quoted_tweet", "retweeted_tweet", "entities", "bindingValues", "mediaUrl"})
# Made-up events, written as JSON.
SAMPLES = {"bot/cards/templates/samples.py"}


def _looked_into(path: Path) -> list[str]:
    found = []
    for node in ast.walk(tree_of(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "data":
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Constant) and node.value in KEYS:
            found.append(f"line {node.lineno}: {node.value!r}")
    return found


def test_nothing_but_the_readers_looks_into_the_data_of_an_event() -> None:
    found = {
        name: looked
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in READERS | SAMPLES and (looked := _looked_into(path))
    }
    assert not found


def test_a_breach_would_be_seen(tmp_path: Path) -> None:
    breach = tmp_path / "breach.py"
    breach.write_text("def text(event):\n    return event.data.get('noteTweet')\n")
    assert len(_looked_into(breach)) == 2
    assert all(_looked_into(ROOT / name) for name in READERS)

"""Each word of the glossary stands in the docstring of the module that is given for it, for grep to find."""

from __future__ import annotations

import ast
import re

import pytest

from bot.storage.tables import metadata
from tests.architecture.documents import ROOT, Document

_ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| `([^`|]+)` \|$", re.MULTILINE)
GLOSSARY, _, OLDER = Document.read("docs/glossary.md").text.partition("\n## Stored under older names\n")
ENTRIES = _ROW.findall(GLOSSARY)
# Words of the field that whoever comes looks for.
EXPECTED = {
    "backoff",
    "circuit breaker",
    "dead letter",
    "de-duplication key",
    "digest",
    "fair queue",
    "idempotency key",
    "lease",
    "outbox",
    "quota",
    "rate limit",
    "tenant",
    "throttle",
}


def test_every_row_is_an_entry_and_no_word_stands_twice() -> None:
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and "| means |" not in line]
    assert len(rows) == len(ENTRIES)
    words = [word for word, _ in ENTRIES]
    assert len(words) == len(set(words))
    assert set(words) >= EXPECTED


@pytest.mark.parametrize(("word", "path"), ENTRIES)
def test_the_module_says_it(word: str, path: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8"))) or ""
    # On one line, as grep finds it.
    assert re.search(rf"\b{re.escape(word)}", said, re.IGNORECASE), f"{path} does not say {word!r}"


def test_what_is_stored_under_an_older_name_is_stored_so() -> None:
    stored = {*metadata.tables, *(f"{t.name}.{c.name}" for t in metadata.tables.values() for c in t.columns)}
    # No column, but a key in one: `tests/core/test_route_json.py` has it.
    stored.add("rhythm")
    rows = [row.split("|")[1] for row in OLDER.splitlines() if row.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert len(named) >= 5
    assert set(named) <= stored

"""Each word of the glossary stands in the docstring of the module that is given for it, for grep to find."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.documents import ROOT, Document

_ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| `([^`|]+)` \|$", re.MULTILINE)
GLOSSARY = Document.read("docs/glossary.md").text
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

"""The committed reference is the one the declarations make."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.declared import all_pages

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = all_pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name], "run make docs and commit it"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(PAGES)

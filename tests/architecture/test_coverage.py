"""Every operation of the API has a command or a written reason; the page says so as it is."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
UNCOVERED = (Path(__file__).parent / "uncovered.txt").read_text(encoding="utf-8").splitlines()
REASONS_OF_THE_DOCUMENTS = {
    "GET /api-keys",
    "POST /api-keys",
    "DELETE /api-keys/{id}",
    "POST /credits/quick-topup",
    "GET /trends",
    "GET /monitors/{id}",
}
"""What the user's documents name and may be left out. The list is closed."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_page", ROOT / "scripts" / "renew_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_declarations_say(script: ModuleType) -> None:
    assert script.PAGE.read_text(encoding="utf-8") == script.page(script.covered()), "make docs"


def test_what_has_neither_a_command_nor_a_reason_is_listed(script: ModuleType) -> None:
    missing = [one.operation for one in script.covered() if one.status == "missing"]
    assert sorted(missing) == UNCOVERED, "tests/architecture/uncovered.txt"


def test_the_documents_leave_out_nothing_else(script: ModuleType) -> None:
    rows = [one for one in script.covered() if "S" in one.sources]
    assert len(rows) == 89
    assert {one.operation for one in rows if one.status == "reason"} <= REASONS_OF_THE_DOCUMENTS


def test_reasons_are_of_operations_that_no_command_performs(script: ModuleType) -> None:
    rows = script.covered()
    known = {one.operation for one in rows}
    performed = {one.operation for one in rows if one.commands}
    assert set(script.REASONS) <= known
    assert set(script.INSIDE) <= known
    assert not performed & (set(script.REASONS) | set(script.INSIDE))

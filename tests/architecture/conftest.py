"""What these tests share, and let go of at their end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.parsed import tree_of


@pytest.fixture(scope="package", autouse=True)
def trees_are_let_go() -> Iterator[None]:
    """Of some hundred megabytes of trees the tests behind these have no use."""
    yield
    tree_of.cache_clear()

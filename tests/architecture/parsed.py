"""The product's modules as trees, parsed once for all tests that look at them."""

from __future__ import annotations

import ast
from functools import cache


@cache
def tree_of(source: str) -> ast.Module:
    """The tree of a source. It is shared: look at it and change nothing."""
    return ast.parse(source)

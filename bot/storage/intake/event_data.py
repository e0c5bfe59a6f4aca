"""The JSON of a stored event, and what stands for one that can no longer be read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

# The data of an event whose row is damaged; told apart with `is`. It is routed by its account and type,
# and what is made of it becomes a dead letter that says why.
DAMAGED: Final[Mapping[str, Any]] = MappingProxyType({})


def read(text: str) -> Mapping[str, Any]:
    """The data of an event, `DAMAGED` when it cannot be read: one row must stop neither the router nor
    the lanes."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return DAMAGED
    return found if isinstance(found, dict) else DAMAGED

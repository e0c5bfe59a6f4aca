"""The bodies of requests that change what is set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def changes(
    event_types: Sequence[str] | None, is_active: bool | None, name: str | None = None
) -> dict[str, Any]:
    """What was given of these, under Xquik's names. name: "" takes it away."""
    body: dict[str, Any] = {}
    if event_types is not None:
        body["eventTypes"] = list(event_types)
    if is_active is not None:
        body["isActive"] = is_active
    if name is not None:
        body["name"] = name or None
    return body

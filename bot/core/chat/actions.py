"""Buttons and forms point at actions by a short text that survives restarts: `x1:<name>:<key>`.

The key is opaque: it names a row of stored state, never the state itself, so that nothing in a
message can be forged into another person's action.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSION = "x1"
# Discord allows 100 characters of custom_id, Slack 255 of action_id.
_SHAPE = re.compile(r"x1:([a-z][a-z_.]{0,31}):([A-Za-z0-9_-]{1,60})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ActionRef:
    """What a button or form does. name: the action; key: the opaque key of its stored state."""

    name: str
    key: str

    def __str__(self) -> str:
        return f"{VERSION}:{self.name}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> ActionRef | None:
        """The reference in a custom_id or action_id; None when the text is not one of ours."""
        match = _SHAPE.fullmatch(text)
        return cls(match[1], match[2]) if match else None

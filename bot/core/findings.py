"""One line of what `xquik-bot check` reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.errors import BotError

State = Literal["ok", "warning", "failed", "off"]


@dataclass(frozen=True)
class Finding:
    """state: "failed" where `run` would end, or could do none of what it is there for. remedy: what to do,
    where something is to be done."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def failed(name: str, error: BotError) -> Finding:
    """What `run` would end with, in its words."""
    return Finding(name, "failed", error.detail, error.remedy)

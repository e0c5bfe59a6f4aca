"""What a place calls its draws, drafts and extractions, in cards."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.core.commands.local_numbers import written

NO_NUMBERS: Final[Mapping[str, int]] = MappingProxyType({})


def numbered(item: str, numbers: Mapping[str, int]) -> str:
    """How somebody names it in a command: its number, or its id where it has none."""
    return written(numbers[item]) if item in numbers else item

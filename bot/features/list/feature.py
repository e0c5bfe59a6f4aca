"""What `list` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.list.commands import LIST

LIST_FEATURE: Final = Feature((LIST,))

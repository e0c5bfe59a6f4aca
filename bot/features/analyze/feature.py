"""What `analyze` brings."""

from __future__ import annotations

from typing import Final

from bot.features.analyze.commands import ANALYZE
from bot.features.feature import Feature

ANALYZE_FEATURE: Final = Feature((ANALYZE,))

"""What `radar` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.radar.commands import RADAR

RADAR_FEATURE: Final = Feature((RADAR,))

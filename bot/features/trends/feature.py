"""What `trends` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.trends.commands import TRENDS
from bot.features.trends.places import suggest_regions

TRENDS_FEATURE: Final = Feature((TRENDS,), suggestions={"regions": suggest_regions})

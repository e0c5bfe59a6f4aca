"""What `monitor` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.monitor.commands import MONITOR
from bot.features.shared.monitor_kinds import MONITOR_START

MONITOR_FEATURE: Final = Feature((MONITOR,), kinds=(MONITOR_START,))

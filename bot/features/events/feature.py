"""What `events` brings."""

from __future__ import annotations

from typing import Final

from bot.features.events.commands import EVENTS_GROUP
from bot.features.feature import Feature

EVENTS_FEATURE: Final = Feature((EVENTS_GROUP,))

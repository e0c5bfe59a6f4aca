"""What `broadcast` brings."""

from __future__ import annotations

from typing import Final

from bot.features.broadcast.buttons import BROADCAST_ACTIONS
from bot.features.broadcast.commands import BROADCAST
from bot.features.feature import Feature

BROADCAST_FEATURE: Final = Feature((BROADCAST,), actions=BROADCAST_ACTIONS)

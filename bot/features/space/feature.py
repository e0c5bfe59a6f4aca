"""What `space` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.space.buttons import SPACE_ACTIONS
from bot.features.space.commands import SPACE

SPACE_FEATURE: Final = Feature((SPACE,), actions=SPACE_ACTIONS)

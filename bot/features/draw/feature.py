"""What `draw` brings."""

from __future__ import annotations

from typing import Final

from bot.features.draw.commands import DRAW, DRAW_ACTIONS
from bot.features.draw.kinds import DRAW_RUN
from bot.features.feature import Feature

DRAW_FEATURE: Final = Feature((DRAW,), DRAW_ACTIONS, kinds=(DRAW_RUN,))

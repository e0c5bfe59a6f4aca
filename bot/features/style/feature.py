"""What `style` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.style.commands import STYLE_GROUP

STYLE_FEATURE: Final = Feature((STYLE_GROUP,))

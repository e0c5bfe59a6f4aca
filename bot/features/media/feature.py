"""What `media` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.media.commands import MEDIA

MEDIA_FEATURE: Final = Feature((MEDIA,))

"""What `media` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.media.commands import MEDIA
from bot.features.media.kinds import MEDIA_UPLOAD

MEDIA_FEATURE: Final = Feature((MEDIA,), kinds=(MEDIA_UPLOAD,))

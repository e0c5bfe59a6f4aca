"""What `privacy` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.privacy.commands import PRIVACY, PRIVACY_ACTIONS

PRIVACY_FEATURE: Final = Feature((PRIVACY,), PRIVACY_ACTIONS)

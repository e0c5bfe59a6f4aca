"""What `community` brings."""

from __future__ import annotations

from typing import Final

from bot.features.community.commands import COMMUNITY
from bot.features.feature import Feature

COMMUNITY_FEATURE: Final = Feature((COMMUNITY,))

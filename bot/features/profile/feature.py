"""What `profile` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.profile.commands import PROFILE
from bot.features.profile.kinds import AVATAR, BANNER, EDIT

PROFILE_FEATURE: Final = Feature((PROFILE,), kinds=(EDIT, AVATAR, BANNER))

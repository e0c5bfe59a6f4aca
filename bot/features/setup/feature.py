"""What `setup` and `me` bring."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.setup.commands import SETUP, SETUP_ACTIONS
from bot.features.setup.timezones import ME, suggest_zones
from bot.features.shared.zones import ZONES

SETUP_FEATURE: Final = Feature((SETUP,), SETUP_ACTIONS)

ME_FEATURE: Final = Feature((ME,), suggestions={ZONES: suggest_zones})
